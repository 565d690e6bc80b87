/** What is answered late about conversations: it is not taken for what was chosen since, nor written where nobody meant it. */
import { beforeEach, describe, expect, it } from "vitest";
import { get, toPlain } from "../document/tree";
import type { Problem } from "../document/problems";
import { RpcError, type ConversationInfo } from "../platform";
import { LateCore, settle } from "./common/fixture";
import { Listing, PART } from "./common/listing.svelte";
import { ran, step } from "./preview/fixture";
import { preview, WITNESS } from "./preview/preview.svelte";
import { session } from "./session.svelte";
import { test } from "./test/test.svelte";

const ONE = { path: "/flows/one.flow.json" };
const TWO = { path: "/flows/two.flow.json" };

function item(id: string): ConversationInfo {
  return { id, file: "a.jsonl", line: 1, title: id, turn: null, turns: 1, tags: [], expect: false };
}

const lines = (id: unknown): unknown => ({ text: JSON.stringify({ id, turns: [{ who: "user", text: id }] }) });
const listed = (...ids: readonly string[]): unknown => ({ conversations: ids.length, count: ids.length, items: ids.map(item) });
const set = (file: string): unknown => ({ file, conversations: 2, labelled: 0, unreadable: 0, odd: [], odd_count: 0, labels: [], tags: [] });
const curve = { constant: "const.unsure", value: 0.8, from: 0, to: 1, exact: true, changes: 1, conversations: 2, labelled: 2, points: [{ value: 0.5, handoffs: 1, missed: 0, needless: 0 }], best: null, seconds: 0.1 };

let core: LateCore;

beforeEach(async () => {
  core = new LateCore({
    "conversations.get": ({ id }) => lines(id),
    "conversations.list": () => listed("a", "b"),
    "conversations.sets": () => [set("a.jsonl")],
    "preview.run": ({ conversation }) => ran({ conversation: (conversation as { readonly id: string }).id }),
  });
  session.banner = null;
  await session.closeDocument();
  await session.openDocument(ONE);
  test.tickAll(true);
  await test.open();
});

describe("a conversation that is read", () => {
  it("is the one that was picked last", async () => {
    core.late.add("conversations.get");
    const reads = [test.read("a"), test.read("b")];
    await settle();
    const [a, b] = core.waiting("conversations.get");
    await b?.answer(lines("b"));
    await a?.answer(lines("a"));
    await Promise.all(reads);
    expect([test.picked, test.reading?.id]).toEqual(["b", "b"]);
  });

  it("is the one that a label and a tag are written for, whatever is on its way", async () => {
    await test.read("a");
    core.late.add("conversations.get");
    const next = test.read("b");
    await settle();
    core.late.add("conversations.label");
    core.late.add("conversations.tag");
    const written = [test.label({ handoff: false }), test.tagAs(["odd"], [])];
    await settle();
    expect(core.waiting("conversations.label").map(({ params }) => params["ids"])).toEqual([["a"]]);
    // One file is written at a time.
    expect(core.waiting("conversations.tag")).toEqual([]);
    await core.waiting("conversations.label")[0]?.answer(null);
    expect(core.waiting("conversations.tag").map(({ params }) => params["ids"])).toEqual([["a"]]);
    await core.waiting("conversations.tag")[0]?.answer(null);
    await core.waiting("conversations.get")[0]?.answer(lines("b"));
    await Promise.all([next, ...written]);
    // Who went on to another one stays there.
    expect([test.picked, test.reading?.id]).toEqual(["b", "b"]);
    expect(core.waiting("conversations.get")).toHaveLength(1);
  });

  it("stays where somebody went while a label was being written", async () => {
    await test.read("a");
    core.late.add("conversations.label");
    const labelled = test.label(null);
    await settle();
    await test.walk(1);
    test.tab = "audit";
    await core.waiting("conversations.label")[0]?.answer(null);
    await labelled;
    expect([test.picked, test.reading?.id, test.tab]).toEqual(["b", "b", "audit"]);
  });

  it("is not labelled in a flow that was opened meanwhile", async () => {
    await test.read("a");
    core.late.add("conversations.label");
    const writes = [test.label(null), test.label({ handoff: false })];
    await settle();
    await session.openDocument(TWO);
    await core.waiting("conversations.label")[0]?.answer(null);
    await Promise.all(writes);
    expect(core.waiting("conversations.label")).toHaveLength(1);
    expect(session.banner).not.toBeNull();
  });
});

