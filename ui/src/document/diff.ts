/**
 * The only way a document changes. A diff is a list of operations on records, applied here
 * and in the core alike; the two are held equal by one set of cases. Every diff can be
 * inverted against the tree that it is applied to, so undo needs no copies.
 */
import type { Diff, Op } from "../bindings/rpc";
import { child, get, isList, isMap, keyIndex, listIndex, type Entry, type Json, type JsonList, type JsonMap } from "./tree";

/**
 * - `set` replaces or adds an entry of a map (a new one at `at`, else at the end), or replaces a list item.
 * - `insert` puts an item into a list; the last step is the index.
 * - `move` takes an entry or an item to an index, counted after it was taken out; past the end is the end.
 * - `rename` gives an entry of a map another key and keeps its place.
 */
export type { Diff, Op };

export class BadDiff extends Error {
  constructor(
    readonly op: Op,
    why: string,
  ) {
    super(`${op.op} at /${op.path.join("/")}: ${why}`);
  }
}

export function apply(tree: Json, diff: Diff): Json {
  return diff.reduce(applyOp, tree);
}

/** The diff that undoes `diff`, given the tree before it. */
export function invert(diff: Diff, tree: Json): Diff {
  const undone: Op[] = [];
  let at = tree;
  for (const op of diff) {
    undone.unshift(invertOp(op, at));
    at = applyOp(at, op);
  }
  return undone;
}

export function applyOp(tree: Json, op: Op): Json {
  if (op.path.length === 0) {
    if (op.op !== "set") throw new BadDiff(op, "the document itself can only be set");
    return op.value;
  }
  return descend(tree, op, 0);
}

function descend(value: Json, op: Op, depth: number): Json {
  const step = stepAt(op, depth);
  if (depth === op.path.length - 1) return change(value, op, step);
  const inner = child(value, step);
  if (inner === undefined) throw new BadDiff(op, `nothing is at ${step}`);
  return replaceChild(value, step, descend(inner, op, depth + 1));
}

function stepAt(op: Op, depth: number): string {
  const step = op.path[depth];
  if (step === undefined) throw new BadDiff(op, "the path ends too soon");
  return step;
}

function replaceChild(value: Json, step: string, inner: Json): Json {
  if (isMap(value)) return { m: value.m.map((entry) => (entry[0] === step ? [step, inner] : entry)) };
  if (isList(value)) {
    const index = listIndex(step);
    return { l: value.l.map((item, at) => (at === index ? inner : item)) };
  }
  return value;
}

function change(parent: Json, op: Op, step: string): Json {
  if (isMap(parent)) return changeMap(parent, op, step);
  if (isList(parent)) return changeList(parent, op, step);
  throw new BadDiff(op, "what it stands in is neither a map nor a list");
}

function changeMap(parent: JsonMap, op: Op, step: string): JsonMap {
  const index = keyIndex(parent, step);
  if (op.op === "set") return setEntry(parent, index, [step, op.value], op.at);
  if (index < 0) throw new BadDiff(op, "there is no such entry");
  if (op.op === "remove") return { m: parent.m.filter((_, at) => at !== index) };
  if (op.op === "move") return { m: moved(parent.m, index, op.to, op) };
  if (op.op === "rename") {
    if (op.key !== step && keyIndex(parent, op.key) >= 0) throw new BadDiff(op, `${op.key} exists already`);
    return { m: parent.m.map((entry, at) => (at === index ? [op.key, entry[1]] : entry)) };
  }
  throw new BadDiff(op, "a map takes no insert");
}

function setEntry(parent: JsonMap, index: number, entry: Entry, at: number | undefined): JsonMap {
  if (index >= 0) return { m: parent.m.map((old, place) => (place === index ? entry : old)) };
  const place = at === undefined ? parent.m.length : Math.min(at, parent.m.length);
  return { m: [...parent.m.slice(0, place), entry, ...parent.m.slice(place)] };
}

function changeList(parent: JsonList, op: Op, step: string): JsonList {
  const index = listIndex(step);
  const last = op.op === "insert" ? parent.l.length : parent.l.length - 1;
  if (index === undefined || index > last) throw new BadDiff(op, "there is no such item");
  switch (op.op) {
    case "set":
      return { l: parent.l.map((item, at) => (at === index ? op.value : item)) };
    case "remove":
      return { l: parent.l.filter((_, at) => at !== index) };
    case "insert":
      return { l: [...parent.l.slice(0, index), op.value, ...parent.l.slice(index)] };
    case "move":
      return { l: moved(parent.l, index, op.to, op) };
    case "rename":
      throw new BadDiff(op, "a list item has no key");
  }
}

function moved<T>(from: readonly T[], index: number, to: number, op: Op): T[] {
  if (to < 0) throw new BadDiff(op, "there is no such place");
  const rest = from.filter((_, at) => at !== index);
  const item = from[index];
  if (item === undefined) throw new BadDiff(op, "there is no such item");
  rest.splice(Math.min(to, rest.length), 0, item);
  return rest;
}

function invertOp(op: Op, before: Json): Op {
  const parentPath = op.path.slice(0, -1);
  const parent = get(before, parentPath);
  const step = op.path[op.path.length - 1];
  if (step === undefined) return { op: "set", path: [], value: before };
  const old = child(parent, step);
  switch (op.op) {
    case "set":
      return old === undefined ? { op: "remove", path: op.path } : { op: "set", path: op.path, value: old };
    case "remove":
      if (old === undefined) throw new BadDiff(op, "there is nothing to remove");
      if (isMap(parent)) return { op: "set", path: op.path, value: old, at: keyIndex(parent, step) };
      return { op: "insert", path: op.path, value: old };
    case "insert":
      return { op: "remove", path: op.path };
    case "move":
      return invertMove(op, parent, step);
    case "rename":
      return { op: "rename", path: [...parentPath, op.key], key: step };
  }
}

function invertMove(op: Op & { op: "move" }, parent: Json | undefined, step: string): Op {
  if (isMap(parent)) return { op: "move", path: op.path, to: keyIndex(parent, step) };
  const last = isList(parent) ? parent.l.length - 1 : 0;
  return { op: "move", path: [...op.path.slice(0, -1), String(Math.min(op.to, last))], to: listIndex(step) ?? 0 };
}
