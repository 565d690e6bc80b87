/** Where cards stand that nobody placed: in columns by their distance from the start, clear of those that have a place. No DOM. */
import { portsOf } from "../document/ports";
import { entries, text, type Json } from "../document/tree";
import { CARD_H, CARD_W } from "./geometry";
import type { Point } from "./types";

export const COLUMN = CARD_W + 104;
export const ROW = CARD_H + 36;

export function placeStrays(nodes: Json | undefined, places: ReadonlyMap<string, Point>): ReadonlyMap<string, Point> {
  const all = entries(nodes);
  if (all.every(([id]) => places.has(id))) return new Map();
  const depth = depths(all);
  const last = [...depth.values()].reduce((most, value) => Math.max(most, value), 0);
  let top = 0;
  for (const at of places.values()) top = Math.max(top, at.y + CARD_H + ROW);
  if (places.size === 0) top = 0;
  const filled = new Map<number, number>();
  const found = new Map<string, Point>();
  for (const [id] of all) {
    if (places.has(id)) continue;
    const column = depth.get(id) ?? last + 1;
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    found.set(id, { x: column * COLUMN, y: top + row * ROW });
  }
  return found;
}

function depths(all: readonly (readonly [string, Json])[]): Map<string, number> {
  const byId = new Map(all);
  const depth = new Map<string, number>();
  const queue = all.filter(([, entry]) => text(entry, ["kind"]) === "start").map(([id]) => id);
  for (const id of queue) depth.set(id, 0);
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at] ?? "";
    for (const { to } of portsOf(byId.get(id))) {
      if (to === null || depth.has(to) || !byId.has(to)) continue;
      depth.set(to, (depth.get(id) ?? 0) + 1);
      queue.push(to);
    }
  }
  return depth;
}
