import { describe, expect, it } from "vitest";
import { de } from "./de";
import { en } from "./en";
import { over } from "./over";

/** Every way to a word, as `preview.outcomes.end`. */
function ways(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [at];
  return Object.entries(value).flatMap(([key, inner]) => ways(inner, at === "" ? key : `${at}.${key}`));
}

describe("one language over another", () => {
  it("takes what it lacks from the one below", () => {
    const base = { a: "A", b: { c: "C", d: (n: number) => `${n} D` }, e: ["E"] };
    const laid = over(base, { b: { c: "Z" } });
    expect(laid.a).toBe("A");
    expect(laid.b.c).toBe("Z");
    expect(laid.b.d(2)).toBe("2 D");
    expect(over(base, { e: ["F", "G"] }).e).toEqual(["F", "G"]);
  });

  it("has no words that English does not have", () => {
    const known = new Set(ways(en));
    expect(ways(de).filter((way) => !known.has(way))).toEqual([]);
  });

  it("has all the words that English has", () => {
    const said = new Set(ways(de));
    expect(ways(en).filter((way) => !said.has(way))).toEqual([]);
  });
});
