/**
 * The document as it travels: maps are lists of pairs, because their order is meaning and
 * JavaScript reorders number-like keys; numbers are their written text, because a double
 * would lose decimals. Every value here is immutable: a change makes new maps and lists
 * along its path and shares the rest.
 */
export type Entry = readonly [string, Json];
export interface JsonMap {
  readonly m: readonly Entry[];
}
export interface JsonList {
  readonly l: readonly Json[];
}
export interface JsonNumber {
  readonly n: string;
}
export type Json = string | boolean | null | JsonNumber | JsonList | JsonMap;
export type Path = readonly string[];

/** A plain JavaScript value: what `JSON.parse` gives. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export const EMPTY_MAP: JsonMap = { m: [] };
export const EMPTY_LIST: JsonList = { l: [] };

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && "m" in value;
}

export function isList(value: Json | undefined): value is JsonList {
  return typeof value === "object" && value !== null && "l" in value;
}

export function isNumber(value: Json | undefined): value is JsonNumber {
  return typeof value === "object" && value !== null && "n" in value;
}

export function map(entries: readonly Entry[]): JsonMap {
  return { m: entries };
}

export function list(items: readonly Json[]): JsonList {
  return { l: items };
}

export function num(value: number | string): JsonNumber {
  return { n: typeof value === "string" ? value : writeNumber(value) };
}

/** Shortest decimal text without exponent, at most nine digits after the point. */
export function writeNumber(value: number): string {
  const text = String(value);
  if (!/e/i.test(text)) return text;
  return value.toFixed(9).replace(/\.?0+$/, "");
}

/** Large maps are looked up through an index, made once a map, since a map never changes. */
const indexes = new WeakMap<JsonMap, ReadonlyMap<string, number>>();
const LARGE = 32;

/** The index of a key in a map, or -1. */
export function keyIndex(value: JsonMap, key: string): number {
  if (value.m.length < LARGE) return value.m.findIndex(([name]) => name === key);
  let index = indexes.get(value);
  if (!index) {
    // From the end, so that the first of two equal keys is the one that is found.
    index = new Map(value.m.map(([name], at) => [name, at] as const).reverse());
    indexes.set(value, index);
  }
  return index.get(key) ?? -1;
}

export function keys(value: Json | undefined): string[] {
  return isMap(value) ? value.m.map(([key]) => key) : [];
}

export function entries(value: Json | undefined): readonly Entry[] {
  return isMap(value) ? value.m : [];
}

export function items(value: Json | undefined): readonly Json[] {
  return isList(value) ? value.l : [];
}

/** A list index written in a path, or `undefined` where it is none. */
export function listIndex(step: string): number | undefined {
  return /^(0|[1-9][0-9]*)$/.test(step) ? Number(step) : undefined;
}

export function child(value: Json | undefined, step: string): Json | undefined {
  if (isMap(value)) {
    return value.m[keyIndex(value, step)]?.[1];
  }
  if (isList(value)) {
    const index = listIndex(step);
    return index === undefined ? undefined : value.l[index];
  }
  return undefined;
}

export function get(root: Json | undefined, path: Path): Json | undefined {
  let at: Json | undefined = root;
  for (const step of path) {
    at = child(at, step);
    if (at === undefined) return undefined;
  }
  return at;
}

export function has(root: Json | undefined, path: Path): boolean {
  return get(root, path) !== undefined;
}

/** The text at a path: strings as they are, numbers as written, anything else nothing. */
export function text(root: Json | undefined, path: Path = []): string {
  const value = get(root, path);
  if (typeof value === "string") return value;
  if (isNumber(value)) return value.n;
  return "";
}

export function flag(root: Json | undefined, path: Path = []): boolean {
  return get(root, path) === true;
}

export function numeric(root: Json | undefined, path: Path = []): number | undefined {
  const value = get(root, path);
  if (!isNumber(value)) return undefined;
  const parsed = Number(value.n);
  return Number.isFinite(parsed) ? parsed : undefined;
}

export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (isMap(a) && isMap(b)) {
    if (a.m.length !== b.m.length) return false;
    return a.m.every(([key, value], index) => {
      const other = b.m[index];
      return other !== undefined && other[0] === key && equal(value, other[1]);
    });
  }
  if (isList(a) && isList(b)) {
    return a.l.length === b.l.length && a.l.every((value, index) => equal(value, b.l[index]));
  }
  return isNumber(a) && isNumber(b) && a.n === b.n;
}

export function fromPlain(value: Plain): Json {
  if (typeof value === "number") return num(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return list((value as readonly Plain[]).map(fromPlain));
  return map(Object.entries(value as { readonly [key: string]: Plain }).map(([key, inner]) => [key, fromPlain(inner)] as const));
}

export function toPlain(value: Json): Plain {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (isNumber(value)) return Number(value.n);
  if (isList(value)) return value.l.map(toPlain);
  // Entries go through `defineProperty` semantics of fromEntries, so `__proto__` stays a key.
  return Object.fromEntries(value.m.map(([key, inner]) => [key, toPlain(inner)]));
}

/** One line of JSON text with order and written numbers kept. */
export function write(value: Json): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (isNumber(value)) return value.n;
  if (isList(value)) return `[${value.l.map(write).join(", ")}]`;
  if (value.m.length === 0) return "{}";
  return `{ ${value.m.map(([key, inner]) => `${JSON.stringify(key)}: ${write(inner)}`).join(", ")} }`;
}

/** `/nodes/main/branches/1/when` as steps; `~1` and `~0` as in JSON pointers. */
export function parsePointer(pointer: string): string[] {
  if (pointer === "" || pointer === "/") return [];
  return pointer
    .replace(/^\//, "")
    .split("/")
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
}

export function pointer(path: Path): string {
  return path.map((step) => `/${step.replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}
