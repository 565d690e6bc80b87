import { describe, expect, it } from "vitest";
import { node, port, view } from "./fixture";
import { outlineRows } from "./outline";
import { Scene } from "./scene";
import { edgeLabel } from "./speech";
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

describe("edges that no values take", () => {
  const both = [node("a", 0, 0, [port("branches[0]", "b"), port("branches[1]", "b"), port("else", "c")]), node("b", 320, 0), node("c", 320, 160)];
  const dead = (...keys: string[]): string[] => {
    const scene = new Scene();
    scene.update(view(both), false);
    scene.update(view(both, { deadEdges: new Set(keys) }), false);
    const found = [scene.edge({ id: "a", port: "branches[0]" }), scene.edge({ id: "a", port: "else" })];
    return found.flatMap((edge) => (edge?.dead === true ? [edge.to.id] : []));
  };
  it("are dead where all ports that are drawn as one are", () => {
    expect(dead()).toEqual([]);
    expect(dead("a:branches[0]")).toEqual([]);
    expect(dead("a:branches[0]", "a:branches[1]")).toEqual(["b"]);
    expect(dead("a:else")).toEqual(["c"]);
  });
  it("are said to be by the outline and to a screen reader", () => {
    const seen = view(both, { deadEdges: new Set(["a:else"]) });
    expect(outlineRows(seen, new Set()).filter((row) => row.dead).map(({ id }) => id)).toEqual(["c"]);
    const scene = new Scene();
    scene.update(seen, false);
    const edge = scene.edge({ id: "a", port: "else" });
    expect(edge && edgeLabel(edge)).toMatch(/no values lead here$/);
  });
});
