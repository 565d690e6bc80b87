/**
 * A grid over the plane that answers "what is near here" without looking at everything. Items are
 * small whole numbers (places in an array); what spans too many cells stands in a list of its own.
 */
import type { Rect } from "./geometry";

const CELL = 512;
const TOO_MANY = 48;

export class SpatialGrid {
  private readonly cells = new Map<number, number[]>();
  private readonly wide = new Set<number>();
  private readonly places = new Map<number, Rect>();
  private seen = new Uint32Array(1024);
  private round = 0;

  get size(): number {
    return this.places.size;
  }

  set(item: number, rect: Rect): void {
    this.remove(item);
    this.places.set(item, rect);
    if (span(rect) > TOO_MANY) this.wide.add(item);
    else each(rect, (key) => this.cell(key).push(item));
  }

  remove(item: number): void {
    const rect = this.places.get(item);
    if (rect === undefined) return;
    this.places.delete(item);
    if (this.wide.delete(item)) return;
    each(rect, (key) => {
      const cell = this.cells.get(key);
      const at = cell?.indexOf(item) ?? -1;
      if (cell === undefined || at < 0) return;
      cell[at] = cell[cell.length - 1] ?? 0;
      cell.pop();
      if (cell.length === 0) this.cells.delete(key);
    });
  }

  clear(): void {
    this.cells.clear();
    this.wide.clear();
    this.places.clear();
  }

  rect(item: number): Rect | undefined {
    return this.places.get(item);
  }

  /** Calls `found` once for each item whose box meets `area`; stops when it returns true. */
  query(area: Rect, found: (item: number) => boolean | void): void {
    this.round += 1;
    for (const item of this.wide) if (this.meets(item, area) && found(item) === true) return;
    // An area larger than what is filled is cheaper to answer by asking everything.
    if (span(area) > this.cells.size) {
      for (const item of this.places.keys()) {
        if (!this.wide.has(item) && this.meets(item, area) && found(item) === true) return;
      }
      return;
    }
    const [x1, y1, x2, y2] = range(area);
    for (let x = x1; x <= x2; x += 1) {
      for (let y = y1; y <= y2; y += 1) {
        for (const item of this.cells.get(keyOf(x, y)) ?? []) {
          if (this.fresh(item) && this.meets(item, area) && found(item) === true) return;
        }
      }
    }
  }

  any(area: Rect, wanted: (item: number) => boolean = () => true): boolean {
    let hit = false;
    this.query(area, (item) => (hit = wanted(item)));
    return hit;
  }

  private cell(key: number): number[] {
    let cell = this.cells.get(key);
    if (cell === undefined) this.cells.set(key, (cell = []));
    return cell;
  }

  private fresh(item: number): boolean {
    if (item >= this.seen.length) {
      const larger = new Uint32Array(Math.max(item + 1, this.seen.length * 2));
      larger.set(this.seen);
      this.seen = larger;
    }
    if (this.seen[item] === this.round) return false;
    this.seen[item] = this.round;
    return true;
  }

  private meets(item: number, area: Rect): boolean {
    const rect = this.places.get(item);
    return (
      rect !== undefined &&
      rect.x <= area.x + area.w &&
      area.x <= rect.x + rect.w &&
      rect.y <= area.y + area.h &&
      area.y <= rect.y + rect.h
    );
  }
}

function range(rect: Rect): [number, number, number, number] {
  return [
    Math.floor(rect.x / CELL),
    Math.floor(rect.y / CELL),
    Math.floor((rect.x + rect.w) / CELL),
    Math.floor((rect.y + rect.h) / CELL),
  ];
}

function span(rect: Rect): number {
  const [x1, y1, x2, y2] = range(rect);
  return (x2 - x1 + 1) * (y2 - y1 + 1);
}

/** One number for a cell; the plane of ±33 million cells a side is larger than any document. */
function keyOf(x: number, y: number): number {
  return (x + 33_554_432) * 67_108_864 + (y + 33_554_432);
}

function each(rect: Rect, visit: (key: number) => void): void {
  const [x1, y1, x2, y2] = range(rect);
  for (let x = x1; x <= x2; x += 1) for (let y = y1; y <= y2; y += 1) visit(keyOf(x, y));
}
