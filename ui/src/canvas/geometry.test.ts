import { describe, expect, it } from "vitest";
import { bounds, CARD_H, CARD_W, comesInto, contains, covers, distance, entryPoint, nearest, pathData, pointAt, portPoint, rectOf, route, segments, snap, type Rect } from "./geometry";

const card = (x: number, y: number): Rect => ({ x, y, w: CARD_W, h: CARD_H });

describe("edges", () => {
  it("run from the right edge of a card to the left edge of the next", () => {
    const a = card(0, 0);
    const b = card(400, 200);
    const curve = route(portPoint(a, 0, 1), a, b);
    expect(segments(curve)).toBe(1);
    expect(pointAt(curve, 0)).toEqual({ x: CARD_W, y: CARD_H / 2 });
    expect(pointAt(curve, 1)).toEqual(entryPoint(b));
  });
  it("that go back pass between the cards where there is room, else below both, and siblings stay apart", () => {
    const a = card(400, 0);
    const below = route(portPoint(a, 0, 1), a, card(0, 300));
    expect(segments(below)).toBe(5);
    const level = pointAt(below, 0.5).y;
    expect(level).toBeGreaterThan(CARD_H);
    expect(level).toBeLessThan(300);
    const beside = route(portPoint(a, 0, 1), a, card(0, 0));
    expect(pointAt(beside, 0.5).y).toBeGreaterThan(CARD_H);
    expect(pointAt(route(portPoint(a, 1, 2), a, card(0, 300), 1), 0.5).y).not.toBe(level);
  });
  it("that return to their own card pass above it", () => {
    const a = card(0, 0);
    expect(pointAt(route(portPoint(a, 0, 1), a, a), 0.5).y).toBeLessThan(0);
  });
  it("stay within the box that the index knows", () => {
    for (const [x, y] of [[400, 200], [-300, 10], [0, 300], [0, 0], [90, -400]] as const) {
      const a = card(0, 0);
      const curve = route(portPoint(a, 2, 5), a, card(x, y), 2);
      const box = bounds(curve);
      for (let t = 0; t <= 1; t += 0.02) {
        const p = pointAt(curve, t);
        expect(covers({ x: box.x - 1e-6, y: box.y - 1e-6, w: box.w + 2e-6, h: box.h + 2e-6 }, { ...p, w: 0, h: 0 })).toBe(true);
      }
    }
  });
  it("come into an area or not, and are never left out where they do", () => {
    const a = card(0, 0);
    let outside = 0;
    for (const [x, y] of [[3000, 1800], [-2500, 700], [40, -1600]] as const) {
      const curve = route(portPoint(a, 0, 1), a, card(x, y));
      for (let at = 0; at < 400; at += 1) {
        const area = { x: ((at * 397) % 6000) - 3000, y: ((at * 211) % 4000) - 2000, w: 300, h: 200 };
        let inside = false;
        for (let t = 0; t <= 1; t += 0.005) inside ||= contains(area, pointAt(curve, t));
        if (inside) expect(comesInto(curve, area)).toBe(true);
        else if (!comesInto(curve, area)) outside += 1;
      }
    }
    expect(outside).toBeGreaterThan(1000);
  });
  it("are hit near their line and nowhere else", () => {
    const a = card(0, 0);
    const curve = route(portPoint(a, 0, 1), a, card(400, 200));
    const on = pointAt(curve, 0.37);
    expect(distance(curve, on)).toBeLessThan(1);
    expect(distance(curve, { x: on.x, y: on.y + 60 })).toBeGreaterThan(20);
    expect(nearest(curve, pointAt(curve, 0.5))).toBeCloseTo(0.5, 1);
    expect(pathData(curve)).toMatch(/^M188 32C/);
  });
});

describe("shapes", () => {
  it("ports spread over the right edge", () => {
    const ys = [0, 1, 2].map((index) => portPoint(card(0, 0), index, 3).y);
    expect(ys).toEqual([16, 32, 48]);
    expect(portPoint(card(0, 0), 0, 1).y).toBe(32);
  });
  it("snap without a negative zero", () => {
    expect(Object.is(snap(-3), 0)).toBe(true);
    expect(snap(13)).toBe(16);
    expect(rectOf({ x: 5, y: 9 }, { x: 1, y: 20 })).toEqual({ x: 1, y: 9, w: 4, h: 11 });
  });
});
