import { describe, expect, it } from "vitest";
import { translated } from "../text/core";
import { de } from "../text/de";
import { sentences } from "../text/de/sentences";

/** What the core says of every file that the tests of imports read: guesses, conversations and notes, as they are accepted. */
const cases = import.meta.glob("../../../tests/cases/import/*.expected", { query: "?raw", import: "default", eager: true });

/** The reasons of guesses and of notes. */
function reasons(said: string): readonly string[] {
  return said.split("\n").flatMap((line) => {
    const guess = /^[a-z-]+ \d+ %: (.+)$/.exec(line) ?? /^\d+: .* \| (.+)$/.exec(line);
    return guess?.[1] === undefined ? [] : [guess[1]];
  });
}

describe("what is said of files that are imported", () => {
  it("is said in German", () => {
    const all = new Set(Object.values(cases).flatMap((said) => reasons(String(said))));
    expect(all.size).toBeGreaterThan(40);
    const english = [...all].filter((words) => {
      const german = translated(words, de.core ?? [], sentences);
      return german === words || /\b(?:the|which|and|with|that|nothing)\b/.test(german.replaceAll(/„[^“]*“|"[^"]*"/g, ""));
    });
    expect(english).toEqual([]);
  });
});
