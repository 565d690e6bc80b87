import { describe, expect, it } from "vitest";
import { apply } from "../../document/diff";
import { flow } from "../../document/fixture";
import { fromPlain, get, toPlain } from "../../document/tree";
import type { Outcome } from "../../platform";
import { missing, painted, shares, type Coverage } from "./coverage";
import { farOf, farWords } from "./progress";
import { best, knobs, pointFor, stepped, written, type Point } from "./sweep";
import { counted, movesOf, ofMove, outcomeWords, type Change } from "./whatif";

const coverage: Coverage = {
  nodes: { start: 10, hear: 14, look: 0, help: 4, bye: 6, "sub/inner": 1 },
  edges: { "start.next": 10, "hear.branches[0]": 0, "hear.branches[1]": 4, "hear.else": 6, "look.ok": 0, "sub/inner.next": 1, "trigger.unsure": 0 },
  because: { "unsure.low": 0, "unsure.risky": 2 },
};

describe("what a replay reached", () => {
  it("is painted by card, edge and trigger of this flow alone", () => {
    const paint = painted(10, coverage);
    expect(paint.nodes.get("hear")).toBe(14);
    expect(paint.nodes.has("sub/inner")).toBe(false);
    expect(paint.edges.get("hear:branches[1]")).toBe(4);
    expect(paint.edges.has("sub/inner:next")).toBe(false);
    expect(paint.triggers.get("unsure")).toBe(0);
  });

  it("names what nothing reached once, with its place", () => {
    const found = missing(flow(), coverage);
    expect(found.nodes.map(({ id }) => id)).toEqual(["look"]);
    expect(found.branches.map(({ id, path }) => [id, path])).toEqual([["hear.branches[0]", ["nodes", "hear", "branches", "0"]]]);
    expect(found.branches[0]?.title).toContain('intent == "dispute"');
    expect(found.triggers.map(({ path }) => path)).toEqual([["triggers", "unsure"]]);
    expect(found.because.map(({ id }) => id)).toEqual(["unsure.low"]);
  });

  it("counts what it reached of what there is", () => {
    expect(shares(flow(), coverage).nodes).toEqual({ reached: 4, of: 5 });
    expect(shares(flow(), coverage).edges.reached).toBe(3);
  });
});

describe("how far it is", () => {
  it("is told with the time left, once there is a measure", () => {
    expect(farOf({ conversations: 50, bytes: 25, of: 100 }, 1)).toEqual({ conversations: 50, share: 0.25, left: 3 });
    expect(farOf({ conversations: 1, bytes: 1, of: 100 }, 0.1).left).toBeNull();
    expect(farOf("nonsense", 1).share).toBeNull();
    expect(farWords({ conversations: 1500, share: 0.256, left: 61 })).toMatch(/1.?500.*25 %.*1 min 1 s/);
  });
});

const points: readonly Point[] = [
  { value: 0, handoffs: 0, missed: 9, needless: 0 },
  { value: 0.5, handoffs: 5, missed: 4, needless: 1 },
  { value: 0.8, handoffs: 9, missed: 1, needless: 4 },
];

describe("a threshold sweep", () => {
  it("offers the constants that are numbers, each with a range", () => {
    const tree = fromPlain({ constants: { unsure: { value: 0.8, min: 0, max: 0.9, title: "Unsure" }, upset: { value: -0.3 }, list: { value: ["a"] }, wait: { value: 300 } } });
    expect(knobs(tree)).toEqual([
      { name: "unsure", title: "Unsure", value: 0.8, from: 0, to: 0.9 },
      { name: "upset", title: "upset", value: -0.3, from: -1, to: 1 },
      { name: "wait", title: "wait", value: 300, from: 0, to: 600 },
    ]);
  });

  it("finds the point of a value and the one with the fewest mistakes", () => {
    expect(pointFor(points, 0.6)).toBe(1);
    expect(pointFor(points, -1)).toBe(0);
    expect(best(points, true, 0.8)).toBe(2);
    expect(best(points, true, 0.4)).toBe(1);
    expect(best(points, false, 0.8)).toBeNull();
  });

  it("is walked by keys", () => {
    expect(stepped("ArrowRight", 1, 3)).toBe(2);
    expect(stepped("ArrowRight", 2, 3)).toBe(2);
    expect(stepped("PageDown", 2, 3)).toBe(0);
    expect(stepped("Home", 2, 3)).toBe(0);
    expect(stepped("a", 2, 3)).toBeNull();
  });

  it("writes a point into the flow as one step of its own", () => {
    const tree = flow();
    const edit = written(tree, "unsure", 0.7200000001);
    expect(toPlain(get(apply(tree, edit.diff), ["constants", "unsure", "value"]) ?? null)).toBe(0.72);
    expect(edit.diff).toHaveLength(1);
    expect("merge" in edit).toBe(false);
  });
});

function outcome(part: Partial<Outcome>): Outcome {
  return { kind: "handoff", node: "help", tier: "one", mode: "transfer", at_turn: 2, reasons: ["low"], ...part };
}

describe("what another version changes", () => {
  const changes: Change[] = [
    { id: "a", before: outcome({}), after: outcome({ at_turn: 1, tier: "two" }) },
    { id: "b", before: outcome({ kind: "open" }), after: outcome({}) },
    { id: "c", before: outcome({}), after: outcome({ kind: "end", outcome: "done" }) },
    { id: "d", before: outcome({}), after: outcome({ reasons: ["other"] }) },
    { id: "e", before: outcome({}), after: outcome({}), moves: ["later"] },
  ];

  it("is told from the outcomes, or as the core says", () => {
    expect(changes.map(movesOf)).toEqual([["earlier", "elsewhere"], ["newly"], ["no_more"], ["otherwise"], ["later"]]);
    expect(counted(changes).get("elsewhere")).toBe(1);
    expect(ofMove(changes, "newly").map(({ id }) => id)).toEqual(["b"]);
    expect(ofMove(changes, null)).toHaveLength(5);
  });

  it("says an outcome in a few words", () => {
    expect(outcomeWords(flow(), outcome({}))).toBe("General, turn 2 · low");
    const titled = apply(flow(), [{ op: "set", path: ["triggers", "unsure", "because", "low", "title"], value: fromPlain("the bot was unsure") }]);
    expect(outcomeWords(titled, outcome({}))).toBe("General, turn 2 · the bot was unsure");
    expect(outcomeWords(flow(), outcome({ kind: "end", outcome: "done" }))).toBe("Ended: done");
  });
});
