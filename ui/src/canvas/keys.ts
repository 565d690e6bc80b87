/** Does what keys ask for. Every drag has a key here. */
import { GRID } from "./geometry";
import { commandOf, flowOrder, Walker, type Command, type Direction, type Simple } from "./keyboard";
import { portsOf, type Menu } from "./menu";
import type { Card, Edge, Scene } from "./scene";
import type { CanvasEvents, Move, Point, PortRef } from "./types";

/** The board as keys need it. */
export interface Surface {
  readonly scene: Scene;
  readonly events: CanvasEvents;
  readonly readonly: boolean;
  readonly selectedEdge: Edge | null;
  selectEdge(edge: Edge | null): void;
  /** The selected edge will have this port once the document has changed. */
  followEdge(ref: PortRef): void;
  reveal(id: string): void;
  fit(): void;
  zoomBy(factor: number): void;
  zoomReset(): void;
  zoomTo(ids: readonly string[]): void;
  panPage(dx: number, dy: number): void;
  cancel(): boolean;
  middle(): Point;
}

/** Where the keyboard is, and how it goes elsewhere. */
export interface Cursor {
  at(): string | null;
  go(id: string | null): void;
  sayEdge(edge: Edge): void;
}

interface KeyEvent {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export class Keys {
  private readonly walker = new Walker();
  private order: { readonly settled: number; readonly ids: readonly string[] } | null = null;

  constructor(
    private readonly board: Surface,
    private readonly menu: Menu,
    private readonly cursor: Cursor,
  ) {}

  /** Whether the key was ours. */
  press(event: KeyEvent): boolean {
    const command = commandOf({ key: event.key, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey }, GRID);
    return command !== null && this.run(command);
  }

  private run(command: Command): boolean {
    switch (command.do) {
      case "walk":
        return this.walk(command.to);
      case "nudge":
        return this.nudge(command.dx, command.dy);
      case "reorder":
        return this.reorder(command.by);
      case "tab":
        return this.tab(command.by);
      case "edge":
        return this.nextEdge(command.by);
      case "pan":
        this.board.panPage(command.dx, command.dy);
        return true;
      default:
        return this.simple(command.do);
    }
  }

  private simple(what: Simple): boolean {
    const { board } = this;
    const card = this.here();
    if (what === "open") return this.on(card, ({ id }) => board.events.open(id));
    if (what === "remove") return this.remove();
    if (what === "escape") return this.escape();
    if (what === "connect") return this.edit(card, (at) => this.menu.connect(at));
    if (what === "insert") return this.insert();
    if (what === "create") return this.create(card);
    if (what === "all") board.events.select([...board.scene.cards.keys()], "replace");
    else if (what === "start") return this.toStart();
    else this.look(what);
    return true;
  }

  private look(what: Simple): void {
    const { board } = this;
    if (what === "fit") board.fit();
    else if (what === "zoomIn") board.zoomBy(1.25);
    else if (what === "zoomOut") board.zoomBy(0.8);
    else if (what === "zoomReset") board.zoomReset();
    else if (what === "zoomSelection") board.zoomTo([...board.scene.view.selection]);
  }

  private here(): Card | undefined {
    const { scene } = this.board;
    const at = this.cursor.at();
    const [first] = scene.view.selection;
    return scene.card(at ?? "") ?? scene.card(first ?? "");
  }

  private walk(to: Direction): boolean {
    const from = this.here();
    if (from === undefined) return this.toStart();
    const next = this.walker.step(this.board.scene, from.id, to);
    if (next !== null) this.select(next);
    return true;
  }

  private tab(by: -1 | 1): boolean {
    const { scene } = this.board;
    if (this.order?.settled !== scene.settled) this.order = { settled: scene.settled, ids: flowOrder(scene) };
    const { ids } = this.order;
    const at = ids.indexOf(this.here()?.id ?? "");
    const next = ids[at < 0 ? (by > 0 ? 0 : -1) : at + by];
    // At either end the focus leaves the canvas, so that nobody is caught in it.
    if (next === undefined) return false;
    this.select(next);
    return true;
  }

  private toStart(): boolean {
    const start = [...this.board.scene.cards.values()].find((card) => card.node.kind === "start") ?? this.board.scene.cards.values().next().value;
    if (start !== undefined) this.select(start.id);
    return start !== undefined;
  }

  private select(id: string): void {
    this.board.selectEdge(null);
    this.board.events.select([id], "replace");
    this.cursor.go(id);
    this.board.reveal(id);
  }

  private nudge(dx: number, dy: number): boolean {
    const { scene, events, readonly } = this.board;
    if (readonly) return false;
    const moves: Move[] = [];
    for (const id of scene.view.selection) {
      const node = scene.card(id)?.node;
      if (node !== undefined) moves.push({ id, x: node.x + dx, y: node.y + dy });
    }
    if (moves.length > 0) events.moveNodes(moves);
    return moves.length > 0;
  }

  private reorder(by: -1 | 1): boolean {
    const edge = this.board.selectedEdge;
    const port = edge?.ports.find((one) => typeof one.order === "number");
    if (edge === null || port === undefined || this.board.readonly) return false;
    // A branch takes its edge with it; one that is at the end already stays what it is.
    const to = port.id.replace(/\[(\d+)\]$/, (_, index: string) => `[${Number(index) + by}]`);
    if (this.board.scene.edge({ id: edge.from.id, port: to }) !== undefined) this.board.followEdge({ id: edge.from.id, port: to });
    this.board.events.reorder(edge.from.id, port.id, by);
    return true;
  }

  private nextEdge(by: -1 | 1): boolean {
    const card = this.board.selectedEdge?.from ?? this.here();
    if (card === undefined || card.edges.length === 0) return false;
    const at = this.board.selectedEdge === null ? -1 : card.edges.indexOf(this.board.selectedEdge);
    const next = card.edges[(at + by + card.edges.length + (at < 0 && by < 0 ? 1 : 0)) % card.edges.length];
    if (next === undefined) return false;
    this.board.selectEdge(next);
    this.cursor.sayEdge(next);
    return true;
  }

  private remove(): boolean {
    const { scene, events, readonly, selectedEdge } = this.board;
    if (readonly) return false;
    if (selectedEdge !== null) {
      this.board.selectEdge(null);
      events.disconnect(portsOf(selectedEdge));
      return true;
    }
    const ids = [...scene.view.selection];
    if (ids.length === 0) return false;
    const [first] = ids;
    const next = ids.length === 1 && first !== undefined ? this.walker.step(scene, first, "left") : null;
    events.remove(ids);
    this.cursor.go(next);
    if (next !== null) events.select([next], "replace");
    return true;
  }

  private insert(): boolean {
    const edge = this.board.selectedEdge;
    if (edge === null || this.board.readonly) return false;
    this.menu.offer({ at: this.board.scene.labels.spot(edge), edge });
    return true;
  }

  private create(card: Card | undefined): boolean {
    if (this.board.readonly) return false;
    this.menu.add(card, this.board.middle());
    return true;
  }

  private escape(): boolean {
    const { scene, events } = this.board;
    if (this.board.cancel()) return true;
    if (this.board.selectedEdge !== null) this.board.selectEdge(null);
    else if (scene.view.selection.size > 0) events.select([], "replace");
    else return false;
    return true;
  }

  private on(card: Card | undefined, act: (card: Card) => void): boolean {
    if (card !== undefined) act(card);
    return card !== undefined;
  }

  private edit(card: Card | undefined, act: (card: Card) => void): boolean {
    return !this.board.readonly && this.on(card, act);
  }
}
