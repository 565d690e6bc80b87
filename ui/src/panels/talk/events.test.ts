import { describe, expect, it } from "vitest";
import { apply } from "../../document/diff";
import { flow } from "../../document/fixture";
import type { Preview } from "../../platform";
import { ran, step } from "../preview/fixture";
import { customerTurn, entitySlots, expectations, savedLine, worldButtons } from "./events";

const at = ran;

function ids(preview: Preview | null, turns = [{ who: "user", text: "x" }]): string[] {
  return worldButtons(flow(), preview, turns).map(({ id }) => id);
}

describe("what the world may do", () => {
  it("depends on where the conversation waits", () => {
    const hearing = ids(at({ waiting: { node: "hear", kind: "listen", for: "turn", pending: false } }));
    expect(hearing).not.toContain("accept");
    expect(hearing).toContain("queue-long-one");
    const queued = ids(at({ waiting: { node: "help", kind: "handoff", for: "queue", pending: true } }));
    expect(queued.slice(0, 3)).toEqual(["accept", "decline", "request-fails"]);
    const answered = ids(at({ waiting: { node: "help", kind: "handoff", for: "person", pending: false } }));
    expect(answered.slice(0, 4)).toEqual(["resume-again", "resume", "resolve", "escalate"]);
    expect(ids(at({ waiting: null }))).toEqual([]);
    expect(ids(null)).toEqual([]);
  });

  it("lets the call of the last turn fail", () => {
    const called = at({ waiting: { node: "hear", kind: "listen", for: "turn", pending: false }, steps: [step({ event: 0, node: "look", port: "ok" })] });
    const fails = worldButtons(flow(), called, [{ who: "user", text: "x" }]).find(({ id }) => id === "call-E1");
    expect(fails?.line).toEqual({ action: "look", status: "error", code: "E1", message: "E1" });
    expect(ids(called, [{ who: "user", text: "x" }, { who: "user", text: "y" }])).not.toContain("call-E1");
  });
});

describe("a saved conversation", () => {
  it("is one line with what is right", () => {
    const preview = at({ outcome: { kind: "handoff", node: "help", tier: "one", state: "requested", at_turn: 1, reasons: ["low"] } });
    const all = expectations(flow(), preview);
    expect(all.map(({ id }) => id)).toEqual(["right", "tier-two", "stay"]);
    const turn = customerTurn("Why?", { intent: "dispute", confidence: 0.5, sentiment: null }, { txn: " T-1 ", phone: "" });
    expect(JSON.parse(savedLine("c", [turn], all[0]?.expect ?? {}))).toEqual({
      id: "c",
      expect: { handoff: { at_turn: 1, tier: "one", reasons: ["low"] } },
      turns: [{ who: "user", text: "Why?", intent: "dispute", confidence: 0.5, sentiment: null, entities: { txn: "T-1" } }],
    });
  });

  it("names the card, not its id; of a called flow the card that calls it", () => {
    const titled = apply(flow(), [{ op: "set", path: ["nodes", "hear", "title"], value: "What is it?" }]);
    const open = (node: string): string | undefined => expectations(titled, at({ outcome: { kind: "open", node, at_turn: 1 } }))[0]?.title;
    expect(open("hear")).toContain("What is it?");
    expect(open("hear/inner")).toContain("What is it?");
    expect(expectations(titled, at({ outcome: { kind: "handoff", node: "hear", tier: "one", state: "sent", at_turn: 1 } }))[0]?.title).toContain("What is it?");
  });

  it("expects the end or the place where nobody was asked for", () => {
    expect(expectations(flow(), at({ outcome: { kind: "end", node: "bye", outcome: "done", at_turn: 1 } }))[0]?.expect).toEqual({ handoff: false, end: "done" });
    expect(expectations(flow(), at({}))[0]?.expect).toEqual({ handoff: false, open: "hear" });
  });
});

describe("slots that a message fills", () => {
  it("are those with an entity", () => {
    expect(entitySlots(flow(), "txn")).toEqual([]);
  });
});
