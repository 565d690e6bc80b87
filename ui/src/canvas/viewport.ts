/** Which part of the document the window shows. Values are immutable; whoever changes the view replaces it. No DOM. */
import type { Rect } from "./geometry";
import type { Point } from "./types";

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 3;

export interface Viewport {
  /** The document point at the top left of the canvas. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** The size of the canvas in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export const START: Viewport = { x: -40, y: -40, zoom: 1, width: 800, height: 600 };

export function toWorld(view: Viewport, screen: Point): Point {
  return { x: view.x + screen.x / view.zoom, y: view.y + screen.y / view.zoom };
}

export function toScreen(view: Viewport, world: Point): Point {
  return { x: (world.x - view.x) * view.zoom, y: (world.y - view.y) * view.zoom };
}

export function visible(view: Viewport): Rect {
  return { x: view.x, y: view.y, w: view.width / view.zoom, h: view.height / view.zoom };
}

/** Moves the picture by screen pixels: a positive `dx` brings what is at the left into view. */
export function panBy(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom };
}

export function clampZoom(zoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));
}

/** Zooms so that what lies under `screen` stays there. */
export function zoomAt(view: Viewport, screen: Point, zoom: number): Viewport {
  const to = clampZoom(zoom);
  const fixed = toWorld(view, screen);
  return { ...view, zoom: to, x: fixed.x - screen.x / to, y: fixed.y - screen.y / to };
}

/** The factor of one wheel event; a notch of a mouse and a pinch of a trackpad both feel even. */
export function wheelFactor(deltaY: number, deltaMode: number, pinch: boolean): number {
  const pixels = deltaMode === 1 ? deltaY * 16 : deltaMode === 2 ? deltaY * 400 : deltaY;
  const bounded = Math.max(-160, Math.min(160, pixels));
  return Math.exp(-bounded * (pinch && Math.abs(pixels) < 40 ? 0.01 : 0.0022));
}

/** Shows all of `rect`, centred, never larger than `most`. */
export function fitTo(view: Viewport, rect: Rect, padding = 48, most = 1): Viewport {
  const w = Math.max(rect.w, 1);
  const h = Math.max(rect.h, 1);
  const room = { w: Math.max(view.width - 2 * padding, 40), h: Math.max(view.height - 2 * padding, 40) };
  const zoom = Math.min(clampZoom(Math.min(room.w / w, room.h / h)), most);
  return centred(view, { x: rect.x + rect.w / 2, y: rect.y + rect.h / 2 }, zoom);
}

export function centred(view: Viewport, at: Point, zoom = view.zoom): Viewport {
  return { ...view, zoom, x: at.x - view.width / zoom / 2, y: at.y - view.height / zoom / 2 };
}

/** Moves as little as needed to show `rect`; a card too far to read comes nearer. */
export function revealed(view: Viewport, rect: Rect, readable: number, padding = 40): Viewport {
  if (view.zoom < readable) return centred(view, { x: rect.x + rect.w / 2, y: rect.y + rect.h / 2 }, Math.max(readable, 0.8));
  const pad = padding / view.zoom;
  const shown = visible(view);
  return {
    ...view,
    x: view.x + nudge(rect.x - pad, rect.x + rect.w + pad, shown.x, shown.x + shown.w),
    y: view.y + nudge(rect.y - pad, rect.y + rect.h + pad, shown.y, shown.y + shown.h),
  };
}

function nudge(from: number, to: number, low: number, high: number): number {
  if (from < low) return from - low;
  if (to > high) return Math.min(to - high, from - low);
  return 0;
}

/** The view a part of the way between two, `t` from 0 to 1: sizes change evenly to the eye. */
export function between(from: Viewport, to: Viewport, t: number): Viewport {
  if (t >= 1) return to;
  const eased = 1 - (1 - t) ** 3;
  const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
  const a = { x: from.x + from.width / from.zoom / 2, y: from.y + from.height / from.zoom / 2 };
  const b = { x: to.x + to.width / to.zoom / 2, y: to.y + to.height / to.zoom / 2 };
  // The centre moves with the size, so that the target does not swing through the picture.
  const share = Math.abs(to.zoom - from.zoom) < 1e-9 ? eased : (1 / zoom - 1 / from.zoom) / (1 / to.zoom - 1 / from.zoom);
  return centred(to, { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }, zoom);
}
