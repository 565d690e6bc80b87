import { beforeEach, describe, expect, it, vi } from "vitest";
import { flow } from "../../document/fixture";
import { setCore, type Guess } from "../../platform";
import { ran } from "../preview/fixture";
import { session } from "../session.svelte";
import { talk } from "./talk.svelte";

const GUESS: Guess = { intent: "dispute", confidence: null, sentiment: -0.1 };

/** A core whose guesses are answered when the test says so, in any order. */
class SlowCore {
  readonly asked: { readonly text: string; answer(guess: Guess): void }[] = [];

  call = async (method: string, params: unknown): Promise<unknown> => {
    await Promise.resolve();
    if (method === "guess") return new Promise<Guess>((answer) => this.asked.push({ text: (params as { text: string }).text, answer }));
    if (method === "app.start") return { version: "1", open: "/flows/small.flow.json", recent: [], templates: [] };
    if (method === "doc.open") return { doc: 7, path: "/flows/small.flow.json", tree: flow(), revision: 1, problems: [], readonly: false };
    return method === "talk.run" ? ran({}) : null;
  };
}

/** Lets everything happen that is not waiting for a guess. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000);

describe("what is guessed of a message", () => {
  let core: SlowCore;

  beforeEach(async () => {
    vi.useFakeTimers();
    core = new SlowCore();
    setCore(core.call);
    await session.start();
    await talk.restart();
    talk.type("");
  });

  it("never takes back a correction that was made before it came", async () => {
    talk.type("Why was I charged?");
    await settle();
    talk.correct("sentiment", -0.5);
    talk.correct("confidence", 0.6);
    core.asked[0]?.answer(GUESS);
    await settle();
    expect(talk.guessed).toEqual({ intent: "dispute", confidence: 0.6, sentiment: -0.5 });
    talk.type("Why was I charged twice?");
    await settle();
    core.asked[1]?.answer({ intent: null, confidence: 0.9, sentiment: 0.3 });
    await settle();
    expect(talk.guessed).toEqual({ intent: null, confidence: 0.6, sentiment: -0.5 });
  });

  it("is of the words that stand there, in whatever order the answers come", async () => {
    talk.type("Why");
    await settle();
    talk.type("Why was I charged?");
    await settle();
    core.asked[1]?.answer(GUESS);
    await settle();
    core.asked[0]?.answer({ intent: "other", confidence: 1, sentiment: 1 });
    await settle();
    expect(talk.guessed).toEqual(GUESS);
  });

  it("is waited for by the message that was sent, and not by the next one", async () => {
    talk.type("Why was I charged?");
    talk.correct("confidence", 0.6);
    void talk.send();
    await settle();
    expect(talk.draft).toBe("");
    talk.type("And again?");
    talk.correct("confidence", 0.2);
    void talk.send();
    talk.type("Hello?");
    talk.correct("sentiment", 0.9);
    core.asked[0]?.answer(GUESS);
    await settle();
    expect(talk.turns).toEqual([{ who: "user", text: "Why was I charged?", intent: "dispute", confidence: 0.6, sentiment: -0.1 }]);
    for (const { answer } of core.asked.slice(1)) answer({ intent: null, confidence: null, sentiment: 0 });
    await settle();
    expect(talk.turns[1]).toEqual({ who: "user", text: "And again?", intent: null, confidence: 0.2, sentiment: 0 });
    expect(talk.draft).toBe("Hello?");
    expect(talk.guessed).toEqual({ intent: null, confidence: null, sentiment: 0.9 });
  });

  it("is forgotten with the words that it was about", async () => {
    talk.type("Why was I charged?");
    await settle();
    talk.correct("confidence", 0.6);
    talk.type("");
    talk.type("Hello");
    core.asked[0]?.answer(GUESS);
    await settle();
    expect(talk.guessed).toEqual({ intent: null, confidence: null, sentiment: null });
  });
});
