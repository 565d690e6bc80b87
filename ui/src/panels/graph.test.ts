import { describe, expect, it } from "vitest";
import { setField } from "../document/commands";
import { apply } from "../document/diff";
import { flow } from "../document/fixture";
import { Graph, litBy, type Marks } from "./graph";

const PLAIN: Marks = { problems: [], selection: [], lit: null, dead: [], unfinished: new Set() };

describe("the graph of a document", () => {
  it("has a card a node, a lane a tier, a chip a trigger", () => {
    const view = new Graph().view(flow(), PLAIN);
    expect(view.nodes.map(({ id }) => id)).toEqual(["start", "hear", "look", "help", "bye"]);
    expect(view.lanes.map(({ id }) => id)).toEqual(["ai", "one", "two"]);
    expect(view.nodes.find(({ id }) => id === "help")?.lane).toBe("one");
    expect(view.triggers).toMatchObject([{ id: "unsure", to: "help", within: ["hear", "!look"] }]);
  });

  it("keeps the object of a card that did not change", () => {
    const graph = new Graph();
    const before = graph.view(flow(), PLAIN);
    const tree = flow();
    const first = graph.view(tree, PLAIN);
    expect(first.nodes[0]).not.toBe(before.nodes[0]);
    const after = graph.view(apply(tree, setField(tree, ["nodes", "bye", "outcome"], "gone").diff), PLAIN);
    expect(after.nodes[0]).toBe(first.nodes[0]);
    expect(after.nodes[4]).not.toBe(first.nodes[4]);
  });

  it("marks problems, the unfinished and the path of a preview", () => {
    const problems = [
      { code: "dead-end", severity: "warning" as const, path: "/nodes/hear", node: "hear", message: "" },
      { code: "branch-gap", severity: "error" as const, path: "/nodes/hear", node: "hear", message: "" },
      { code: "not-yet", severity: "info" as const, path: "/nodes/bye", node: "bye", message: "" },
    ];
    const lit = litBy([{ node: "start", port: "next" }, { node: "hear", port: "trigger.unsure" }]);
    const view = new Graph().view(flow(), { problems, selection: ["bye"], lit, dead: [{ node: "hear", port: "else" }], unfinished: new Set(["hear"]) });
    expect(view.nodes[1]?.badge).toEqual({ severity: "error", count: 2, hollow: true });
    expect(view.nodes[4]?.badge).toBeUndefined();
    expect(view.nodes[1]?.lit).toBe(true);
    expect([...view.litEdges]).toEqual(["start:next"]);
    expect(view.triggers[0]?.lit).toBe(true);
    expect([...view.deadEdges]).toEqual(["hear:else"]);
    expect([...view.selection]).toEqual(["bye"]);
  });
});

describe("the coverage of a replay", () => {
  it("is a bar a card, a share an edge and a count a trigger, and leaves with the replay", () => {
    const graph = new Graph();
    const coverage = { conversations: 10, nodes: new Map([["hear", 25], ["help", 4]]), edges: new Map([["hear:else", 6]]), triggers: new Map([["unsure", 3]]) };
    const view = graph.view(flow(), { ...PLAIN, coverage });
    expect(view.nodes.map(({ id, coverage: share }) => [id, share])).toEqual([["start", 0], ["hear", 1], ["look", 0], ["help", 0.4], ["bye", 0]]);
    expect(view.edgeShares?.get("hear:else")).toBe(0.6);
    expect(view.triggers[0]?.fired).toBe(3);
    const without = graph.view(flow(), PLAIN);
    expect(without.nodes[1]?.coverage).toBeUndefined();
    expect(without.edgeShares).toBeUndefined();
  });
});
