import { describe, expect, it } from "vitest";
import { wordStart } from "./word";

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
