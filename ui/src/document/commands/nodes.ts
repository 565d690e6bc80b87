/** Cards: new, deleted with everything that names them, moved, renamed. */
import { t } from "../../text";
import type { Diff, Op } from "../diff";
import { freshId, takenIn } from "../ids";
import { portRow, portsOf, type Port } from "../ports";
import { references, type Reference } from "../references";
import { isKind, type Kind } from "../schema";
import type { Edit } from "../store";
import { EMPTY_MAP, get, isList, list, listIndex, map, num, pointer, text, type Json, type Path } from "../tree";
import { connectOps } from "./edges";
import { ownerName, setOps } from "./fields";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PortRef {
  readonly id: string;
  readonly port: string;
}

/** The first id that a new card of a kind tries. */
const STEM: { readonly [kind in Kind]: string } = {
  start: "start",
  message: "say",
  listen: "listen",
  ask: "ask",
  decision: "decide",
  set: "set_values",
  action: "do_call",
  handoff: "to_person",
  subflow: "subflow",
  end: "done",
  todo: "todo",
  note: "note",
};

export function position(at: Point): Json {
  return list([num(Math.round(at.x)), num(Math.round(at.y))]);
}

export function positionOf(tree: Json, id: string): Point | undefined {
  const at = get(tree, ["layout", id]);
  if (!isList(at)) return undefined;
  const x = Number(text(at, ["0"]));
  const y = Number(text(at, ["1"]));
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : undefined;
}

export interface Added {
  readonly id: string;
  readonly edit: Edit;
}

/** A new card; with `from`, that port leads to it. */
export function addNode(tree: Json, node: Json, at: Point, from?: PortRef): Added {
  const kind = kindOf(node);
  const id = freshId(STEM[kind], takenIn(tree, "nodes"));
  const diff: Op[] = [...placeOps(tree, id, node, at)];
  if (from) diff.push(...connectOps(tree, from.id, from.port, id));
  return { id, edit: { title: t.edits.nodeAdded(t.kinds[kind]), where: { node: id }, diff, select: [id] } };
}

function kindOf(node: Json | undefined): Kind {
  const kind = text(node, ["kind"]);
  return isKind(kind) ? kind : "note";
}

export function placeOps(tree: Json, id: string, node: Json, at: Point): Diff {
  const layout: Op = get(tree, ["layout"]) === undefined
    ? { op: "set", path: ["layout"], value: map([[id, position(at)]]) }
    : { op: "set", path: ["layout", id], value: position(at) };
  return [{ op: "set", path: ["nodes", id], value: node }, layout];
}

/** Puts a new card between the two ends of an edge; several ports of one card may be that edge. */
export function insertOnEdge(tree: Json, ports: readonly PortRef[], node: Json, at: Point): Added {
  const kind = kindOf(node);
  const added = addNode(tree, node, at);
  const diff = [...added.edit.diff, ...leadThrough(tree, ports, added.id), ...leadOn(kind, added.id, targetOf(tree, ports))];
  return { id: added.id, edit: { ...added.edit, title: t.edits.inserted(t.kinds[kind]), diff } };
}

/** Puts a card that stands already between the two ends of an edge. */
export function insertExisting(tree: Json, ports: readonly PortRef[], id: string, at: Point): Edit {
  const target = targetOf(tree, ports);
  const free = target !== id && portsOf(get(tree, ["nodes", id])).every(({ to }) => to === null);
  const diff: Op[] = [...setOps(tree, ["layout", id], position(at)), ...leadThrough(tree, ports, id)];
  if (free) diff.push(...leadOn(kindOf(get(tree, ["nodes", id])), id, target));
  return { title: t.edits.inserted(ownerName(tree, ["nodes", id])), where: { node: id }, diff, select: [id] };
}

function leadThrough(tree: Json, ports: readonly PortRef[], to: string): Diff {
  return ports.flatMap(({ id, port }) => [...connectOps(tree, id, port, to)]);
}

function targetOf(tree: Json, ports: readonly PortRef[]): string | null {
  const [first] = ports;
  return first ? portTarget(tree, first) : null;
}

/** The port that a card goes on by when nothing else is said. */
export const MAIN_PORT: { readonly [kind in Kind]: string | undefined } = {
  start: "next",
  message: "next",
  listen: "else",
  ask: "filled",
  decision: "else",
  set: "next",
  action: "ok",
  handoff: "resumed",
  subflow: "else",
  end: undefined,
  todo: "next",
  note: undefined,
};

function leadOn(kind: Kind, id: string, target: string | null): Diff {
  const port = MAIN_PORT[kind];
  return port === undefined || target === null ? [] : [{ op: "set", path: ["nodes", id, port], value: target }];
}