describe("work that takes long", () => {
  it("on a former flow is stopped, shows nothing, and keeps nothing from being begun", async () => {
    for (const method of ["replay.run", "replay.sweep", "replay.against", "replay.stop"]) core.late.add(method);
    const works = [test.replay(), test.sweep(), test.compare()];
    await settle();
    await session.openDocument(TWO);
    await test.open();
    expect([test.replaying.running, test.sweeping.running, test.comparing.running]).toEqual([false, false, false]);
    expect(core.waiting("replay.stop")).toHaveLength(3);
    await core.waiting("replay.run")[0]?.answer({ conversations: 9 });
    await core.waiting("replay.sweep")[0]?.answer(curve);
    await core.waiting("replay.against")[0]?.refuse(new RpcError("stopped", "stopped"));
    await Promise.all(works);
    expect([test.result, test.swept, test.compared, test.comparing.stopped]).toEqual([null, null, null, false]);
    const again = test.replay();
    await settle();
    expect(core.waiting("replay.run")[1]?.params["doc"]).toBe(session.doc);
    await core.waiting("replay.run")[1]?.answer({ conversations: 2 });
    await again;
    expect(test.result?.conversations).toBe(2);
  });

  it("writes a value only into the flow that it was found for", async () => {
    core.late.add("replay.sweep");
    const swept = test.sweep();
    await settle();
    await core.waiting("replay.sweep")[0]?.answer(curve);
    await swept;
    await session.openDocument(TWO);
    test.writePoint();
    expect(toPlain(get(session.tree, ["constants", "unsure", "value"]) ?? null)).toBe(0.8);
    expect(session.dirty).toBe(false);
  });

  it("is of the version that is chosen now", async () => {
    core.late.add("replay.against");
    test.other = "/flows/other.flow.json";
    const compared = test.compare();
    await settle();
    test.withSaved();
    await core.waiting("replay.against")[0]?.answer({ changed: [], same: 2 });
    await compared;
    expect([test.compared, test.comparing.running]).toEqual([null, false]);
  });

  it("shows both sides of the change that was opened last, and none that was closed", async () => {
    core.late.add("conversations.get");
    const change = (id: string): Parameters<typeof test.openBoth>[0] => ({ id }) as Parameters<typeof test.openBoth>[0];
    const opened = [test.openBoth(change("a")), test.openBoth(change("b"))];
    await settle();
    await core.waiting("conversations.get")[1]?.answer(lines("b"));
    await core.waiting("conversations.get")[0]?.answer(lines("a"));
    await Promise.all(opened);
    expect(test.both?.change.id).toBe("b");
    const late = test.openBoth(change("c"));
    await settle();
    core.late.add("replay.against");
    void test.compare();
    await core.waiting("conversations.get")[2]?.answer(lines("c"));
    await late;
    expect(test.both).toBeNull();
  });

  it("does not pull anybody away from another flow", async () => {
    core.late.add("replay.shrink");
    const small = test.shrink("a");
    await settle();
    expect(test.shrinking).toBe("a");
    await session.openDocument(TWO);
    session.place = "register";
    expect(test.shrinking).toBeNull();
    await core.waiting("replay.shrink")[0]?.answer({ before: 4, turns: 2, text: "{}" });
    await small;
    expect([session.place, preview.witness]).toEqual(["register", null]);
  });
});

describe("a list of conversations", () => {
  it("is of the flow that is open", async () => {
    core.late.add("conversations.sets");
    const looked = test.refresh();
    await settle();
    core.late.delete("conversations.sets");
    await session.openDocument(TWO);
    await test.open();
    await core.waiting("conversations.sets")[0]?.answer([set("former.jsonl")]);
    await looked;
    expect([test.sets.map(({ file }) => file), test.looking]).toEqual([["a.jsonl"], false]);
  });

  it("is had anew for what is searched for now", async () => {
    const asked: { readonly query: string; answer(value: unknown): void }[] = [];
    const listing = new Listing((query) => new Promise((done) => asked.push({ query, answer: (value) => done(value as never) })));
    const searched = listing.begin("money");
    // A label was written meanwhile.
    const again = listing.again();
    expect(asked.map(({ query }) => query)).toEqual(["money", "money"]);
    asked[1]?.answer(listed("new"));
    asked[0]?.answer(listed("old"));
    expect([await searched, await again]).toEqual([false, true]);
    expect(listing.at(0)?.id).toBe("new");
  });

  it("has no part of another search among its own", async () => {
    const asked: { readonly query: string; readonly from: number; answer(): Promise<void> }[] = [];
    const listing = new Listing(
      (query, from) => new Promise((done) => asked.push({ query, from, answer: () => (done({ ...(listed(`${query} ${from}`) as object), count: 3 * PART } as never), settle()) })),
    );
    const first = listing.begin("");
    await asked[0]?.answer();
    await first;
    const second = listing.begin("money");
    const part = listing.need(PART, PART + 1);
    await settle();
    expect(listing.at(PART)).toBeUndefined();
    await asked[1]?.answer();
    expect(asked[2]).toMatchObject({ query: "money", from: PART });
    await asked[2]?.answer();
    await Promise.all([second, part]);
    expect([listing.at(0)?.id, listing.at(PART)?.id]).toEqual(["money 0", `money ${PART}`]);
  });
});

