/** What each card element shows. A state that did not change keeps its identity, and its element is left alone. No DOM. */
import type { Card, Scene } from "./scene";
import type { Rect } from "./geometry";
import type { GraphNode, Point } from "./types";

export interface CardState {
  readonly id: string;
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  /** How many edges leave it. */
  readonly slots: number;
  readonly selected: boolean;
  /** Where the keyboard is. */
  readonly active: boolean;
  readonly target: boolean;
  /** Its ports are shown by name. */
  readonly open: boolean;
  /** How far their list moves to stay in view, in document units. */
  readonly portsX: number;
  readonly portsY: number;
  readonly dragged: boolean;
}

export interface Flags {
  readonly selection: ReadonlySet<string>;
  readonly active: string | null;
  readonly target: string | null;
  readonly open: ReadonlySet<string>;
  readonly dragged: ReadonlySet<string>;
  /** What is seen of the picture. */
  readonly seen: Rect;
}

export class CardStates {
  private known = new Map<string, CardState>();

  of(cards: readonly Card[], flags: Flags): CardState[] {
    const next = new Map<string, CardState>();
    const states = cards.map((card) => {
      const state = this.keep(stateOf(card, flags));
      next.set(card.id, state);
      return state;
    });
    this.known = next;
    return states;
  }

  private keep(state: CardState): CardState {
    const before = this.known.get(state.id);
    return before !== undefined && same(before, state) ? before : state;
  }
}

function stateOf(card: Card, flags: Flags): CardState {
  const { id } = card;
  const dragged = flags.dragged.has(id);
  // One way on needs no list: its dot is the handle.
  const open = !dragged && flags.open.has(id) && card.node.ports.length > 1;
  const ports = open ? portsIn(card, flags.seen) : NOT_MOVED;
  return {
    id,
    node: card.node,
    x: card.rect.x,
    y: card.rect.y,
    w: card.rect.w,
    slots: card.edges.length,
    selected: flags.selection.has(id),
    active: flags.active === id,
    target: flags.target === id,
    open,
    portsX: ports.x,
    portsY: ports.y,
    dragged,
  };
}

function same(a: CardState, b: CardState): boolean {
  return (
    a.node === b.node &&
    a.x === b.x &&
    a.y === b.y &&
    a.w === b.w &&
    a.slots === b.slots &&
    a.selected === b.selected &&
    a.active === b.active &&
    a.target === b.target &&
    a.open === b.open &&
    a.portsX === b.portsX &&
    a.portsY === b.portsY &&
    a.dragged === b.dragged
  );
}

const PORT_ROW = 25;
const PORTS_W = 150;
const PORTS_GAP = 6;
const NOT_MOVED: Point = { x: 0, y: 0 };

/** The list of a card at the border moves over the card and up or down, so that every port can be reached. */
function portsIn({ rect, node }: Card, seen: Rect): Point {
  const h = node.ports.length * PORT_ROW + 2 * PORTS_GAP;
  const top = rect.y + rect.h / 2 - h / 2;
  const over = rect.x + rect.w + PORTS_GAP + PORTS_W + 2 * PORTS_GAP - (seen.x + seen.w);
  const up = top + h + PORTS_GAP - (seen.y + seen.h);
  const down = seen.y + PORTS_GAP - top;
  return { x: over > 0 ? -Math.min(over, PORTS_W) : 0, y: Math.round(down > 0 ? down : up > 0 ? -Math.min(up, top - seen.y - PORTS_GAP) : 0) };
}

/** A card with the room that the names of its ports take beside it. */
export function withPorts({ rect, node }: Card): Rect {
  return node.ports.length > 1 ? { ...rect, w: rect.w + PORTS_GAP + PORTS_W } : rect;
}

/** The names of a selected card's ports are shown only where they hide no other card; pointing shows them anyway. */
export function roomForPorts(scene: Scene, id: string): boolean {
  const card = scene.card(id);
  if (card === undefined) return false;
  const { rect, node } = card;
  const h = node.ports.length * PORT_ROW;
  let free = true;
  scene.cardsIn({ x: rect.x + rect.w + 8, y: rect.y + rect.h / 2 - h / 2, w: PORTS_W, h }, (other) => {
    if (other !== card) free = false;
    return !free;
  });
  return free;
}
