import { describe, expect, it } from "vitest";
import type { Diff } from "../../document/diff";
import { flow } from "../../document/fixture";
import { changes } from "./changes";

function lines(diff: Diff): string[] {
  return changes(flow(), diff).map(({ words, before, after }) => [words, ...(before === undefined ? [] : [`- ${before}`]), ...(after === undefined ? [] : [`+ ${after}`])].join(" "));
}

describe("a fix in words", () => {
  it("says what goes, with its value", () => {
    expect(lines([{ op: "remove", path: ["nodes", "hear", "branches", "1"] }])).toEqual([
      'removes branch 2 of Hear - { "when": "intent in [\\"person\\", \\"dispute\\"]", "to": "help" }',
    ]);
    expect(lines([{ op: "remove", path: ["triggers", "unsure"] }])[0]).toMatch(/^removes trigger Unsure - \{/);
    expect(lines([{ op: "remove", path: ["nodes", "hear", "else"] }])).toEqual(["removes otherwise of Hear - bye"]);
  });

  it("says what comes and what changes, old and new", () => {
    expect(lines([{ op: "set", path: ["nodes", "help", "waiting", "say"], value: "A moment." }])).toEqual(["adds say of while the customer waits of Help + A moment."]);
    expect(lines([{ op: "set", path: ["nodes", "hear", "branches", "0", "when"], value: "true" }])).toEqual(['changes when of branch 1 of Hear - intent == "dispute" + true']);
    expect(lines([{ op: "set", path: ["nodes", "look", "errors", "E1"], value: "bye" }])).toEqual(["changes E1 of errors of Look - help + bye"]);
    expect(lines([{ op: "set", path: ["constants", "unsure", "value"], value: { n: "0.9" } }])).toEqual(["changes value of constant unsure - 0.80 + 0.9"]);
    expect(lines([{ op: "insert", path: ["nodes", "hear", "branches", "0"], value: { m: [["when", "true"]] } }])).toEqual(['adds branch 1 of Hear + { "when": "true" }']);
  });

  it("sees each change in the flow as the earlier ones leave it", () => {
    const gone: Diff = [
      { op: "remove", path: ["nodes", "hear", "branches", "0"] },
      { op: "remove", path: ["nodes", "hear", "branches", "0"] },
    ];
    expect(lines(gone)[1]).toContain("person");
  });

  it("says what moves and what gets another name", () => {
    expect(lines([{ op: "move", path: ["nodes", "hear", "branches", "1"], to: 0 }])).toEqual(["moves branch 2 of Hear to place 1"]);
    expect(lines([{ op: "rename", path: ["slots", "txn"], key: "charge" }])).toEqual(["renames slot txn - txn + charge"]);
  });

  it("cuts long values", () => {
    const [line = ""] = lines([{ op: "set", path: ["title"], value: "x".repeat(400) }]);
    expect(line.length).toBeLessThan(220);
    expect(line.endsWith("…")).toBe(true);
  });
});
