import { describe, expect, it } from "vitest";
import { between, fitTo, MAX_ZOOM, MIN_ZOOM, panBy, revealed, START, toScreen, toWorld, visible, wheelFactor, zoomAt, type Viewport } from "./viewport";

const view: Viewport = { ...START, x: 100, y: 50, zoom: 0.5, width: 1000, height: 600 };

describe("the view", () => {
  it("turns places of the screen into places of the document and back", () => {
    const at = { x: 321, y: 87 };
    expect(toScreen(view, toWorld(view, at))).toEqual(at);
    expect(visible(view)).toEqual({ x: 100, y: 50, w: 2000, h: 1200 });
  });
  it("keeps what lies under the pointer while it zooms", () => {
    const at = { x: 700, y: 200 };
    const before = toWorld(view, at);
    const after = toWorld(zoomAt(view, at, 1.7), at);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });
  it("never zooms beyond its ends", () => {
    expect(zoomAt(view, { x: 0, y: 0 }, 99).zoom).toBe(MAX_ZOOM);
    expect(zoomAt(view, { x: 0, y: 0 }, 0).zoom).toBe(MIN_ZOOM);
  });
  it("follows the hand while it pans", () => {
    const moved = panBy(view, 10, -20);
    expect(toScreen(moved, { x: 500, y: 500 })).toEqual({ x: 210, y: 205 });
  });
  it("shows the whole and never enlarges it", () => {
    const fit = fitTo(view, { x: -1000, y: 0, w: 5000, h: 100 });
    expect(fit.zoom).toBeCloseTo(904 / 5000);
    expect(fitTo(view, { x: 0, y: 0, w: 10, h: 10 }).zoom).toBe(1);
    const shown = visible(fit);
    expect(shown.x).toBeLessThan(-1000);
    expect(shown.x + shown.w).toBeGreaterThan(4000);
  });
  it("reveals a card by the least move, and brings a far one near", () => {
    const at1 = { ...view, zoom: 1 };
    expect(revealed(at1, { x: 300, y: 200, w: 196, h: 72 }, 0.5)).toEqual(at1);
    const right = revealed(at1, { x: 1200, y: 200, w: 196, h: 72 }, 0.5);
    expect(right.x).toBe(1200 + 196 + 40 - 1000);
    expect(right.y).toBe(at1.y);
    expect(revealed({ ...view, zoom: 0.1 }, { x: 0, y: 0, w: 196, h: 72 }, 0.5).zoom).toBe(0.8);
  });
  it("moves between two views without leaving the way", () => {
    const to = zoomAt(panBy(view, 400, 100), { x: 10, y: 10 }, 2);
    expect(between(view, to, 1)).toBe(to);
    const start = between(view, to, 0);
    expect(start.x).toBeCloseTo(view.x);
    expect(start.zoom).toBeCloseTo(view.zoom);
    const half = between(view, to, 0.5);
    expect(half.zoom).toBeGreaterThan(view.zoom);
    expect(half.zoom).toBeLessThan(to.zoom);
  });
  it("takes wheels and pinches evenly", () => {
    expect(wheelFactor(-100, 0, false) * wheelFactor(100, 0, false)).toBeCloseTo(1);
    expect(wheelFactor(3, 1, false)).toBeLessThan(1);
    expect(wheelFactor(-5, 0, true)).toBeGreaterThan(1.04);
    expect(wheelFactor(100000, 0, false)).toBeGreaterThan(0.5);
  });
});
