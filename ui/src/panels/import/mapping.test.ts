import { describe, expect, it } from "vitest";
import type { ImportMapping } from "../../platform";
import { hasKept, linesOf, mappingOf, outOf, roleOf, toOf, withColumn, withKept, withOption, withValue } from "./mapping";

const mapping: ImportMapping = {
  kind: "csv",
  encoding: "utf-8",
  name: "t",
  dates: "dmy",
  zone: 0,
  columns: [
    { from: "who", to: "who", as: "plain" },
    { from: "topic", to: "intent", as: "plain" },
    { from: "topic", to: "labels.topic", as: "text" },
    { from: "late", to: "text", as: "plain" },
  ],
  who: [{ value: "a", means: "user" }],
  others: "report",
  calls: [],
  intents: [],
};

describe("a mapping", () => {
  it("names roles apart from their names", () => {
    expect(roleOf("entities.amount")).toEqual({ role: "entities.NAME", name: "amount" });
    expect(roleOf("expect.handoff")).toEqual({ role: "expect.handoff", name: "" });
    expect(toOf("signals.NAME", "", "turns[].nlu.score")).toBe("signals.score");
    expect(toOf("signals.NAME", " own ", "x")).toBe("signals.own");
    expect(toOf("text", "left over", "x")).toBe("text");
    expect(hasKept("customer.ltv") && hasKept("confidence")).toBe(true);
    expect(hasKept("text") || hasKept("labels")).toBe(false);
  });

  it("has a line for each column and each of its meanings", () => {
    const lines = linesOf(mapping, [{ from: "topic" }, { from: "new" }, { from: "who" }]);
    expect(lines.map(({ from, at, to }) => [from, at, to])).toEqual([
      ["topic", 1, "intent"],
      ["topic", 2, "labels.topic"],
      ["new", -1, ""],
      ["who", 0, "who"],
      ["late", 3, "text"],
    ]);
    const [intent, label, fresh] = lines;
    if (!intent || !label || !fresh) throw new Error("three lines");
    expect(withColumn(mapping, fresh, "tags").columns.at(-1)).toEqual({ from: "new", to: "tags", as: "plain" });
    expect(withColumn(mapping, intent, "").columns).toHaveLength(3);
    expect(withColumn(mapping, label, "tags").columns[2]).toEqual({ from: "topic", to: "tags", as: "text" });
    expect(withKept(mapping, intent, "number").columns[1]?.as).toBe("number");
    expect(withColumn(mapping, fresh, "")).toEqual(mapping);
  });

  it("says what values stand for and forgets them again", () => {
    expect(withValue(mapping, "who", "a", "bot").who).toEqual([{ value: "a", means: "bot" }]);
    expect(withValue(mapping, "calls", "look", "skip").calls).toEqual([{ value: "look", means: "skip" }]);
    expect(withValue(mapping, "who", "a", "").who).toEqual([]);
    expect(withOption(withOption(mapping, "gap", 3600), "gap", undefined)).toEqual(mapping);
  });

  it("is kept beside its conversations", () => {
    expect(outOf("/a/b.conversations.jsonl")).toBe("/a/b.conversations.jsonl");
    expect(outOf("/a/b.jsonl")).toBe("/a/b.conversations.jsonl");
    expect(outOf("/a/b")).toBe("/a/b.conversations.jsonl");
    expect(mappingOf("/a/b.conversations.jsonl")).toBe("/a/b.mapping.json");
  });
});
