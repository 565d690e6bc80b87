/** The canvas by keyboard: which key means what, and how arrows walk along edges. No DOM. */
import { middle } from "./geometry";
import type { Card, Edge, Scene } from "./scene";

export type Direction = "left" | "right" | "up" | "down";

export type Command =
  | { readonly do: "walk"; readonly to: Direction }
  | { readonly do: "nudge"; readonly dx: number; readonly dy: number }
  | { readonly do: "reorder"; readonly by: -1 | 1 }
  | { readonly do: "tab"; readonly by: -1 | 1 }
  | { readonly do: "edge"; readonly by: -1 | 1 }
  | { readonly do: "pan"; readonly dx: number; readonly dy: number }
  | { readonly do: Simple };

export type Simple =
  | "open"
  | "remove"
  | "connect"
  | "insert"
  | "create"
  | "escape"
  | "all"
  | "start"
  | "fit"
  | "zoomIn"
  | "zoomOut"
  | "zoomReset"
  | "zoomSelection";

export interface Key {
  readonly key: string;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
}

const ARROWS: Readonly<Record<string, Direction>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const STEP: Readonly<Record<Direction, readonly [number, number]>> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

const PLAIN: Readonly<Record<string, Simple>> = {
  Enter: "open",
  Delete: "remove",
  Backspace: "remove",
  c: "connect",
  i: "insert",
  n: "create",
  Escape: "escape",
  Home: "start",
  "+": "zoomIn",
  "=": "zoomIn",
  "-": "zoomOut",
  "0": "zoomReset",
  "1": "fit",
  "2": "zoomSelection",
};

/** What a key means on the canvas, or null where it is not ours (the shell's, the browser's). */
export function commandOf(key: Key, grid: number): Command | null {
  const arrow = ARROWS[key.key];
  if (arrow !== undefined) return arrowCommand(arrow, key, grid);
  if (key.ctrl) return key.key.toLowerCase() === "a" && !key.shift && !key.alt ? { do: "all" } : null;
  if (key.alt) return null;
  if (key.key === "Tab") return { do: "tab", by: key.shift ? -1 : 1 };
  if (key.key.toLowerCase() === "e") return { do: "edge", by: key.shift ? -1 : 1 };
  const simple = PLAIN[key.key] ?? PLAIN[key.key.toLowerCase()];
  return simple === undefined ? null : { do: simple };
}

function arrowCommand(to: Direction, key: Key, grid: number): Command | null {
  const [x, y] = STEP[to];
  if (key.alt) return y === 0 || key.ctrl || key.shift ? null : { do: "reorder", by: y < 0 ? -1 : 1 };
  if (key.ctrl && !key.shift) return { do: "pan", dx: x, dy: y };
  if (key.shift) return { do: "nudge", dx: x * grid * (key.ctrl ? 8 : 1), dy: y * grid * (key.ctrl ? 8 : 1) };
  return { do: "walk", to };
}

/**
 * Walks along edges: right follows a way out (again the one taken last time), left goes back the way
 * one came, up and down go to the neighbours behind the same card, else to what stands there.
 */
export class Walker {
  private readonly cameFrom = new Map<string, string>();
  private readonly wentTo = new Map<string, string>();

  step(scene: Scene, id: string, to: Direction): string | null {
    const card = scene.card(id);
    if (card === undefined) return null;
    if (to === "right") return this.forward(card);
    if (to === "left") return this.back(card);
    return this.aside(scene, card, to === "down" ? 1 : -1);
  }

  private forward(card: Card): string | null {
    const again = card.edges.find((edge) => edge.to.id === this.wentTo.get(card.id));
    const next = (again ?? card.edges[0])?.to.id ?? null;
    if (next !== null) this.remember(card.id, next);
    return next;
  }

  private back(card: Card): string | null {
    const parent = this.parent(card);
    if (parent !== null) this.wentTo.set(parent.id, card.id);
    return parent?.id ?? null;
  }

  private aside(scene: Scene, card: Card, by: number): string | null {
    const parent = this.parent(card);
    const siblings = parent?.edges.map((edge) => edge.to.id) ?? [];
    const next = siblings[siblings.indexOf(card.id) + by];
    if (parent !== null && next !== undefined && siblings.includes(card.id)) {
      this.remember(parent.id, next);
      return next;
    }
    return beside(scene, card, by)?.id ?? null;
  }

  private parent(card: Card): Card | null {
    const known = this.cameFrom.get(card.id);
    let first: Edge | null = null;
    for (const edge of card.into) {
      if (edge.from.id === known) return edge.from;
      if (edge.from !== card && (first === null || edge.from.rect.x < first.from.rect.x)) first = edge;
    }
    return first?.from ?? null;
  }

  private remember(from: string, to: string): void {
    this.cameFrom.set(to, from);
    this.wentTo.set(from, to);
  }
}

/** The nearest card straight above or below. */
function beside(scene: Scene, card: Card, by: number): Card | null {
  const from = middle(card.rect);
  let best: Card | null = null;
  let least = Infinity;
  const h = 1600;
  const area = { x: card.rect.x - 400, y: by > 0 ? from.y : from.y - h, w: card.rect.w + 800, h };
  scene.cardsIn(area, (other) => {
    const at = middle(other.rect);
    const down = (at.y - from.y) * by;
    const cost = down + 2 * Math.abs(at.x - from.x);
    if (other === card || down <= 0 || cost >= least) return;
    least = cost;
    best = other;
  });
  return best;
}

/** The order in which one reads the flow: from the start along the first way out, then the others; strays last. */
export function flowOrder(scene: Scene): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const stack: Card[] = [];
  const visit = (from: Card): void => {
    stack.push(from);
    for (let card = stack.pop(); card !== undefined; card = stack.pop()) {
      if (seen.has(card.id)) continue;
      seen.add(card.id);
      order.push(card.id);
      for (let at = card.edges.length - 1; at >= 0; at -= 1) {
        const next = card.edges[at]?.to;
        if (next !== undefined && !seen.has(next.id)) stack.push(next);
      }
    }
  };
  for (const card of scene.cards.values()) if (card.node.kind === "start") visit(card);
  const strays = [...scene.cards.values()].filter((card) => !seen.has(card.id));
  strays.sort((a, b) => a.rect.x - b.rect.x || a.rect.y - b.rect.y || (a.id < b.id ? -1 : 1));
  for (const card of strays) visit(card);
  return order;
}
