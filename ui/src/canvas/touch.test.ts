import { describe, expect, it } from "vitest";
import { Touches } from "./touch";
import { MAX_ZOOM, START, toScreen, toWorld, type Viewport } from "./viewport";

const view: Viewport = { ...START, x: 100, y: 50, zoom: 0.5 };

describe("fingers on the canvas", () => {
  it("two of them zoom around what lies between them, and carry it along", () => {
    const touches = new Touches();
    touches.down(1, { x: 100, y: 100 }, view);
    expect(touches.busy).toBe(false);
    touches.down(2, { x: 300, y: 100 }, view);
    expect(touches.busy).toBe(true);
    const between = toWorld(view, { x: 200, y: 100 });
    touches.move(1, { x: 50, y: 140 });
    const now = touches.move(2, { x: 450, y: 140 });
    expect(now?.zoom).toBeCloseTo(1);
    expect(toScreen(now ?? view, between)).toEqual({ x: 250, y: 140 });
  });
  it("one alone moves nothing, and the one that stays behind does not either", () => {
    const touches = new Touches();
    touches.down(1, { x: 0, y: 0 }, view);
    expect(touches.move(1, { x: 50, y: 50 })).toBeNull();
    touches.down(2, { x: 100, y: 50 }, view);
    touches.up(2, view);
    expect(touches.move(1, { x: 80, y: 80 })).toBeNull();
    expect(touches.busy).toBe(true);
    touches.up(1, view);
    expect(touches.busy).toBe(false);
  });
  it("never zooms further than the wheel does, nor breaks on fingers that meet", () => {
    const touches = new Touches();
    touches.down(1, { x: 10, y: 10 }, view);
    touches.down(2, { x: 10, y: 10 }, view);
    expect(touches.move(2, { x: 900, y: 900 })?.zoom).toBe(MAX_ZOOM);
    expect(touches.move(7, { x: 1, y: 1 })).toBeNull();
  });
});
