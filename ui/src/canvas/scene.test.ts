import { describe, expect, it } from "vitest";
import { manyCards, random } from "./bench/graph";
import { node, port, small, view } from "./fixture";
import { CARD_W, covers, grow, intersects, portPoint } from "./geometry";
import { thickness } from "./draw-edges";
import { Scene } from "./scene";
import type { GraphNode, GraphView } from "./types";

function made(graph: GraphView, lanes = false): Scene {
  const scene = new Scene();
  scene.update(graph, lanes);
  return scene;
}

/** Everything that can be seen of a scene, to compare one brought up to date with one made anew. */
function seen(scene: Scene): unknown {
  return [...scene.cards.values()]
    .map((card) => ({
      id: card.id,
      rect: card.rect,
      edges: card.edges.map((edge) => [edge.to.id, edge.ports.map((one) => one.id), edge.curve, edge.lit]),
      into: [...card.into].map((edge) => edge.from.id).sort(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe("the scene", () => {
  it("draws one edge for all ports of a card that lead to the same card", () => {
    const scene = made(view([node("a", 0, 0, [port("timeout", "b"), port("ok", "c"), port("failed", "b")]), node("b", 300, 0), node("c", 300, 200)]));
    expect(scene.card("a")?.edges.map((edge) => edge.ports.map((one) => one.id))).toEqual([["timeout", "failed"], ["ok"]]);
    expect(scene.edge({ id: "a", port: "failed" })).toBe(scene.edge({ id: "a", port: "timeout" }));
    expect(scene.edgeCount).toBe(2);
  });
  it("leaves out what leads nowhere, and draws it once the card is there", () => {
    const scene = made(view([node("a", 0, 0, [port("next", "later")])]));
    expect(scene.edgeCount).toBe(0);
    const a = scene.card("a")?.node as GraphNode;
    scene.update(view([a, node("later", 300, 0)]), false);
    expect(scene.edgeCount).toBe(1);
    scene.update(view([a]), false);
    expect(scene.edgeCount).toBe(0);
  });
  it("finds cards, ports and edges under a point", () => {
    const scene = made(small());
    expect(scene.cardAt({ x: 330, y: 10 })?.id).toBe("a");
    expect(scene.cardAt({ x: 250, y: 10 })).toBeUndefined();
    const a = scene.card("a");
    const dot = portPoint(a?.rect ?? { x: 0, y: 0, w: 0, h: 0 }, 1, 2);
    expect(scene.portAt({ x: dot.x + 3, y: dot.y + 2 }, 8)?.edge.to.id).toBe("c");
    expect(scene.portAt({ x: dot.x + 30, y: dot.y }, 8)).toBeUndefined();
    expect(scene.edgeAt({ x: 128 + (320 - 128) / 2, y: 36 }, 5)?.to.id).toBe("a");
  });
  it("touches only what changed", () => {
    const graph = small();
    const scene = made(graph);
    const before = new Map([...scene.cards].map(([id, card]) => [id, card.edges]));
    const nodes = graph.nodes.map((one) => (one.id === "b" ? { ...one, x: 700 } : one));
    scene.update({ ...graph, nodes }, false);
    expect(scene.card("start")?.edges).toBe(before.get("start"));
    expect(scene.card("a")?.edges[0]?.curve.at(-2)).toBe(700);
    expect(scene.card("b")?.rect.x).toBe(700);
  });
  it("lights the path of the preview and puts it out again", () => {
    const graph = small();
    const scene = made(graph);
    scene.update({ ...graph, litEdges: new Set(["a:else", "start:next"]) }, false);
    expect(scene.card("a")?.edges.map((edge) => edge.lit)).toEqual([false, true]);
    scene.update({ ...graph, litEdges: new Set(["a:branches[0]"]) }, false);
    expect(scene.card("a")?.edges.map((edge) => edge.lit)).toEqual([true, false]);
    expect(scene.card("start")?.edges[0]?.lit).toBe(false);
  });
  it("shows a drag and takes it back", () => {
    const scene = made(small());
    const at = scene.card("a")?.rect;
    scene.dragBy(new Set(["a"]), 30, 40);
    expect(scene.card("a")?.rect.x).toBe((at?.x ?? 0) + 30);
    expect(scene.card("start")?.edges[0]?.curve.at(-2)).toBe((at?.x ?? 0) + 30);
    const settled = scene.settled;
    scene.dragBy(null);
    expect(scene.card("a")?.rect).toEqual(at);
    expect(scene.settled).toBe(settled);
  });
  it("brought up to date equals one made anew, over many random changes", () => {
    const next = random(11);
    let graph = manyCards(60, 5);
    const scene = made(graph);
    for (let round = 0; round < 120; round += 1) {
      graph = changed(graph, next, round);
      const lanes = round % 40 > 30;
      scene.update(graph, lanes);
      expect(seen(scene)).toEqual(seen(made(graph, lanes)));
    }
  });
});

function changed(graph: GraphView, next: () => number, round: number): GraphView {
  const nodes = [...graph.nodes];
  const at = Math.floor(next() * nodes.length);
  const one = nodes[at];
  const what = next();
  const any = (): string => nodes[Math.floor(next() * nodes.length)]?.id ?? "";
  if (what < 0.2) nodes.splice(at, 1);
  else if (what < 0.4) nodes.push(node(`x${round}`, next() * 4000, next() * 3000, [port("next", any())]));
  else if (one !== undefined && what < 0.7) nodes[at] = { ...one, x: next() * 4000, lane: next() < 0.5 ? "t1" : "ai" };
  else if (one !== undefined) nodes[at] = { ...one, ports: [port("ok", any()), port("error", next() < 0.3 ? null : any())] };
  const lit = new Set(nodes.filter(() => next() < 0.1).flatMap((lighted) => lighted.ports.map((way) => `${lighted.id}:${way.id}`)));
  return { ...graph, nodes, litEdges: lit, lanes: [{ id: "ai", title: "AI" }, { id: "t1", title: "Tier 1" }] };
}

describe("lanes", () => {
  const lanes = [{ id: "ai", title: "AI" }, { id: "t1", title: "One" }, { id: "t2", title: "Two" }];
  const graph = view([node("a", 0, 0), node("b", 0, 500), node("h", 300, 100, [], { lane: "t1" }), node("v", 300, -900, [], { lane: "t2" })], { lanes });
  it("stand in the order of the climb, each as high as its cards, and hold them", () => {
    const scene = made(graph, true);
    expect(scene.bands.map((band) => band.lane.id)).toEqual(["ai", "t1", "t2"]);
    scene.bands.forEach((band, index) => {
      const below = scene.bands[index + 1];
      if (below !== undefined) expect(band.y + band.h).toBe(below.y);
    });
    const bandOf = (id: string) => scene.bands.find((band) => covers({ x: -1e6, y: band.y, w: 2e6, h: band.h }, scene.card(id)?.rect ?? { x: 0, y: 0, w: 0, h: 0 }))?.lane.id;
    expect(["a", "b", "h", "v"].map(bandOf)).toEqual(["ai", "ai", "t1", "t2"]);
    expect(scene.card("a")?.rect.y).toBe(0);
  });
  it("are a way of looking: the document's places are what they were", () => {
    const scene = made(graph, true);
    const shift = (scene.card("h")?.rect.y ?? 0) - 100;
    expect(scene.documentPoint({ x: 10, y: 400 + shift }, "handoff")).toEqual({ x: 10, y: 400 });
    expect(scene.documentPoint({ x: 10, y: 400 }, "message")).toEqual({ x: 10, y: 400 });
    scene.update(graph, false);
    expect(scene.card("h")?.rect.y).toBe(100);
  });
});

describe("labels", () => {
  it("lie on no card and on no other label", () => {
    const scene = made(manyCards(400, 2));
    const placed = [...scene.cards.values()].flatMap((card) => card.edges).flatMap((edge) => scene.labels.of(edge) ?? []);
    expect(placed.length).toBeGreaterThan(250);
    const cards = [...scene.cards.values()];
    const onCards = placed.filter((label) => cards.some((card) => intersects(label.rect, card.rect)));
    const onLabels = placed.filter((label, index) => placed.slice(index + 1).some((other) => intersects(grow(label.rect, -0.5), other.rect)));
    expect([onCards.length, onLabels.length]).toEqual([0, 0]);
  });
  it("keep their place until something near them moves", () => {
    const graph = small();
    const scene = made(graph);
    const edge = scene.edge({ id: "a", port: "else" });
    if (edge === undefined) throw new Error("no edge");
    const label = scene.labels.of(edge);
    expect(scene.labels.of(edge)).toBe(label);
    expect(scene.edgeAt({ x: (label?.rect.x ?? 0) + 3, y: (label?.rect.y ?? 0) + 3 }, 1)).toBe(edge);
    const on = scene.labels.spot(edge);
    scene.update({ ...graph, nodes: [...graph.nodes, node("on", on.x - CARD_W / 2, on.y - 36)] }, false);
    const moved = scene.labels.of(edge);
    expect(moved).not.toBe(label);
    const there = scene.card("on")?.rect;
    if (moved !== null && there !== undefined) expect(intersects(moved.rect, there)).toBe(false);
  });
});

describe("what a replay took", () => {
  it("is the share of all ports of an edge, full at one, and gone with the replay", () => {
    const nodes = [node("a", 0, 0, [port("timeout", "b"), port("ok", "c"), port("failed", "b")]), node("b", 300, 0), node("c", 300, 200)];
    const scene = made({ ...view(nodes), edgeShares: new Map([["a:timeout", 0.25], ["a:failed", 0.5]]) });
    expect(scene.edge({ id: "a", port: "timeout" })?.share).toBe(0.75);
    expect(scene.edge({ id: "a", port: "ok" })?.share).toBe(0);
    scene.update({ ...view(nodes), edgeShares: new Map([["a:ok", 3]]) }, false);
    expect(scene.edge({ id: "a", port: "ok" })?.share).toBe(1);
    scene.update(view(nodes), false);
    expect(scene.edge({ id: "a", port: "ok" })?.share).toBeNull();
    expect([null, 0, 0.01, 0.5, 1].map(thickness)).toEqual([-1, 0, 1, 5, 6]);
  });
});
