/** Small views for tests. */
import { Scene } from "./scene";
import type { Host, Input, Hit, Offer, Overlay } from "./tools/tool";
import type { CanvasEvents, GraphNode, GraphPort, GraphView, Point } from "./types";
import type { Edge } from "./scene";
import { START, toWorld, type Viewport } from "./viewport";

export function port(id: string, to: string | null, more: Partial<GraphPort> = {}): GraphPort {
  return { id, label: id, to, ...more };
}

export function node(id: string, x: number, y: number, ports: readonly GraphPort[] = [], more: Partial<GraphNode> = {}): GraphNode {
  return { id, kind: "message", title: id, substance: "", ports, x, y, ...more };
}

export function view(nodes: readonly GraphNode[], more: Partial<GraphView> = {}): GraphView {
  return { nodes, triggers: [], lanes: [], selection: new Set(), litEdges: new Set(), deadEdges: new Set(), ...more };
}

/** start -> a -> {b, c}; c leads back to a. */
export function small(more: Partial<GraphView> = {}): GraphView {
  return view(
    [
      node("start", 0, 0, [port("next", "a")], { kind: "start" }),
      node("a", 320, 0, [port("branches[0]", "b", { order: 1 }), port("branches[1]", null, { fresh: true }), port("else", "c", { order: "else" })], { kind: "listen" }),
      node("b", 640, 0, [port("next", null)]),
      node("c", 640, 160, [port("next", "a")]),
      node("alone", 320, 400, [port("next", null)]),
    ],
    more,
  );
}

export type Heard = readonly unknown[];

export function listening(): { readonly heard: Heard[]; readonly events: CanvasEvents } {
  const heard: Heard[] = [];
  const on = (name: string) => (...all: readonly unknown[]) => void heard.push([name, ...all]);
  return {
    heard,
    events: {
      select: on("select"),
      moveNodes: on("moveNodes"),
      connect: on("connect"),
      disconnect: on("disconnect"),
      insertOnEdge: on("insertOnEdge"),
      createAt: on("createAt"),
      remove: on("remove"),
      reorder: on("reorder"),
      open: on("open"),
      hover: on("hover"),
    },
  };
}

/** A host without a page: what tools did can be read from it. */
export class Desk implements Host {
  readonly scene = new Scene();
  readonly heard: Heard[];
  readonly events: CanvasEvents;
  readonly = false;
  viewport: Viewport = { ...START, x: 0, y: 0, width: 1200, height: 800 };
  shown: Overlay = {};
  offered: Offer | null = null;
  selectedEdge: Edge | null = null;

  constructor(graph: GraphView = small()) {
    const { heard, events } = listening();
    this.heard = heard;
    this.events = events;
    this.scene.update(graph, false);
  }

  view(): Viewport {
    return this.viewport;
  }
  look(to: Viewport): void {
    this.viewport = to;
  }
  overlay(overlay: Overlay): void {
    this.shown = overlay;
  }
  offer(offer: Offer): void {
    this.offered = offer;
  }
  selectEdge(edge: Edge | null): void {
    this.selectedEdge = edge;
  }
  follows(): boolean {
    return true;
  }
  dirty(): void {}

  /** A pointer at a place of the screen; what it hits is found as the board does, cards before edges. */
  at(screen: Point, more: Partial<Input> = {}): Input {
    const world = toWorld(this.viewport, screen);
    return { screen, world, button: 0, shift: false, ctrl: false, alt: false, space: false, hit: this.hit(world), ...more };
  }

  private hit(world: Point): Hit {
    const card = this.scene.cardAt(world);
    if (card !== undefined) return { on: "card", card };
    const edge = this.scene.edgeAt(world, 6);
    return edge === undefined ? { on: "canvas" } : { on: "edge", edge };
  }
}
