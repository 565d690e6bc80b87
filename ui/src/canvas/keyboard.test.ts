import { describe, expect, it } from "vitest";
import { Desk, node, port, small, view } from "./fixture";
import { GRID } from "./geometry";
import { commandOf, flowOrder, Walker } from "./keyboard";
import { Keys, type Surface } from "./keys";
import { Menu } from "./menu";
import { Scene } from "./scene";
import type { GraphView } from "./types";

const key = (name: string, more: Partial<{ shift: boolean; ctrl: boolean; alt: boolean }> = {}) => commandOf({ key: name, shift: false, ctrl: false, alt: false, ...more }, GRID);

function scene(graph: GraphView = small()): Scene {
  const made = new Scene();
  made.update(graph, false);
  return made;
}

describe("keys", () => {
  it("mean what their tooltips say", () => {
    expect(key("ArrowRight")).toEqual({ do: "walk", to: "right" });
    expect(key("ArrowDown", { shift: true })).toEqual({ do: "nudge", dx: 0, dy: 8 });
    expect(key("ArrowLeft", { shift: true, ctrl: true })).toEqual({ do: "nudge", dx: -64, dy: 0 });
    expect(key("ArrowUp", { alt: true })).toEqual({ do: "reorder", by: -1 });
    expect(key("ArrowUp", { ctrl: true })).toEqual({ do: "pan", dx: 0, dy: -1 });
    expect(key("Tab", { shift: true })).toEqual({ do: "tab", by: -1 });
    expect(key("C", { shift: true })).toEqual({ do: "connect" });
    expect(key("Delete")).toEqual({ do: "remove" });
    expect(key("a", { ctrl: true })).toEqual({ do: "all" });
  });
  it("that belong to the shell pass by", () => {
    for (const name of ["c", "s", "z", "1", "k"]) expect(key(name, { ctrl: true })).toBeNull();
    expect(key("c", { alt: true })).toBeNull();
    expect(key("q")).toBeNull();
  });
});

describe("walking", () => {
  it("follows edges and goes back the way it came", () => {
    const at = scene();
    const walker = new Walker();
    expect(walker.step(at, "start", "right")).toBe("a");
    expect(walker.step(at, "a", "right")).toBe("b");
    expect(walker.step(at, "b", "down")).toBe("c");
    expect(walker.step(at, "c", "left")).toBe("a");
    // The way out that was looked at last is the one taken again.
    expect(walker.step(at, "a", "right")).toBe("c");
    expect(walker.step(at, "c", "up")).toBe("b");
    expect(walker.step(at, "b", "right")).toBeNull();
    expect(walker.step(at, "a", "left")).toBe("start");
  });
  it("goes to what stands above or below where there is no sibling", () => {
    const at = scene();
    const walker = new Walker();
    expect(walker.step(at, "a", "down")).toBe("alone");
    expect(walker.step(at, "alone", "up")).toBe("a");
    expect(walker.step(at, "gone", "up")).toBeNull();
  });
  it("in reading order sees every card once, in cycles too", () => {
    expect(flowOrder(scene())).toEqual(["start", "a", "b", "c", "alone"]);
    const loop = scene(view([node("x", 0, 0, [port("next", "y")]), node("y", 300, 0, [port("next", "x")])]));
    expect(flowOrder(loop)).toEqual(["x", "y"]);
  });
});

/** A board without a page. */
class KeyDesk extends Desk implements Surface {
  reveal(): void {}
  followEdge(): void {}
  fit(): void {}
  zoomBy(): void {}
  zoomReset(): void {}
  zoomTo(): void {}
  panPage(): void {}
  cancel(): boolean {
    return false;
  }
  middle(): { x: number; y: number } {
    return { x: 500, y: 500 };
  }
}

