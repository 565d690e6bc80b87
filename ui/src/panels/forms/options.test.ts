import { describe, expect, it } from "vitest";
import { flow } from "../../document/fixture";
import { incoming, options, rowOf, suggestedKeys, titleOf, triggersTo } from "./options";

describe("what a form offers", () => {
  it("finds entries by their words", () => {
    expect(options(flow(), "node", "loo").map(({ id }) => id)).toEqual(["look"]);
    expect(options(flow(), "tier", "gen").map(({ id }) => id)).toEqual(["one"]);
    expect(titleOf(flow(), "tier", "one")).toBe("General");
    expect(titleOf(flow(), "node", "look")).toBe("Look");
  });

  it("knows what leads to a card", () => {
    expect(incoming(flow(), "help").map(({ node, port }) => `${node}.${port}`)).toEqual(["hear.branches[1]", "look.errors.E1", "look.timeout"]);
    expect(triggersTo(flow(), "help")).toEqual(["unsure"]);
  });

  it("suggests the keys that a map still lacks", () => {
    expect(suggestedKeys(flow(), ["nodes", "help", "reasons"])).toEqual(["look.errors.E1"]);
    expect(suggestedKeys(flow(), ["nodes", "look", "inputs"])).toEqual([]);
    expect(suggestedKeys(flow(), ["targets", "zendesk", "fields"])).toEqual(["t"]);
  });

  it("says where a condition stands", () => {
    expect(rowOf(["nodes", "help", "overflow", "0", "when"])).toBe("overflow");
    expect(rowOf(["nodes", "help", "waiting", "turns", "0", "when"])).toBe("waiting");
    expect(rowOf(["nodes", "help", "requires"])).toBeUndefined();
    expect(rowOf(["triggers", "unsure", "because", "low", "when"])).toBeUndefined();
    expect(rowOf(["scores", "risk", "add", "0", "when"])).toBe("scores");
  });
});
