/**
 * Reads JSON text into the document's own value type without passing through doubles or
 * objects: pasted text keeps its key order and its written numbers.
 */
import { list, map, type Entry, type Json } from "./tree";

/** How many maps and lists may nest, as in the core. */
const MAX_DEPTH = 128;

export class NotJson extends Error {
  constructor(readonly offset: number) {
    super(`not JSON at character ${offset}`);
  }
}

interface Cursor {
  readonly source: string;
  at: number;
}

export function readJson(source: string): Json {
  const cursor: Cursor = { source, at: 0 };
  const value = readValue(cursor, 0);
  skipSpace(cursor);
  if (cursor.at !== source.length) throw new NotJson(cursor.at);
  return value;
}

function skipSpace(cursor: Cursor): void {
  while (/[ \t\r\n]/.test(cursor.source[cursor.at] ?? "")) cursor.at += 1;
}

function take(cursor: Cursor, expected: string): boolean {
  skipSpace(cursor);
  if (cursor.source[cursor.at] !== expected) return false;
  cursor.at += 1;
  return true;
}

function expect(cursor: Cursor, expected: string): void {
  if (!take(cursor, expected)) throw new NotJson(cursor.at);
}

function readValue(cursor: Cursor, depth: number): Json {
  skipSpace(cursor);
  const first = cursor.source[cursor.at];
  if ((first === "{" || first === "[") && depth >= MAX_DEPTH) throw new NotJson(cursor.at);
  if (first === "{") return readMap(cursor, depth);
  if (first === "[") return readList(cursor, depth);
  if (first === '"') return readString(cursor);
  return readWord(cursor);
}

function readMap(cursor: Cursor, depth: number): Json {
  expect(cursor, "{");
  const found: Entry[] = [];
  if (take(cursor, "}")) return map(found);
  do {
    skipSpace(cursor);
    const at = cursor.at;
    const key = readString(cursor);
    if (found.some(([name]) => name === key)) throw new NotJson(at);
    expect(cursor, ":");
    found.push([key, readValue(cursor, depth + 1)]);
  } while (take(cursor, ","));
  expect(cursor, "}");
  return map(found);
}

function readList(cursor: Cursor, depth: number): Json {
  expect(cursor, "[");
  const found: Json[] = [];
  if (take(cursor, "]")) return list(found);
  do {
    found.push(readValue(cursor, depth + 1));
  } while (take(cursor, ","));
  expect(cursor, "]");
  return list(found);
}

function readString(cursor: Cursor): string {
  const pattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.source);
  if (!found) throw new NotJson(cursor.at);
  cursor.at += found[0].length;
  return JSON.parse(found[0]) as string;
}

function readWord(cursor: Cursor): Json {
  const pattern = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.source)?.[0];
  if (found === undefined) throw new NotJson(cursor.at);
  cursor.at += found.length;
  if (found === "true") return true;
  if (found === "false") return false;
  if (found === "null") return null;
  return { n: found };
}
