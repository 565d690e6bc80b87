/**
 * Tier lanes: horizontal bands in the order of the climb, each as high as its cards need. Lanes are a
 * way of looking: they shift a card's picture up or down as one with its band, never its place in the document.
 */
import { CARD_H } from "./geometry";
import type { GraphLane, GraphNode } from "./types";

export interface Band {
  readonly lane: GraphLane;
  readonly y: number;
  readonly h: number;
  /** What is added to a card's `y` to stand in this band. */
  readonly shift: number;
}

const ABOVE = 48;
const BELOW = 40;
const EMPTY = 96;

/** The band number of each lane id; nodes of no or an unknown lane are in the first. */
export function laneNumbers(lanes: readonly GraphLane[]): ReadonlyMap<string, number> {
  return new Map(lanes.map((lane, index) => [lane.id, index]));
}

export function bandsOf(nodes: readonly GraphNode[], lanes: readonly GraphLane[]): Band[] {
  const numbers = laneNumbers(lanes);
  const low = lanes.map(() => Infinity);
  const high = lanes.map(() => -Infinity);
  for (const node of nodes) {
    const at = numbers.get(node.lane ?? "") ?? 0;
    low[at] = Math.min(low[at] ?? Infinity, node.y);
    high[at] = Math.max(high[at] ?? -Infinity, node.y + CARD_H);
  }
  const bands: Band[] = [];
  let top = Number.isFinite(low[0] ?? Infinity) ? (low[0] ?? 0) - ABOVE : 0;
  lanes.forEach((lane, index) => {
    const from = low[index] ?? Infinity;
    const filled = Number.isFinite(from);
    const h = filled ? (high[index] ?? from) - from + ABOVE + BELOW : EMPTY;
    bands.push({ lane, y: top, h, shift: filled ? top + ABOVE - from : 0 });
    top += h;
  });
  return bands;
}