function desk(graph = small()): { desk: KeyDesk; menu: Menu; press: (name: string, more?: object) => boolean; said: string[]; at: () => string | null } {
  const board = new KeyDesk(graph);
  const menu = new Menu(board, () => {});
  const said: string[] = [];
  let at: string | null = null;
  const keys = new Keys(board, menu, { at: () => at, go: (id) => (at = id), sayEdge: (edge) => void said.push(edge.to.id) });
  board.offer = (offer) => menu.offer(offer);
  const press = (name: string, more: object = {}): boolean => keys.press({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
  return { desk: board, menu, press, said, at: () => at };
}

describe("every drag has a key", () => {
  it("connect: the port from a list, then the card from a list", () => {
    const { desk: board, menu, press } = desk(small({ selection: new Set(["a"]) }));
    expect(press("c")).toBe(true);
    expect(menu.now?.choices.map((choice) => choice.key)).toEqual(["port:branches[0]", "port:branches[1]", "port:else"]);
    const port = menu.now?.choices[1];
    if (port !== undefined) menu.choose(port);
    const card = menu.now?.choices.find((choice) => choice.key === "card:alone");
    if (card !== undefined) menu.choose(card);
    expect(board.heard).toEqual([["connect", "a", "branches[1]", "alone"]]);
    expect(menu.now).toBeNull();
  });
  it("a card with one way out is asked at once where it leads", () => {
    const { desk: board, menu, press } = desk(small({ selection: new Set(["b"]) }));
    press("c");
    const kind = menu.now?.choices.find((choice) => choice.key === "kind:handoff");
    if (kind !== undefined) menu.choose(kind);
    expect(board.heard[0]?.slice(0, 3)).toEqual(["createAt", { x: 936, y: 0 }, "handoff"]);
    expect(board.heard[0]?.[3]).toEqual({ id: "b", port: "next" });
  });
  it("move: by the grid, all that is selected, as one step", () => {
    const { desk: board, press } = desk(small({ selection: new Set(["a", "b"]) }));
    press("ArrowRight", { shiftKey: true });
    expect(board.heard).toEqual([["moveNodes", [{ id: "a", x: 328, y: 0 }, { id: "b", x: 648, y: 0 }]]]);
  });
  it("edges: chosen, put a card on, ordered, taken away", () => {
    const { desk: board, menu, press, said } = desk(small({ selection: new Set(["a"]) }));
    press("e");
    press("e");
    press("e");
    expect(said).toEqual(["b", "c", "b"]);
    press("ArrowDown", { altKey: true });
    press("i");
    const kind = menu.now?.choices.find((choice) => choice.key === "kind:message");
    if (kind !== undefined) menu.choose(kind);
    press("Delete");
    expect(board.heard.map(([name, ...rest]) => [name, rest[0], rest[1]])).toEqual([
      ["reorder", "a", "branches[0]"],
      ["insertOnEdge", [{ id: "a", port: "branches[0]" }], { kind: "message" }],
      ["disconnect", [{ id: "a", port: "branches[0]" }], undefined],
    ]);
  });
  it("walking selects, says where one is, and leaves the canvas at the ends", () => {
    const { desk: board, press, at } = desk();
    expect(press("Home")).toBe(true);
    expect(at()).toBe("start");
    expect(press("Tab")).toBe(true);
    expect(at()).toBe("a");
    expect(press("Tab", { shiftKey: true })).toBe(true);
    expect(press("Tab", { shiftKey: true })).toBe(false);
    expect(board.heard).toEqual([["select", ["start"], "replace"], ["select", ["a"], "replace"], ["select", ["start"], "replace"]]);
  });
  it("delete goes on where one came from", () => {
    const { desk: board, press, at } = desk(small({ selection: new Set(["c"]) }));
    press("Delete");
    expect(board.heard).toEqual([["remove", ["c"]], ["select", ["a"], "replace"]]);
    expect(at()).toBe("a");
  });
  it("nothing changes a flow that may only be looked at", () => {
    const { desk: board, menu, press } = desk(small({ selection: new Set(["a"]) }));
    board.readonly = true;
    for (const name of ["c", "n", "i", "Delete"]) expect(press(name)).toBe(false);
    expect(press("ArrowUp", { shiftKey: true })).toBe(false);
    expect(press("ArrowRight")).toBe(true);
    expect(menu.now).toBeNull();
  });
});
