import { describe, expect, it } from "vitest";
import cases from "./cases/diff.json";
import written from "./cases/diff.json?raw";
import { apply, BadDiff, invert, type Diff, type Op } from "./diff";
import { readJson } from "./read";
import { entries, equal, fromPlain, isList, isMap, items, keyIndex, num, write, type Json, type Plain } from "./tree";

interface Case {
  readonly name: string;
  readonly before: Plain;
  readonly diff: readonly (Op & { readonly value?: Plain })[];
  readonly after?: Plain;
  readonly error?: boolean;
}

/** Read from text, since `JSON.parse` would reorder number-like keys. */
const trees = items(readJson(written));

function diffOf(test: Case): Diff {
  return test.diff.map((op) => ("value" in op && op.value !== undefined ? { ...op, value: fromPlain(op.value) } : op) as Op);
}

describe("a diff", () => {
  it.each((cases as unknown as Case[]).map((test, index) => [test.name, test, index] as const))("%s", (_, test, index) => {
    const tree = trees[index];
    const pick = (key: string): Json => entries(tree).find(([name]) => name === key)?.[1] ?? null;
    const before = pick("before");
    const diff = diffOf(test);
    if (test.error) {
      expect(() => apply(before, diff)).toThrow(BadDiff);
      return;
    }
    const after = apply(before, diff);
    expect(write(after)).toBe(write(pick("after")));
    expect(write(apply(after, invert(diff, before)))).toBe(write(before));
  });
});

/** A small seeded generator, so that a failure can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

function value(next: () => number, depth: number): Json {
  const pick = Math.floor(next() * (depth > 3 ? 4 : 6));
  if (pick === 0) return null;
  if (pick === 1) return next() < 0.5;
  if (pick === 2) return num(Math.floor(next() * 100));
  if (pick === 3) return `s${Math.floor(next() * 100)}`;
  const size = Math.floor(next() * 4);
  const inner = Array.from({ length: size }, () => value(next, depth + 1));
  return pick === 4 ? { l: inner } : { m: inner.map((item, index) => [`k${index}`, item] as const) };
}

function op(tree: Json, next: () => number): Op | undefined {
  const path: string[] = [];
  let at = tree;
  for (;;) {
    const size = isMap(at) ? at.m.length : isList(at) ? at.l.length : 0;
    const index = Math.floor(next() * size);
    const step = isMap(at) ? at.m[index]?.[0] : isList(at) && size > 0 ? String(index) : undefined;
    const child = isMap(at) ? at.m[index]?.[1] : isList(at) ? at.l[index] : undefined;
    const down = child !== undefined && (isMap(child) || isList(child)) && next() < 0.6;
    if (step === undefined || !down || child === undefined) return change(at, path, step, size, next);
    path.push(step);
    at = child;
  }
}

function change(at: Json, path: string[], step: string | undefined, size: number, next: () => number): Op | undefined {
  const pick = Math.floor(next() * 5);
  const fresh = value(next, 2);
  if (isMap(at)) {
    const key = `n${Math.floor(next() * 5)}`;
    if (pick === 0 || step === undefined) return { op: "set", path: [...path, key], value: fresh, at: Math.floor(next() * 4) };
    if (pick === 1) return { op: "set", path: [...path, step], value: fresh };
    if (pick === 2) return { op: "remove", path: [...path, step] };
    if (pick === 3) return { op: "move", path: [...path, step], to: Math.floor(next() * size) };
    return keyIndex(at, key) < 0 ? { op: "rename", path: [...path, step], key } : undefined;
  }
  if (!isList(at)) return undefined;
  if (pick === 0 || step === undefined) return { op: "insert", path: [...path, String(Math.floor(next() * (size + 1)))], value: fresh };
  if (pick === 1) return { op: "set", path: [...path, step], value: fresh };
  if (pick === 2) return { op: "remove", path: [...path, step] };
  return { op: "move", path: [...path, step], to: Math.floor(next() * (size + 2)) };
}

describe("any diff", () => {
  it("is undone by its inverse", () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const next = random(seed);
      const before: Json = { m: Array.from({ length: 4 }, (_, index) => [`k${index}`, value(next, 0)] as const) };
      const diff: Op[] = [];
      let at: Json = before as Json;
      for (let count = 0; count < 6; count += 1) {
        const step = op(at, next);
        if (!step) continue;
        diff.push(step);
        at = apply(at, [step]);
      }
      const back = apply(at, invert(diff, before));
      expect(equal(back, before), `seed ${seed}`).toBe(true);
      expect(write(back)).toBe(write(before));
    }
  });
});
