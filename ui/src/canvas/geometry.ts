/** Shapes of the canvas in document units: cards, the curves between them, and what a point touches. No DOM. */
import type { Point } from "./types";

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The size that the tidying of the core counts with. */
export const CARD_W = 188;
export const CARD_H = 64;
/** Cards snap to this; the dots of the background stand on every second line. */
export const GRID = 8;
/** How far an edge runs straight out of a card before it turns back. */
const TURN = 26;

/** A chain of cubic curves: x0 y0, then c1x c1y c2x c2y x y for each. */
export type Curve = readonly number[];

export function rectOf(a: Point, b: Point): Rect {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
}

export function intersects(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

export function contains(rect: Rect, point: Point): boolean {
  return point.x >= rect.x && point.x <= rect.x + rect.w && point.y >= rect.y && point.y <= rect.y + rect.h;
}

export function covers(outer: Rect, inner: Rect): boolean {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w && inner.y + inner.h <= outer.y + outer.h;
}

export function grow(rect: Rect, by: number): Rect {
  return { x: rect.x - by, y: rect.y - by, w: rect.w + 2 * by, h: rect.h + 2 * by };
}

export function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + b.h) - y };
}

export function middle(rect: Rect): Point {
  return { x: rect.x + rect.w / 2, y: rect.y + rect.h / 2 };
}

export function snap(value: number, step = GRID): number {
  return Math.round(value / step) * step + 0;
}

/** Where the way out number `index` of `count` leaves the right edge of a card. */
export function portPoint(card: Rect, index: number, count: number): Point {
  if (count <= 1) return { x: card.x + card.w, y: card.y + card.h / 2 };
  const inset = count > 4 ? 9 : 16;
  return { x: card.x + card.w, y: card.y + inset + ((card.h - 2 * inset) * index) / (count - 1) };
}

/** Where every edge arrives: the middle of the left edge. */
export function entryPoint(card: Rect): Point {
  return { x: card.x, y: card.y + card.h / 2 };
}

/** Left to right where the target stands to the right; otherwise around, through the gap or below. `slot` keeps siblings apart. */
export function route(from: Point, source: Rect, target: Rect, slot = 0): Curve {
  const to = entryPoint(target);
  if (to.x >= from.x + TURN) return forward(from, to);
  const apart = Math.min(slot, 6) * 6;
  return around(from, to, passLevel(source, target) + apart, TURN + apart / 2);
}

/** A free curve to the pointer, while an edge is being drawn. */
export function routeToPoint(from: Point, to: Point): Curve {
  return forward(from, to);
}

function forward(from: Point, to: Point): Curve {
  const gap = Math.abs(to.x - from.x);
  const reach = Math.max(24, Math.min(gap * 0.5, 180));
  return [from.x, from.y, from.x + reach, from.y, to.x - reach, to.y, to.x, to.y];
}

/** The height at which an edge that goes back crosses: between the cards, else below both (above for a loop). */
function passLevel(source: Rect, target: Rect): number {
  if (source.x === target.x && source.y === target.y) return source.y - TURN;
  const below = target.y - (source.y + source.h);
  if (below >= TURN) return source.y + source.h + Math.min(below / 2, 40);
  const above = source.y - (target.y + target.h);
  if (above >= TURN) return source.y - Math.min(above / 2, 40);
  return Math.max(source.y + source.h, target.y + target.h) + TURN;
}

function around(from: Point, to: Point, level: number, turn: number): Curve {
  const right = from.x + turn;
  const left = to.x - TURN;
  const r1 = from.y + (level - from.y) * 0.5;
  const r2 = to.y + (level - to.y) * 0.5;
  const out = Math.min(TURN, Math.abs(right - left) / 2);
  return [
    from.x, from.y,
    right, from.y, right, from.y, right, r1,
    right, level, right, level, right - out, level,
    right - out, level, left + out, level, left + out, level,
    left, level, left, level, left, r2,
    left, to.y, left, to.y, to.x, to.y,
  ];
}

export function segments(curve: Curve): number {
  return (curve.length - 2) / 6;
}

/** A point on the chain; `t` from 0 to 1 runs evenly over its cubics. */
export function pointAt(curve: Curve, t: number): Point {
  const count = segments(curve);
  const at = Math.min(Math.max(t, 0), 1) * count;
  const index = Math.min(Math.floor(at), count - 1);
  return cubic(curve, index * 6, at - index);
}

