/** Where a moving box catches on the lines of its neighbours, else on the grid. No DOM. */
import { GRID, snap, type Rect } from "../geometry";
import type { Guide } from "./tool";

export interface Snapped {
  readonly dx: number;
  readonly dy: number;
  readonly guides: readonly Guide[];
}

interface Catch {
  readonly by: number;
  readonly at: number;
  readonly other: Rect;
}

/** `box` is where the cards stood; `dx`, `dy` how far the hand went; `reach` how near a line must be. */
export function align(box: Rect, dx: number, dy: number, others: readonly Rect[], reach: number): Snapped {
  const moved: Rect = { ...box, x: box.x + dx, y: box.y + dy };
  const byX = nearestLine([moved.x, moved.x + moved.w / 2, moved.x + moved.w], others, (o) => [o.x, o.x + o.w / 2, o.x + o.w], reach);
  const byY = nearestLine([moved.y, moved.y + moved.h / 2, moved.y + moved.h], others, (o) => [o.y, o.y + o.h / 2, o.y + o.h], reach);
  const toX = byX === null ? snap(moved.x) - box.x : dx + byX.by;
  const toY = byY === null ? snap(moved.y) - box.y : dy + byY.by;
  const rest: Rect = { ...box, x: box.x + toX, y: box.y + toY };
  return { dx: toX, dy: toY, guides: [...guide("x", byX, rest), ...guide("y", byY, rest)] };
}

function nearestLine(own: readonly number[], others: readonly Rect[], lines: (other: Rect) => readonly number[], reach: number): Catch | null {
  let best: Catch | null = null;
  for (const other of others) {
    const theirs = lines(other);
    own.forEach((line, index) => {
      // Like meets like: left with left, middle with middle, right with right.
      const at = theirs[index] ?? 0;
      const by = at - line;
      if (Math.abs(by) <= reach && (best === null || Math.abs(by) < Math.abs(best.by))) best = { by, at, other };
    });
  }
  return best;
}

function guide(axis: "x" | "y", caught: Catch | null, box: Rect): Guide[] {
  if (caught === null) return [];
  const { other } = caught;
  const [a, b, c, d] =
    axis === "x" ? [box.y, box.y + box.h, other.y, other.y + other.h] : [box.x, box.x + box.w, other.x, other.x + other.w];
  return [{ axis, at: caught.at, from: Math.min(a, c) - GRID, to: Math.max(b, d) + GRID }];
}
