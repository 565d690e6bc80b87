/** Fingers on the canvas: two of them move and zoom the picture together. No DOM. */
import type { Point } from "./types";
import { clampZoom, toWorld, zoomAt, type Viewport } from "./viewport";

type Pair = readonly [Point, Point];

export class Touches {
  private readonly fingers = new Map<number, Point>();
  private begun: { readonly view: Viewport; readonly from: Pair } | null = null;

  /** From the second finger on until the last one is lifted, no finger means anything else. */
  private pinched = false;

  get busy(): boolean {
    return this.pinched;
  }

  down(id: number, at: Point, view: Viewport): void {
    this.fingers.set(id, at);
    this.begin(view);
  }

  /** The picture as two fingers want it, or null where they say nothing. */
  move(id: number, at: Point): Viewport | null {
    if (!this.fingers.has(id)) return null;
    this.fingers.set(id, at);
    const now = this.pair();
    return this.begun === null || now === null ? null : held(this.begun.view, this.begun.from, now);
  }

  up(id: number, view: Viewport): void {
    if (!this.fingers.delete(id)) return;
    if (this.fingers.size === 0) this.pinched = false;
    this.begin(view);
  }

  private begin(view: Viewport): void {
    const from = this.pair();
    this.begun = from === null ? null : { view, from };
    if (from !== null) this.pinched = true;
  }

  /** The first two fingers; a third one rests. */
  private pair(): Pair | null {
    const [a, b] = this.fingers.values();
    return a === undefined || b === undefined ? null : [a, b];
  }
}

/** What lay between the fingers stays between them. */
export function held(view: Viewport, from: Pair, to: Pair): Viewport {
  const zoomed = zoomAt(view, middle(from), clampZoom(view.zoom * (apart(to) / Math.max(1, apart(from)))));
  const fixed = toWorld(view, middle(from));
  const at = middle(to);
  return { ...zoomed, x: fixed.x - at.x / zoomed.zoom, y: fixed.y - at.y / zoomed.zoom };
}

function middle([a, b]: Pair): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function apart([a, b]: Pair): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
