import { panBy } from "../viewport";
import type { Gesture, Host, Input } from "./tool";

/** Drags the paper. */
export class Pan implements Gesture {
  readonly cursor = "grabbing";
  private last: { readonly x: number; readonly y: number };

  constructor(
    private readonly host: Host,
    start: Input,
  ) {
    this.last = start.screen;
  }

  move({ screen }: Input): void {
    this.host.look(panBy(this.host.view(), screen.x - this.last.x, screen.y - this.last.y));
    this.last = screen;
  }

  up(): void {}
  cancel(): void {}
}
