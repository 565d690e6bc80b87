/**
 * Ports by their name (`next`, `branches[0]`, `errors.CODE`, `turns[1]`) and where each
 * one is written inside its node.
 */
import { isFields, isKind, NODE_FIELDS, type Field, type Shape } from "./schema";
import { entries, get, isMap, items, listIndex, text, type Json, type JsonMap, type Path } from "./tree";

export interface Port {
  readonly id: string;
  /** From the node: `["branches", "0", "to"]`. */
  readonly path: Path;
  readonly to: string | null;
}

const ROW = /^(branches|idle|overflow|turns)\[(0|[1-9][0-9]*)\]$/;
const ENTRY = /^(errors|outcomes|returns)\.(.+)$/s;

/** Where the target of a port stands, from its node. */
export function portPath(port: string): Path {
  const row = ROW.exec(port);
  if (row) {
    const [, list = "", index = "0"] = row;
    return list === "turns" ? ["waiting", "turns", index, "to"] : [list, index, "to"];
  }
  const entry = ENTRY.exec(port);
  if (entry) {
    const [, map = "", key = ""] = entry;
    return map === "returns" ? [map, key, "to"] : [map, key];
  }
  return [port];
}

/** The row of a port that stands in a list, as its list and index. */
export function portRow(port: string): { readonly list: Path; readonly index: number } | undefined {
  if (!ROW.test(port)) return undefined;
  const path = portPath(port);
  return { list: path.slice(0, -2), index: listIndex(path[path.length - 2] ?? "") ?? 0 };
}

/** The name of the port that is written at a path of a node, the path being the port's own or one within its row. */
export function portAt(path: Path): string {
  const [first = "", second = "", third = ""] = path;
  if (first === "waiting" && second === "turns") return `turns[${third}]`;
  if (["branches", "idle", "overflow"].includes(first)) return `${first}[${second}]`;
  if (["errors", "outcomes", "returns"].includes(first)) return `${first}.${second}`;
  return first;
}

const known = new WeakMap<JsonMap, readonly Port[]>();

/** Every port that is written in a node, drawn or not, in the order of the format. */
export function portsOf(node: Json | undefined): readonly Port[] {
  if (!isMap(node)) return [];
  const before = known.get(node);
  if (before) return before;
  const kind = text(node, ["kind"]);
  const found = isKind(kind) ? inFields(NODE_FIELDS[kind], node, []) : [];
  known.set(node, found);
  return found;
}

function inFields(fields: readonly Field[], value: Json, path: Path): Port[] {
  return fields.flatMap(({ key, shape, port }) => {
    const inner = get(value, [key]);
    const at = [...path, key];
    if (port) return inner === undefined && path.length === 0 ? [] : [portFrom(at, inner)];
    return inner === undefined ? [] : inShape(shape, inner, at);
  });
}

function portFrom(path: Path, value: Json | undefined): Port {
  return { id: portAt(path), path, to: typeof value === "string" && value !== "" ? value : null };
}

function inShape(shape: Shape, value: Json, path: Path): Port[] {
  if (shape.is === "group") return inFields(shape.fields, value, path);
  if (shape.is === "rows") {
    return items(value).flatMap((row, index) => inFields(shape.fields, row, [...path, String(index)]));
  }
  if (shape.is !== "entries") return [];
  return entries(value).flatMap(([key, entry]) => {
    const at = [...path, key];
    if (isFields(shape.value)) return inFields(shape.value, entry, at);
    return shape.value.is === "name" && shape.value.of === "node" ? [portFrom(at, entry)] : [];
  });
}
