/** Changes of one value: fields, rows of lists, entries of maps. */
import type { Diff, Op } from "../diff";
import type { Where } from "../history";
import type { Edit } from "../store";
import { t } from "../../text";
import { equal, get, isList, isMap, listIndex, pointer, text, type Json, type Path } from "../tree";

/** The place that an edit at a path belongs to. */
export function whereOf(path: Path): Where {
  const [section, id] = path;
  if (section === "nodes" && id !== undefined) return { node: id, path };
  if (section === "triggers" && id !== undefined) return { trigger: id, path };
  return { path };
}

/** Sets a value; maps that are missing on the way are made. */
export function setOps(tree: Json, path: Path, value: Json): Diff {
  if (equal(get(tree, path), value)) return [];
  let depth = path.length - 1;
  while (depth > 0 && get(tree, path.slice(0, depth)) === undefined) depth -= 1;
  let nested = value;
  for (let at = path.length - 1; at > depth; at -= 1) {
    const step = path[at] ?? "";
    nested = { m: [[step, nested]] };
  }
  return [{ op: "set", path: path.slice(0, depth + 1), value: nested }];
}

/** Removes a value, and the maps and lists above it that would be left empty, down to `keep` steps. */
export function removeOps(tree: Json, path: Path, keep = 2): Diff {
  if (get(tree, path) === undefined) return [];
  let at = path;
  while (at.length - 1 > keep && size(get(tree, at.slice(0, -1))) === 1 && !inList(tree, at.slice(0, -1))) {
    at = at.slice(0, -1);
  }
  return [{ op: "remove", path: at }];
}

function size(value: Json | undefined): number {
  if (isMap(value)) return value.m.length;
  return isList(value) ? value.l.length : 0;
}

/** Rows of a list stay, even when they become empty. */
function inList(tree: Json, path: Path): boolean {
  return isList(get(tree, path.slice(0, -1)));
}

/** One field typed or chosen; `undefined` and empty text take the key away where it may be absent. */
export function setField(tree: Json, path: Path, value: Json | undefined, options: { readonly required?: boolean; readonly title?: string } = {}): Edit {
  const absent = value === undefined || (value === "" && !options.required);
  const diff = absent ? removeOps(tree, path) : setOps(tree, path, value);
  return {
    title: options.title ?? t.edits.changed(fieldName(path), ownerName(tree, path)),
    where: whereOf(path),
    diff,
    merge: pointer(path),
  };
}

export function fieldName(path: Path): string {
  const last = [...path].reverse().find((step) => listIndex(step) === undefined) ?? "";
  return (t.fields as Readonly<Record<string, string>>)[last] ?? last;
}

/** What people call the entry that a path belongs to: its title, else its id. */
export function ownerName(tree: Json, path: Path): string {
  const [section, id] = path;
  if (section === undefined) return "";
  if (id === undefined) return text(tree, ["title"]) || text(tree, ["id"]);
  const title = get(tree, [section, id, "title"]);
  return typeof title === "string" && title !== "" ? title : id;
}

export function addRow(tree: Json, path: Path, row: Json, index?: number): Edit {
  const old = get(tree, path);
  const title = t.edits.rowAdded(fieldName(path), ownerName(tree, path));
  if (!isList(old)) return { title, where: whereOf(path), diff: setOps(tree, path, { l: [row] }) };
  const at = Math.min(index ?? old.l.length, old.l.length);
  return { title, where: whereOf(path), diff: [{ op: "insert", path: [...path, String(at)], value: row }] };
}

export function removeRow(tree: Json, path: Path, index: number): Edit {
  const list = get(tree, path);
  const last = isList(list) && list.l.length === 1;
  const diff: Diff = last ? removeOps(tree, path) : [{ op: "remove", path: [...path, String(index)] }];
  return { title: t.edits.rowRemoved(fieldName(path), ownerName(tree, path)), where: whereOf(path), diff };
}

export function moveRow(tree: Json, path: Path, index: number, to: number): Edit {
  const list = get(tree, path);
  const count = size(list);
  const fits = index !== to && index >= 0 && index < count && to >= 0 && to < count;
  const diff: Diff = fits ? [{ op: "move", path: [...path, String(index)], to }] : [];
  return { title: t.edits.rowMoved(fieldName(path), ownerName(tree, path)), where: whereOf(path), diff };
}

/** A new entry of a map; an existing key is left alone. */
export function addEntry(tree: Json, path: Path, key: string, value: Json): Edit {
  const diff = get(tree, [...path, key]) === undefined ? setOps(tree, [...path, key], value) : [];
  return { title: t.edits.entryAdded(key, ownerName(tree, path)), where: whereOf(path), diff };
}

export function removeEntry(tree: Json, path: Path, key: string): Edit {
  return {
    title: t.edits.entryRemoved(key, ownerName(tree, path)),
    where: whereOf(path),
    diff: removeOps(tree, [...path, key]),
  };
}

export function renameEntry(tree: Json, path: Path, key: string, to: string): Edit {
  const free = to !== "" && get(tree, [...path, to]) === undefined && get(tree, [...path, key]) !== undefined;
  const diff: Op[] = free ? [{ op: "rename", path: [...path, key], key: to }] : [];
  return { title: t.edits.renamed(key, to), where: whereOf(path), diff };
}

export function moveEntry(tree: Json, path: Path, key: string, to: number): Edit {
  const parent = get(tree, path);
  const fits = isMap(parent) && to >= 0 && to < parent.m.length && parent.m[to]?.[0] !== key;
  const diff: Diff = fits ? [{ op: "move", path: [...path, key], to }] : [];
  return { title: t.edits.entryMoved(key), where: whereOf(path), diff };
}
