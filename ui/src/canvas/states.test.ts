import { describe, expect, it } from "vitest";
import { node, port, view } from "./fixture";
import { Scene } from "./scene";
import { CardStates, roomForPorts, type Flags } from "./states";

const many = Array.from({ length: 8 }, (_, at) => port(`branches[${at}]`, null));
const scene = new Scene();
scene.update(view([node("a", 0, 0, many), node("b", 280, 0, [port("next", null)]), node("c", 0, 400, many)]), false);
const cards = [...scene.cards.values()];
const flags = (more: Partial<Flags> = {}): Flags => ({
  selection: new Set(),
  active: null,
  target: null,
  open: new Set(),
  dragged: new Set(),
  seen: { x: -20, y: -20, w: 1000, h: 800 },
  ...more,
});

describe("the states of card elements", () => {
  it("keep their identity where nothing changed", () => {
    const known = new CardStates();
    const before = known.of(cards, flags());
    const after = known.of(cards, flags({ selection: new Set(["b"]) }));
    expect(after.map((state, at) => state === before[at])).toEqual([true, false, true]);
  });
  it("keep the list of ports in view", () => {
    const known = new CardStates();
    const [a, , c] = known.of(cards, flags({ open: new Set(["a", "b", "c"]) }));
    const height = 8 * 25 + 12;
    expect(a?.portsY).toBe(-20 + 6 - (32 - height / 2));
    expect(c?.portsY).toBe(0);
    const narrow = known.of(cards, flags({ open: new Set(["c"]), seen: { x: 0, y: 300, w: 300, h: 180 } }))[2];
    expect(narrow?.portsX).toBeLessThan(0);
  });
  it("a card with one way on has no list", () => {
    expect(new CardStates().of(cards, flags({ open: new Set(["b"]) }))[1]?.open).toBe(false);
  });
  it("a selected card names its ports only where they hide no other card", () => {
    expect(roomForPorts(scene, "a")).toBe(false);
    expect(roomForPorts(scene, "c")).toBe(true);
  });
});
