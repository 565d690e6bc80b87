import { describe, expect, it } from "vitest";
import { CODED, TOLD } from "../bindings/sentences";
import { inWords, translated } from "../text/core";
import { de } from "../text/de";
import { sentences } from "../text/de/sentences";

function parts(words: string): string[] {
  return [...words.matchAll(/\{\{|\}\}|\{(\w+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

describe("the sentences of the core", () => {
  it("have German words, and nothing else has", () => {
    const said = new Set(CODED);
    expect(CODED.filter((words) => sentences[words] === undefined)).toEqual([]);
    expect(Object.keys(sentences).filter((words) => !said.has(words))).toEqual([]);
  });

  it("keep their parts, and the marks around what is written in a flow", () => {
    const marks = (words: string): number => words.split("`").length;
    for (const [english, german] of Object.entries(sentences)) {
      expect(new Set(parts(german)), english).toEqual(new Set(parts(english)));
      expect(marks(german), english).toBe(marks(english));
    }
  });

  it("that come as text are known by their words", () => {
    const unknown = TOLD.filter((words) => {
      const example = inWords({ words, parts: parts(words).map((name) => [name, "3"]) }, {});
      return translated(example, de.core ?? [], sentences) === example;
    });
    expect(unknown).toEqual([]);
  });

  it("are put together from their parts, sentences among them", () => {
    const hurt = { words: "{first} and {more}", parts: [["first", "a {b}"], ["more", { words: "row {n}", parts: [["n", "2"]] }]] } as const;
    const sentence = { words: "`{when}` is never taken: {rows} take all of its cases. Move it up, or remove it.", parts: [["when", "x"], ["rows", hurt]] } as const;
    const copy = JSON.parse(JSON.stringify(sentence)) as Parameters<typeof inWords>[0];
    expect(inWords(copy, sentences)).toBe("`x` wird nie genommen: a {b} und Zeile 2 nehmen alle seine Fälle. Schieben Sie es nach oben, oder entfernen Sie es.");
    expect(inWords({ words: "This `{{` is never closed: write `{{{{` for a brace.", parts: [] }, {})).toBe("This `{` is never closed: write `{{` for a brace.");
  });
});
