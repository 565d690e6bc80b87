import { grow, intersects, middle, type Rect } from "../geometry";
import type { Card, Edge } from "../scene";
import type { Move as Place } from "../types";
import { visible } from "../viewport";
import { align } from "./align";
import { NO_OVERLAY, type Gesture, type Host, type Input } from "./tool";

/** Lines further than this many pixels do not catch. */
const REACH = 6;
/** More neighbours than this help nobody to align. */
const NEIGHBOURS = 300;

/** Drags cards; a single card without edges may be dropped on an edge and then stands between its ends. */
export class MoveCards implements Gesture {
  readonly cursor = "grabbing";
  private readonly ids: ReadonlySet<string>;
  private readonly box: Rect | null;
  private dx = 0;
  private dy = 0;
  private onto: Edge | null = null;

  constructor(
    private readonly host: Host,
    private readonly start: Input,
    card: Card,
  ) {
    const { selection } = host.scene.view;
    const chosen = selection.has(card.id);
    this.ids = chosen ? new Set(selection) : new Set([card.id]);
    if (!chosen) host.events.select([card.id], "replace");
    this.box = host.scene.bounds(this.ids);
  }

  move(input: Input): void {
    if (this.box === null) return;
    const dx = input.world.x - this.start.world.x;
    const dy = input.world.y - this.start.world.y;
    const snapped = input.alt ? { dx, dy, guides: [] } : align(this.box, dx, dy, this.neighbours(dx, dy), REACH / this.host.view().zoom);
    this.dx = snapped.dx;
    this.dy = snapped.dy;
    this.host.scene.dragBy(this.ids, this.dx, this.dy);
    this.onto = this.edgeUnder();
    this.host.overlay(this.onto === null ? { guides: snapped.guides } : { guides: snapped.guides, onto: this.onto });
    this.host.dirty();
  }

  up(): void {
    const places = this.places();
    const { onto } = this;
    this.finish();
    const [only] = places;
    if (onto !== null && only !== undefined) {
      const ports = onto.ports.map((port) => ({ id: onto.from.id, port: port.id }));
      this.host.events.insertOnEdge(ports, { id: only.id }, { x: only.x, y: only.y });
    } else if (places.length > 0) this.host.events.moveNodes(places);
  }

  cancel(): void {
    this.finish();
  }

  private finish(): void {
    this.host.scene.dragBy(null);
    this.host.overlay(NO_OVERLAY);
    this.host.dirty();
  }

  private places(): Place[] {
    if (this.dx === 0 && this.dy === 0) return [];
    const places: Place[] = [];
    for (const id of this.ids) {
      const card = this.host.scene.card(id);
      if (card !== undefined) places.push({ id, x: Math.round(card.node.x + this.dx), y: Math.round(card.node.y + this.dy) });
    }
    return places;
  }

  private neighbours(dx: number, dy: number): Rect[] {
    const { box } = this;
    if (box === null) return [];
    const near = grow({ ...box, x: box.x + dx, y: box.y + dy }, 900);
    const shown = visible(this.host.view());
    const found: Rect[] = [];
    this.host.scene.cardsIn(near, (card) => {
      if (!this.ids.has(card.id) && intersects(card.rect, shown)) found.push(card.rect);
      return found.length >= NEIGHBOURS;
    });
    return found;
  }

  private edgeUnder(): Edge | null {
    if (this.ids.size !== 1) return null;
    const [id] = this.ids;
    const card = this.host.scene.card(id ?? "");
    if (card === undefined || card.edges.length > 0 || card.into.size > 0 || !this.host.follows(card)) return null;
    if (card.node.ports.length === 0) return null;
    return this.host.scene.edgeAt(middle(card.rect), 20) ?? null;
  }
}
