import { describe, expect, it } from "vitest";
import { port } from "./fixture";
import { shorten, wordsOf, wrap } from "./labels";

const measure = (text: string): number => [...text].length * 10;

describe("the words of an edge", () => {
  it("are the order of the branch and its condition", () => {
    expect(wordsOf({ ports: [port("branches[0]", "x", { label: "fee dispute", order: 1 })] })).toEqual({ chip: "1", text: "fee dispute" });
    expect(wordsOf({ ports: [port("else", "x", { label: "else", order: "else" })] })).toEqual({ chip: "", text: "else" });
    expect(wordsOf({ ports: [port("next", "x", { label: "" })] })).toBeNull();
  });
  it("of ports that share an edge are said together", () => {
    expect(wordsOf({ ports: [port("timeout", "x"), port("closed", "x"), port("failed", "x")] })).toEqual({ chip: "", text: "timeout, closed, failed" });
  });
  it("wrap at blanks and end in an ellipsis where they must be cut", () => {
    expect(wrap("one two three", 200, 1, measure)).toEqual(["one two three"]);
    expect(wrap("one two three", 80, 2, measure)).toEqual(["one two", "three"]);
    expect(wrap("one two three four", 80, 2, measure)).toEqual(["one two", "three f…"]);
    expect(shorten("abcdefgh", 50, measure)).toBe("abcd…");
    expect(shorten("👩‍👩‍👧 family", 30, measure).endsWith("…")).toBe(true);
  });
});
