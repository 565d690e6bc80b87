/** What a tool is given and what it may do. A press means nothing yet: idle, then pointing, then dragging. No DOM. */
import type { Rect } from "../geometry";
import type { Card, Edge, Scene } from "../scene";
import type { CanvasEvents, Point, PortRef } from "../types";
import type { Viewport } from "../viewport";

export interface Input {
  readonly screen: Point;
  readonly world: Point;
  readonly button: number;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** The space bar is held: every drag pans. */
  readonly space: boolean;
  /** A finger: what it drags on the paper is the paper. */
  readonly touch?: boolean;
  readonly hit: Hit;
}

export type Hit =
  | { readonly on: "canvas" }
  | { readonly on: "card"; readonly card: Card }
  | { readonly on: "port"; readonly port: PortRef; readonly at: Point }
  | { readonly on: "edge"; readonly edge: Edge };

export interface Guide {
  readonly axis: "x" | "y";
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** What is drawn over the cards while a tool is at work, in document units. */
export interface Overlay {
  readonly marquee?: Rect;
  readonly guides?: readonly Guide[];
  readonly link?: { readonly from: Point; readonly to: Point };
  /** The card that a drop would connect to. */
  readonly target?: string;
  /** The edge that a drop would be put on. */
  readonly onto?: Edge;
}

/** A request for a choice of kinds: what can follow, or what may stand between. */
export interface Offer {
  readonly at: Point;
  readonly from?: PortRef;
  readonly edge?: Edge;
}

export interface Host {
  readonly scene: Scene;
  readonly events: CanvasEvents;
  readonly readonly: boolean;
  view(): Viewport;
  look(view: Viewport): void;
  overlay(overlay: Overlay): void;
  offer(offer: Offer): void;
  selectEdge(edge: Edge | null): void;
  /** Whether a card of this kind may be led to. */
  follows(card: Card): boolean;
  /** The picture changed. */
  dirty(): void;
}

/** What goes on between press and release. */
export interface Gesture {
  readonly cursor: string;
  move(input: Input): void;
  up(input: Input): void;
  cancel(): void;
}

export const NO_OVERLAY: Overlay = {};
/** A hand trembles this many pixels without meaning to drag. */
export const THRESHOLD = 4;

export function far(a: Point, b: Point): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) >= THRESHOLD;
}
