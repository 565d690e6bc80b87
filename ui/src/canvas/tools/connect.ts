import type { Card } from "../scene";
import type { Point, PortRef } from "../types";
import { NO_OVERLAY, type Gesture, type Host, type Input } from "./tool";

/** Draws an edge from a port: to a card, or to an empty place, where it asks what should follow. */
export class Connect implements Gesture {
  readonly cursor = "crosshair";
  private target: Card | null = null;

  constructor(
    private readonly host: Host,
    private readonly from: PortRef,
    private readonly at: Point,
  ) {}

  move(input: Input): void {
    const card = this.host.scene.cardAt(input.world);
    this.target = card !== undefined && this.host.follows(card) ? card : null;
    const link = { from: this.at, to: input.world };
    this.host.overlay(this.target === null ? { link } : { link, target: this.target.id });
  }

  up(input: Input): void {
    const { target } = this;
    this.host.overlay(NO_OVERLAY);
    if (target !== null) this.host.events.connect(this.from.id, this.from.port, target.id);
    else if (this.host.scene.cardAt(input.world) === undefined) this.host.offer({ at: input.world, from: this.from });
  }

  cancel(): void {
    this.host.overlay(NO_OVERLAY);
  }
}
