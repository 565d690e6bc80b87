/**
 * Copies travel as text: the same JSON as the file, with the cards, their places and the
 * words of the vocabulary that they use, so that they can be pasted into another flow,
 * another window, or a mail.
 */
import { t } from "../../text";
import type { Op } from "../diff";
import { freshId, takenIn } from "../ids";
import { portsOf } from "../ports";
import { readJson } from "../read";
import { references, rewrite } from "../references";
import { SECTION_OF, type Name } from "../schema";
import type { Edit } from "../store";
import { entries, get, isMap, map, write, type Entry, type Json } from "../tree";
import { apply } from "../diff";
import { position, positionOf, renameUses, type Point } from "./nodes";

export function copyText(tree: Json, ids: readonly string[]): string {
  return write(fragment(tree, ids));
}

function fragment(tree: Json, ids: readonly string[]): Json {
  const chosen = new Set(ids);
  const pick = (section: string, keep: (id: string) => boolean): Json =>
    map(entries(get(tree, [section])).filter(([id]) => keep(id)));
  const used = new Map<string, Set<string>>();
  for (const { name, id, path } of references(tree)) {
    if (path[0] !== "nodes" || !chosen.has(path[1] ?? "") || name === "node" || name === "trigger") continue;
    const section = SECTION_OF[name as Name];
    used.set(section, (used.get(section) ?? new Set()).add(id));
  }
  const vocabulary = [...used].map(([section, names]): Entry => [section, pick(section, (id) => names.has(id))]);
  return map([
    ["format", "handoff-flow/1"],
    ...vocabulary,
    ["nodes", pick("nodes", (id) => chosen.has(id))],
    ["layout", pick("layout", (id) => chosen.has(id))],
  ]);
}

export interface Pasted {
  readonly ids: readonly string[];
  readonly edit: Edit;
}

/** Cards of copied text as an edit, or nothing where the text holds none. */
export function paste(tree: Json, source: string, at?: Point): Pasted | undefined {
  const found = parse(source);
  return found === undefined ? undefined : place(tree, found, at, t.edits.pasted);
}

function parse(source: string): Json | undefined {
  try {
    const value = readJson(source);
    return isMap(get(value, ["nodes"])) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function duplicate(tree: Json, ids: readonly string[]): Pasted | undefined {
  return place(tree, fragment(tree, ids), undefined, t.edits.duplicated);
}

function place(tree: Json, copied: Json, at: Point | undefined, title: (count: number) => string): Pasted | undefined {
  const originals = entries(get(copied, ["nodes"])).map(([id]) => id);
  if (originals.length === 0) return undefined;
  const names = freshNames(tree, originals);
  const renamed = withNames(copied, names);
  const ids = originals.map((id) => names.get(id) ?? id);
  const offset = offsetFor(copied, originals, at);
  const diff: Op[] = [...vocabularyOps(tree, renamed)];
  if (get(tree, ["layout"]) === undefined) diff.push({ op: "set", path: ["layout"], value: map([]) });
  originals.forEach((original, index) => {
    const id = ids[index] ?? original;
    const old = positionOf(copied, original) ?? { x: 40 * index, y: 40 * index };
    const node = withoutStrangers(get(renamed, ["nodes", id]) ?? null, ids, tree);
    diff.push({ op: "set", path: ["nodes", id], value: node });
    diff.push({ op: "set", path: ["layout", id], value: position({ x: old.x + offset.x, y: old.y + offset.y }) });
  });
  const [first] = ids;
  return { ids, edit: { title: title(ids.length), where: first === undefined ? {} : { node: first }, diff, select: ids } };
}

function freshNames(tree: Json, originals: readonly string[]): Map<string, string> {
  const taken = takenIn(tree, "nodes");
  const names = new Map<string, string>();
  const given = new Set<string>();
  for (const id of originals) {
    const fresh = freshId(id, (wanted) => taken(wanted) || given.has(wanted));
    given.add(fresh);
    names.set(id, fresh);
  }
  return names;
}

/** The copied cards under their new ids, those that lead to each other included. */
function withNames(copied: Json, names: ReadonlyMap<string, string>): Json {
  let at = copied;
  // Through names that nobody has, so that a swap of two ids cannot meet itself half way.
  const passes: (readonly [string, string])[] = [
    ...[...names].map(([from], index) => [from, `__copied_${index}`] as const),
    ...[...names].map(([, to], index) => [`__copied_${index}`, to] as const),
  ];
  for (const [from, to] of passes) {
    const uses = references(at).filter((use) => use.name === "node" && use.id === from);
    const diff: Op[] = [...renameUses(at, uses, to, (source, spans) => rewrite(source, spans, to))];
    if (get(at, ["nodes", from]) !== undefined) diff.push({ op: "rename", path: ["nodes", from], key: to });
    at = apply(at, diff);
  }
  return at;
}

/** Edges to cards that neither came along nor exist here are not drawn. */
function withoutStrangers(node: Json, ids: readonly string[], tree: Json): Json {
  const here = takenIn(tree, "nodes");
  const strangers = portsOf(node).filter(({ to }) => to !== null && !ids.includes(to) && !here(to));
  return apply(
    node,
    strangers.map(({ path }) => ({ op: "remove" as const, path })),
  );
}

function vocabularyOps(tree: Json, copied: Json): Op[] {
  const diff: Op[] = [];
  for (const [section, value] of entries(copied)) {
    if (!isMap(value) || section === "nodes" || section === "layout" || section === "triggers") continue;
    if (!(Object.values(SECTION_OF) as string[]).includes(section)) continue;
    const missing = value.m.filter(([id]) => get(tree, [section, id]) === undefined);
    if (missing.length === 0) continue;
    if (get(tree, [section]) === undefined) diff.push({ op: "set", path: [section], value: map(missing) });
    else for (const [id, entry] of missing) diff.push({ op: "set", path: [section, id], value: entry });
  }
  return diff;
}

const STEP = 40;

function offsetFor(copied: Json, ids: readonly string[], at: Point | undefined): Point {
  if (at === undefined) return { x: STEP, y: STEP };
  const places = ids.flatMap((id) => positionOf(copied, id) ?? []);
  if (places.length === 0) return at;
  return { x: at.x - Math.min(...places.map(({ x }) => x)), y: at.y - Math.min(...places.map(({ y }) => y)) };
}