function cubic(c: Curve, i: number, t: number): Point {
  const u = 1 - t;
  const a = u * u * u;
  const b = 3 * u * u * t;
  const d = 3 * u * t * t;
  const e = t * t * t;
  return {
    x: a * n(c, i) + b * n(c, i + 2) + d * n(c, i + 4) + e * n(c, i + 6),
    y: a * n(c, i + 1) + b * n(c, i + 3) + d * n(c, i + 5) + e * n(c, i + 7),
  };
}

function n(curve: Curve, index: number): number {
  return curve[index] ?? 0;
}

/** The box around all control points: never too small, since a cubic stays inside its hull. */
export function bounds(curve: Curve): Rect {
  let x1 = Infinity;
  let y1 = Infinity;
  let x2 = -Infinity;
  let y2 = -Infinity;
  for (let i = 0; i + 1 < curve.length; i += 2) {
    const x = n(curve, i);
    const y = n(curve, i + 1);
    if (x < x1) x1 = x;
    if (x > x2) x2 = x;
    if (y < y1) y1 = y;
    if (y > y2) y2 = y;
  }
  return { x: x1, y: y1, w: x2 - x1, h: y2 - y1 };
}

/**
 * Whether a curve comes into an area: its hull is not enough for long ones, which would be drawn far from where they are.
 * Answers true in doubt.
 */
export function comesInto(curve: Curve, area: Rect): boolean {
  for (let i = 0; i + 7 < curve.length; i += 6) {
    if (partComesInto([n(curve, i), n(curve, i + 1), n(curve, i + 2), n(curve, i + 3), n(curve, i + 4), n(curve, i + 5), n(curve, i + 6), n(curve, i + 7)], area, 4)) return true;
  }
  return false;
}

function partComesInto(part: Curve, area: Rect, depth: number): boolean {
  const box = bounds(part);
  const apart = box.x > area.x + area.w || area.x > box.x + box.w || box.y > area.y + area.h || area.y > box.y + box.h;
  if (apart) return false;
  if (depth === 0 || (box.w <= area.w && box.h <= area.h)) return true;
  const [first, second] = halves(part);
  return partComesInto(first, area, depth - 1) || partComesInto(second, area, depth - 1);
}

/** De Casteljau at the middle. */
function halves(c: Curve): [Curve, Curve] {
  const half = (i: number, list: readonly number[]): number => (n(list, i) + n(list, i + 2)) / 2;
  const ab = [half(0, c), half(1, c)];
  const bc = [half(2, c), half(3, c)];
  const cd = [half(4, c), half(5, c)];
  const abc = [(n(ab, 0) + n(bc, 0)) / 2, (n(ab, 1) + n(bc, 1)) / 2];
  const bcd = [(n(bc, 0) + n(cd, 0)) / 2, (n(bc, 1) + n(cd, 1)) / 2];
  const mid = [(n(abc, 0) + n(bcd, 0)) / 2, (n(abc, 1) + n(bcd, 1)) / 2];
  return [
    [n(c, 0), n(c, 1), ...ab, ...abc, ...mid],
    [...mid, ...bcd, ...cd, n(c, 6), n(c, 7)],
  ];
}

const STEPS = 12;

/** The distance of a point to the curve, good to a fraction of a unit at the sizes of cards. */
export function distance(curve: Curve, point: Point): number {
  const total = segments(curve) * STEPS;
  let best = Infinity;
  let last = pointAt(curve, 0);
  for (let step = 1; step <= total; step += 1) {
    const next = pointAt(curve, step / total);
    best = Math.min(best, toSegment(point, last, next));
    last = next;
  }
  return best;
}

/** Where on the curve the nearest point lies, 0 to 1. */
export function nearest(curve: Curve, point: Point): number {
  const total = segments(curve) * STEPS;
  let best = Infinity;
  let at = 0;
  for (let step = 0; step <= total; step += 1) {
    const here = pointAt(curve, step / total);
    const far = Math.hypot(here.x - point.x, here.y - point.y);
    if (far < best) {
      best = far;
      at = step / total;
    }
  }
  return at;
}

function toSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** A curve as SVG path data. */
export function pathData(c: Curve): string {
  const parts = [`M${n(c, 0)} ${n(c, 1)}`];
  for (let i = 2; i + 5 < c.length; i += 6) parts.push(`C${[0, 1, 2, 3, 4, 5].map((k) => n(c, i + k)).join(" ")}`);
  return parts.join("");
}
