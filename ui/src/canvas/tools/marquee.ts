import { intersects, rectOf } from "../geometry";
import { NO_OVERLAY, type Gesture, type Host, type Input } from "./tool";

/** Selects what a drawn rectangle touches; with shift or ctrl it adds to what is selected. */
export class Marquee implements Gesture {
  readonly cursor = "crosshair";

  constructor(
    private readonly host: Host,
    private readonly start: Input,
  ) {}

  move(input: Input): void {
    this.host.overlay({ marquee: rectOf(this.start.world, input.world) });
  }

  up(input: Input): void {
    const area = rectOf(this.start.world, input.world);
    const ids: string[] = [];
    this.host.scene.cardsIn(area, (card) => {
      if (intersects(card.rect, area)) ids.push(card.id);
    });
    this.host.overlay(NO_OVERLAY);
    this.host.events.select(ids.sort(), this.start.shift || this.start.ctrl ? "add" : "replace");
  }

  cancel(): void {
    this.host.overlay(NO_OVERLAY);
  }
}