describe("a preview", () => {
  beforeEach(async () => {
    await preview.open();
  });

  it("is of the conversation that was picked last, though the former one is answered last", async () => {
    core.late.add("conversations.get");
    core.late.add("preview.run");
    const picks = [preview.pick("b"), preview.pick("a")];
    await settle();
    const [b, a] = core.waiting("conversations.get");
    await a?.answer(lines("a"));
    await b?.answer(lines("b"));
    await core.waiting("preview.run")[0]?.answer(ran({ conversation: "a" }));
    await Promise.all(picks);
    expect([preview.picked, preview.conversation?.["id"], preview.result?.conversation]).toEqual(["a", "a", "a"]);
  });

  it("that cannot be read shows nothing of the one before, even where that is answered later", async () => {
    core.late.add("preview.run");
    preview.changeTop("customer", "x");
    await settle();
    core.late.add("conversations.get");
    const picked = preview.pick("gone");
    await settle();
    await core.waiting("conversations.get")[0]?.refuse(new RpcError("bad-request", "it is gone"));
    await core.waiting("preview.run")[0]?.answer(ran({ conversation: "a" }));
    await picked;
    expect([preview.result, preview.error?.words]).toEqual([null, "it is gone"]);
  });

  it("of a former flow is neither shown nor lit on the one that is open", async () => {
    core.late.add("conversations.get");
    core.late.add("preview.run");
    preview.changeTop("customer", "x");
    await settle();
    const picked = preview.pick("a");
    await settle();
    core.late.delete("conversations.get");
    await session.openDocument(TWO);
    const opened = preview.open();
    await settle();
    await core.waiting("preview.run")[0]?.answer(ran({ conversation: "former", steps: [step({ event: 0, node: "hear" })] }));
    await core.waiting("conversations.get")[0]?.answer(lines("a"));
    expect([preview.result, session.litPath]).toEqual([null, null]);
    const runs = core.waiting("preview.run");
    expect(runs.at(-1)?.params["doc"]).toBe(session.doc);
    await runs.at(-1)?.answer(ran({ conversation: "own" }));
    await Promise.all([picked, opened]);
    expect(preview.result?.conversation).toBe("own");
  });

  it("has the list of the flow that is open", async () => {
    core.late.add("conversations.list");
    const looked = preview.refresh();
    await settle();
    core.late.delete("conversations.list");
    await session.openDocument(TWO);
    await preview.open();
    await core.waiting("conversations.list")[0]?.answer(listed("former"));
    expect(await looked).toBe(false);
    expect(preview.list.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("of a problem gives way to a conversation that was picked while it was being found", async () => {
    core.late.add("check.conversation");
    const shown = preview.show({ code: "x", severity: "error", path: "", message: "x" } as Problem);
    await settle();
    await preview.pick("b");
    await core.waiting("check.conversation")[0]?.answer({ text: "{}" });
    expect(await shown).toBe(true);
    expect(preview.picked).toBe("b");
  });

  it("of a problem is stopped where another one is asked for, and not once it has answered", async () => {
    core.late.add("check.conversation");
    core.late.add("check.stop");
    const problem = { code: "x", severity: "error", path: "", message: "x" } as Problem;
    const shown = [preview.show(problem)];
    await settle();
    shown.push(preview.show({ ...problem, node: "look" }));
    await settle();
    const [first, second] = core.waiting("check.conversation");
    expect(core.waiting("check.stop").map(({ params }) => params["ticket"])).toEqual([first?.params["ticket"]]);
    expect(second?.params["ticket"]).not.toBe(first?.params["ticket"]);
    await first?.refuse(new Error("stopped"));
    await second?.answer(null);
    expect(await Promise.all(shown)).toEqual([true, false]);
    await preview.pick("b");
    expect(core.waiting("check.stop")).toHaveLength(1);
  });

  it("of a problem stands where the problem is, in a flow whose preview was not open before", async () => {
    await session.openDocument(TWO);
    core.late.add("check.conversation");
    core.late.add("preview.run");
    const shown = preview.show({ code: "x", severity: "error", path: "", message: "x", node: "look" } as Problem);
    await settle();
    await core.waiting("check.conversation")[0]?.answer({ text: JSON.stringify({ turns: [] }) });
    await core.waiting("preview.run").at(-1)?.answer(ran({ steps: [step({ event: 0, node: "start" }), step({ event: 0, node: "look" }), step({ event: 0, node: "hear" })] }));
    expect(await shown).toBe(true);
    expect([preview.picked, preview.at]).toEqual([WITNESS, 1]);
  });
});
