import { describe, expect, it } from "vitest";
import { marked, wordStart } from "./word";

describe("the word that is completed", () => {
  it.each([
    ['intent == "fee" && conf', 19],
    ['intent == "fe', 10],
    ["a.b.c", 0],
    ['x == "a\\"b', 5],
    ["x > ", 4],
    ["", 0],
  ])("of %s begins at %i", (text, from) => {
    expect(wordStart(text, text.length)).toBe(from);
  });
});

describe("where a fault is drawn", () => {
  const under = (text: string, start: number, end: number) => text.slice(...marked(text, start, end));

  it("under the characters it is about", () => {
    expect(under("confidnce < 0.5", 0, 9)).toBe("confidnce");
  });
  it("under the last thing written where something is missing at the end", () => {
    expect(under("confidence <", 12, 12)).toBe("<");
    expect(under("confidence <  ", 14, 14)).toBe("<");
    expect(under("confidence < ", 12, 13)).toBe("<");
    expect(under("confidence <", 99, 120)).toBe("<");
  });
  it("under what follows where nothing stands before", () => {
    expect(under("  && a", 0, 1)).toBe("&");
    expect(marked("", 0, 0)).toEqual([0, 0]);
  });
});