function portTarget(tree: Json, edge: PortRef): string | null {
  return portsOf(get(tree, ["nodes", edge.id])).find(({ id }: Port) => id === edge.port)?.to ?? null;
}

export function moveNodes(tree: Json, moves: readonly ({ readonly id: string } & Point)[]): Edit {
  const missing = get(tree, ["layout"]) === undefined;
  const diff: Op[] = missing ? [{ op: "set", path: ["layout"], value: EMPTY_MAP }] : [];
  for (const move of moves) {
    const value = position(move);
    if (get(tree, ["nodes", move.id]) !== undefined) diff.push({ op: "set", path: ["layout", move.id], value });
  }
  const [first] = moves;
  const title = moves.length === 1 && first ? t.edits.nodeMoved(ownerName(tree, ["nodes", first.id])) : t.edits.nodesMoved(moves.length);
  return { title, where: first ? { node: first.id } : {}, diff };
}

/** Takes new positions from the layout; cards that it does not name stay. */
export function tidy(tree: Json, positions: readonly (readonly [string, readonly [number, number]])[]): Edit {
  const moves = positions.map(([id, [x, y]]) => ({ id, x, y }));
  return { ...moveNodes(tree, moves), title: t.edits.tidied, where: {} };
}

/** Removes cards with every edge, place and list entry that names them. */
export function removeNodes(tree: Json, ids: readonly string[]): Edit {
  const gone = new Set(ids.filter((id) => get(tree, ["nodes", id]) !== undefined));
  const uses = references(tree).filter(
    (use) => use.name === "node" && gone.has(use.id) && !(use.path[0] === "nodes" && gone.has(use.path[1] ?? "")),
  );
  const removed = uses.map(({ path, form }) => ({ path, form })).filter(({ form }) => form !== "span");
  const diff: Op[] = [];
  for (const { path } of removed.sort(deepestLast)) diff.push({ op: "remove", path });
  for (const id of gone) diff.push({ op: "remove", path: ["nodes", id] });
  const [first] = gone;
  const title = gone.size === 1 && first !== undefined ? t.edits.nodeRemoved(ownerName(tree, ["nodes", first])) : t.edits.nodesRemoved(gone.size);
  return { title, where: first === undefined ? {} : { node: first }, diff, select: [] };
}

/** Later items of a list first, so that the earlier paths stay true. */
function deepestLast(a: { readonly path: Path }, b: { readonly path: Path }): number {
  const last = (path: Path): number => listIndex(path[path.length - 1] ?? "") ?? -1;
  const [one, other] = [pointer(a.path.slice(0, -1)), pointer(b.path.slice(0, -1))];
  if (one !== other) return one < other ? -1 : 1;
  return last(b.path) - last(a.path);
}

/** Writes uses of a name anew: values and spans at their old paths, then keys from the inside out. */
export function renameUses(tree: Json, uses: readonly Reference[], to: string, rewriteSpan: (source: string, uses: readonly Reference[]) => string): Diff {
  const spans = new Map<string, Reference[]>();
  const values: Op[] = [];
  const renames: Op[] = [];
  for (const use of uses) {
    const last = use.path[use.path.length - 1] ?? "";
    if (use.form === "span") spans.set(pointer(use.path), [...(spans.get(pointer(use.path)) ?? []), use]);
    else if (use.form === "value") values.push({ op: "set", path: use.path, value: to });
    else if (use.form === "within") {
      const written = text(tree, use.path);
      values.push({ op: "set", path: use.path, value: written.startsWith("!") ? `!${to}` : to });
    } else if (use.form === "edge") renames.push({ op: "rename", path: use.path, key: to + last.slice(use.id.length) });
    else renames.push({ op: "rename", path: use.path, key: to });
  }
  for (const group of spans.values()) {
    const [first] = group;
    if (first) values.push({ op: "set", path: first.path, value: rewriteSpan(text(tree, first.path), group) });
  }
  return [...values, ...renames.sort((a, b) => b.path.length - a.path.length)];
}

/** Moves a branch, or another row with a port, among its siblings. */
export function reorderPort(tree: Json, from: string, port: string, by: -1 | 1): Edit {
  const row = portRow(port);
  const title = t.edits.rowMoved(port, ownerName(tree, ["nodes", from]));
  const where = { node: from };
  if (!row) return { title, where, diff: [] };
  const path = ["nodes", from, ...row.list];
  const rows = get(tree, path);
  const to = row.index + by;
  if (!isList(rows) || to < 0 || to >= rows.l.length) return { title, where, diff: [] };
  return { title, where: { node: from, path }, diff: [{ op: "move", path: [...path, String(row.index)], to }] };
}
