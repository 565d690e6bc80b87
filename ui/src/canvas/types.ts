/**
 * What the canvas is given and what it asks for. The canvas never edits the document: it shows a
 * `GraphView` and says one intention with one event, and each event becomes one undo step.
 * A node object that did not change keeps its identity from view to view; that is how the scene
 * finds out cheaply what to lay out and draw again.
 */
import type { Port } from "../kinds";

export type Severity = "error" | "warning" | "info";

export type GraphPort = Port;

export interface Badge {
  readonly severity: Severity;
  readonly count: number;
  /** An unfinished card that is still being drawn: nothing nags yet. */
  readonly hollow?: boolean;
}

export interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  /** One line of what it does: the words said, the condition, tier and context. */
  readonly substance: string;
  readonly ports: readonly GraphPort[];
  readonly x: number;
  readonly y: number;
  readonly badge?: Badge;
  /** A lane id of the view; without one the card is in the first lane (the AI). */
  readonly lane?: string;
  readonly group?: string;
  /** The share of conversations that reach it, 0 to 1; shown as a bar. */
  readonly coverage?: number;
  /** On the path of the preview. */
  readonly lit?: boolean;
}

/** A trigger: from anywhere (`within` as written: `*`, node ids, `group:x`, `!group:x`) to a node. */
export interface GraphTrigger {
  readonly id: string;
  readonly title: string;
  readonly to: string | null;
  readonly within: readonly string[];
  readonly lit?: boolean;
  /** How often it fired in what was replayed. */
  readonly fired?: number;
}

export interface GraphLane {
  readonly id: string;
  readonly title: string;
  /** Staff and promise in words, shown small behind the name. */
  readonly detail?: string;
}

export interface GraphView {
  readonly nodes: readonly GraphNode[];
  readonly triggers: readonly GraphTrigger[];
  /** In the order of the climb; the first one is the AI. */
  readonly lanes: readonly GraphLane[];
  readonly selection: ReadonlySet<string>;
  /** Keys made by `edgeKey`. */
  readonly litEdges: ReadonlySet<string>;
  /** Keys of edges that no values take. */
  readonly deadEdges: ReadonlySet<string>;
  /** How large a share of what was replayed took each edge, 0 to 1, by the same keys; absent where nothing was replayed. */
  readonly edgeShares?: ReadonlyMap<string, number>;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PortRef {
  readonly id: string;
  readonly port: string;
}

export interface Move extends Point {
  readonly id: string;
}

export type InsertedCard = { readonly kind: string } | { readonly id: string };

export type SelectMode = "replace" | "add" | "toggle";

/** Positions are those of the document (`layout`), whatever lanes do to the picture. */
export interface CanvasEvents {
  select(ids: readonly string[], mode: SelectMode): void;
  /** One finished move of one or many cards. */
  moveNodes(moves: readonly Move[]): void;
  /** Leads a port (fresh ones included) to a node, replacing where it led before. */
  connect(from: string, port: string, to: string): void;
  /** Ports of one card that lead to the same card are drawn as one edge, and go together. */
  disconnect(ports: readonly PortRef[]): void;
  /** Puts a new card (`kind`) or a card that stands already (`id`) between the two ends of an edge. */
  insertOnEdge(ports: readonly PortRef[], what: InsertedCard, at: Point): void;
  /** A new card; with `from`, that port leads to it. */
  createAt(at: Point, kind: string, from?: PortRef): void;
  remove(ids: readonly string[]): void;
  /** Moves a branch among its siblings, by keyboard or menu. */
  reorder(from: string, port: string, by: -1 | 1): void;
  open(id: string): void;
  hover(id: string | null): void;
}

/** What `bind:this` on `Canvas.svelte` gives. */
export interface CanvasHandle {
  fit(): void;
  /** The first look at a flow: all of it where that can be read, else its beginning. */
  home(): void;
  zoomTo(ids: readonly string[]): void;
  /** Brings one card into view without changing the zoom, unless it is too far to read. */
  reveal(id: string): void;
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  zoomPercent(): number;
  /** Where a card that comes without a pointer (palette, paste) should go: the middle of the view. */
  center(): Point;
  focus(): void;
}

/** The name of an edge: a node has at most one edge a port. */
export function edgeKey(from: string, port: string): string {
  return `${from}:${port}`;
}
