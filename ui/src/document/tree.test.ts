import { describe, expect, it } from "vitest";
import nesting from "./cases/nesting.json";
import { NotJson, readJson } from "./read";
import { fromPlain, get, numeric, parsePointer, pointer, text, toPlain, write, writeNumber } from "./tree";

describe("reading", () => {
  it("keeps order, written numbers and number-like keys", () => {
    const source = '{ "10": 0.80, "9": [1, -2.5], "a": { } }';
    expect(write(readJson(source))).toBe('{ "10": 0.80, "9": [1, -2.5], "a": {} }');
  });
  it("refuses duplicate keys, rests and broken text with their place", () => {
    for (const [source, offset] of [
      ['{"a":1,"a":2}', 7],
      ["[1] x", 4],
      ['{"a":', 5],
      ["", 0],
    ] as const) {
      try {
        readJson(source);
        expect.unreachable(source);
      } catch (error) {
        expect(error).toBeInstanceOf(NotJson);
        expect((error as NotJson).offset).toBe(offset);
      }
    }
  });
  it.each(nesting)("nests as deep as the core: $levels levels", ({ levels, reads }) => {
    for (const [open, inner, close] of [["[", "", "]"], ["[", "1", "]"], ['{"a":', "{}", "}"]] as const) {
      const outer = inner === "{}" ? levels - 1 : levels;
      const source = open.repeat(outer) + inner + close.repeat(outer);
      if (reads) expect(write(readJson(source)).length).toBeGreaterThan(0);
      else expect(() => readJson(source)).toThrow(NotJson);
    }
  });
  it("keeps __proto__ an ordinary key", () => {
    const tree = readJson('{"__proto__": {"x": 1}}');
    expect(write(tree)).toBe('{ "__proto__": { "x": 1 } }');
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe("paths", () => {
  it("go through maps and lists", () => {
    const tree = readJson('{"a/b": [{"c": 0.5, "t": "x"}]}');
    const path = parsePointer("/a~1b/0/c");
    expect(path).toEqual(["a/b", "0", "c"]);
    expect(pointer(path)).toBe("/a~1b/0/c");
    expect(numeric(tree, path)).toBe(0.5);
    expect(text(tree, ["a/b", "0", "t"])).toBe("x");
    expect(get(tree, ["a/b", "01"])).toBeUndefined();
  });
});

describe("numbers", () => {
  it("are written without exponent", () => {
    expect(writeNumber(1e-7)).toBe("0.0000001");
    expect(writeNumber(0.1)).toBe("0.1");
    expect(toPlain(fromPlain({ a: [1, 0.25] }))).toEqual({ a: [1, 0.25] });
  });
});
