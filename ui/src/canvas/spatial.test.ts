import { describe, expect, it } from "vitest";
import { random } from "./bench/graph";
import type { Rect } from "./geometry";
import { SpatialGrid } from "./spatial";

function found(grid: SpatialGrid, area: Rect): number[] {
  const items: number[] = [];
  grid.query(area, (item) => void items.push(item));
  return items.sort((a, b) => a - b);
}

describe("the spatial index", () => {
  it("answers as a look at everything would, whatever moved and went", () => {
    const next = random(3);
    const grid = new SpatialGrid();
    const all = new Map<number, Rect>();
    const box = (): Rect => {
      const wide = next() < 0.1;
      return { x: next() * 20000 - 10000, y: next() * 8000 - 4000, w: wide ? next() * 30000 : 200, h: wide ? next() * 9000 : 70 };
    };
    for (let round = 0; round < 1500; round += 1) {
      const item = Math.floor(next() * 300);
      if (next() < 0.25) {
        grid.remove(item);
        all.delete(item);
      } else {
        const rect = box();
        grid.set(item, rect);
        all.set(item, rect);
      }
      if (round % 10 !== 0) continue;
      const area = { ...box(), w: next() * 6000, h: next() * 4000 };
      const expected = [...all].filter(([, r]) => r.x <= area.x + area.w && area.x <= r.x + r.w && r.y <= area.y + area.h && area.y <= r.y + r.h).map(([one]) => one);
      expect(found(grid, area)).toEqual(expected.sort((a, b) => a - b));
    }
    expect(grid.size).toBe(all.size);
  });
  it("stops when it is told to", () => {
    const grid = new SpatialGrid();
    for (let item = 0; item < 10; item += 1) grid.set(item, { x: item, y: 0, w: 5, h: 5 });
    let asked = 0;
    grid.query({ x: 0, y: 0, w: 99, h: 9 }, () => (asked += 1) === 3);
    expect(asked).toBe(3);
    expect(grid.any({ x: 0, y: 0, w: 1, h: 1 }, (item) => item > 50)).toBe(false);
  });
});
