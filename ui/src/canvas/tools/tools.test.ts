import { describe, expect, it } from "vitest";
import { Desk, small } from "../fixture";
import { CARD_H, portPoint } from "../geometry";
import { align } from "./align";
import { Toolbox } from "./toolbox";

function start(graph = small()): { desk: Desk; tools: Toolbox } {
  const desk = new Desk(graph);
  return { desk, tools: new Toolbox(desk) };
}

function drag(tools: Toolbox, desk: Desk, from: { x: number; y: number }, to: { x: number; y: number }, more = {}): void {
  tools.down(desk.at(from, more));
  tools.move(desk.at({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, more));
  tools.move(desk.at(to, more));
  tools.up(desk.at(to, more));
}

const ON_A = { x: 340, y: 20 };
const NOWHERE = { x: 100, y: 300 };

describe("a press means nothing yet", () => {
  it("goes from idle to pointing, and to dragging only when the hand moved", () => {
    const { desk, tools } = start();
    expect(tools.phase).toBe("idle");
    tools.down(desk.at(ON_A));
    expect(tools.phase).toBe("pointing");
    tools.move(desk.at({ x: ON_A.x + 2, y: ON_A.y }));
    expect(tools.phase).toBe("pointing");
    expect(desk.heard).toEqual([]);
    tools.move(desk.at({ x: ON_A.x + 9, y: ON_A.y }));
    expect(tools.phase).toBe("dragging");
    tools.up(desk.at({ x: ON_A.x + 9, y: ON_A.y }));
    expect(tools.phase).toBe("idle");
  });
  it("is taken back by escape: nothing happened", () => {
    const { desk, tools } = start();
    const at = desk.scene.card("a")?.rect;
    tools.down(desk.at(ON_A));
    tools.move(desk.at({ x: 500, y: 300 }));
    expect(desk.scene.card("a")?.rect).not.toEqual(at);
    expect(tools.cancel()).toBe(true);
    tools.up(desk.at({ x: 500, y: 300 }));
    expect(desk.scene.card("a")?.rect).toEqual(at);
    expect(desk.heard.filter(([name]) => name !== "select")).toEqual([]);
    expect(tools.cancel()).toBe(false);
  });
});

describe("select", () => {
  it("by a click, with shift or ctrl one more, on empty paper nothing", () => {
    const { desk, tools } = start();
    drag(tools, desk, ON_A, ON_A);
    drag(tools, desk, ON_A, ON_A, { shift: true });
    drag(tools, desk, NOWHERE, NOWHERE);
    expect(desk.heard).toEqual([
      ["select", ["a"], "replace"],
      ["select", ["a"], "toggle"],
      ["select", [], "replace"],
    ]);
  });
  it("an edge by a click on it", () => {
    const { desk, tools } = start();
    const at = { x: 224, y: 36 };
    expect(desk.at(at).hit.on).toBe("edge");
    drag(tools, desk, at, at);
    expect(desk.selectedEdge?.from.id).toBe("start");
    expect(desk.heard).toEqual([["select", [], "replace"]]);
  });
  it("what a marquee touches", () => {
    const { desk, tools } = start();
    drag(tools, desk, { x: 600, y: 300 }, { x: 660, y: 10 });
    expect(desk.heard).toEqual([["select", ["b", "c"], "replace"]]);
    tools.down(desk.at(NOWHERE, { shift: true }));
    tools.move(desk.at({ x: 200, y: 350 }, { shift: true }));
    expect(desk.shown.marquee).toEqual({ x: 100, y: 300, w: 100, h: 50 });
    tools.up(desk.at({ x: 400, y: 420 }, { shift: true }));
    expect(desk.heard[1]).toEqual(["select", ["alone"], "add"]);
    expect(desk.shown).toEqual({});
  });
});

describe("pan", () => {
  it("with the middle button or the space bar, whatever lies below", () => {
    const { desk, tools } = start();
    drag(tools, desk, ON_A, { x: ON_A.x + 50, y: ON_A.y + 20 }, { button: 1 });
    expect(desk.viewport).toMatchObject({ x: -50, y: -20 });
    drag(tools, desk, ON_A, { x: ON_A.x - 50, y: ON_A.y - 20 }, { space: true });
    expect(desk.viewport).toMatchObject({ x: 0, y: 0 });
    expect(desk.heard).toEqual([]);
  });
});

describe("move", () => {
  it("is one event with the new places, on the grid", () => {
    const { desk, tools } = start();
    drag(tools, desk, { x: 340, y: 420 }, { x: 343, y: 497 });
    expect(desk.heard).toEqual([
      ["select", ["alone"], "replace"],
      ["moveNodes", [{ id: "alone", x: 320, y: 480 }]],
    ]);
  });
  it("takes all that is selected, and keeps them together", () => {
    const { desk, tools } = start(small({ selection: new Set(["a", "b"]) }));
    drag(tools, desk, ON_A, { x: ON_A.x + 3, y: ON_A.y + 301 }, { alt: true });
    expect(desk.heard).toEqual([["moveNodes", [{ id: "a", x: 323, y: 301 }, { id: "b", x: 643, y: 301 }]]]);
  });
  it("says nothing where it came back to where it was", () => {
    const { desk, tools } = start(small({ selection: new Set(["a"]) }));
    tools.down(desk.at(ON_A));
    tools.move(desk.at({ x: 500, y: 400 }));
    tools.move(desk.at(ON_A));
    tools.up(desk.at(ON_A));
    expect(desk.heard).toEqual([]);
  });
  it("catches on the lines of neighbours and shows them", () => {
    const box = { x: 0, y: 0, w: 196, h: 72 };
    const other = { x: 300, y: 205, w: 196, h: 72 };
    expect(align(box, 50, 203, [other], 6)).toEqual({ dx: 48, dy: 205, guides: [{ axis: "y", at: 205, from: 40, to: 504 }] });
    expect(align(box, 50, 190, [other], 6)).toEqual({ dx: 48, dy: 192, guides: [] });
  });
  it("puts a card without edges between two others where it is dropped on their edge", () => {
    const { desk, tools } = start();
    const grip = { x: 340, y: 420 };
    tools.down(desk.at(grip));
    tools.move(desk.at({ x: 146, y: 20 }));
    expect(desk.shown.onto?.to.id).toBe("a");
    tools.up(desk.at({ x: 146, y: 20 }));
    expect(desk.heard[1]?.slice(0, 3)).toEqual(["insertOnEdge", [{ id: "start", port: "next" }], { id: "alone" }]);
  });
});

describe("connect", () => {
  const press = (desk: Desk): { hit: { on: "port"; port: { id: string; port: string }; at: { x: number; y: number } } } => {
    const card = desk.scene.card("b");
    return { hit: { on: "port", port: { id: "b", port: "next" }, at: portPoint(card?.rect ?? { x: 0, y: 0, w: 0, h: 0 }, 0, 1) } };
  };
  it("leads a port to the card under the release", () => {
    const { desk, tools } = start();
    tools.down(desk.at({ x: 836, y: CARD_H / 2 }, press(desk)));
    tools.move(desk.at({ x: 700, y: 100 }));
    expect(desk.shown.link?.to).toEqual({ x: 700, y: 100 });
    tools.move(desk.at({ x: 700, y: 200 }));
    expect(desk.shown.target).toBe("c");
    tools.up(desk.at({ x: 700, y: 200 }));
    expect(desk.heard).toEqual([["connect", "b", "next", "c"]]);
    expect(desk.shown).toEqual({});
  });
  it("offers what can follow where it is dropped on empty paper", () => {
    const { desk, tools } = start();
    tools.down(desk.at({ x: 836, y: 36 }, press(desk)));
    tools.move(desk.at({ x: 1000, y: 500 }));
    tools.up(desk.at({ x: 1000, y: 500 }));
    expect(desk.offered).toEqual({ at: { x: 1000, y: 500 }, from: { id: "b", port: "next" } });
    expect(desk.heard).toEqual([]);
  });
});

describe("a flow that may only be looked at", () => {
  it("is selected and panned, never changed", () => {
    const { desk, tools } = start();
    desk.readonly = true;
    drag(tools, desk, ON_A, { x: 500, y: 300 });
    drag(tools, desk, NOWHERE, { x: 200, y: 300 });
    tools.doubleClick(desk.at(NOWHERE));
    expect(desk.heard).toEqual([]);
    expect(desk.offered).toBeNull();
    expect(desk.viewport.x).not.toBe(0);
  });
});

describe("a double click", () => {
  it("opens a card, and offers kinds on an edge and on the paper", () => {
    const { desk, tools } = start();
    tools.doubleClick(desk.at(ON_A));
    expect(desk.heard).toEqual([["open", "a"]]);
    tools.doubleClick(desk.at({ x: 224, y: 36 }));
    expect(desk.offered?.edge?.to.id).toBe("a");
    tools.doubleClick(desk.at(NOWHERE));
    expect(desk.offered).toEqual({ at: NOWHERE });
  });
});
