/** Chooses what a press becomes. The only place where buttons, modifiers and what is hit are weighed against each other. */
import type { Card } from "../scene";
import { Connect } from "./connect";
import { Marquee } from "./marquee";
import { MoveCards } from "./move";
import { Pan } from "./pan";
import { far, type Gesture, type Host, type Input } from "./tool";

/** Pressed, not yet moved: a release here is a click, a move starts the drag. */
class Pointing implements Gesture {
  readonly cursor = "default";
  private drag: Gesture | null = null;

  constructor(
    private readonly start: Input,
    private readonly clicked: (input: Input) => void,
    private readonly dragged: (() => Gesture) | null,
  ) {}

  get current(): Gesture {
    return this.drag ?? this;
  }

  move(input: Input): void {
    if (this.drag === null && this.dragged !== null && far(this.start.screen, input.screen)) this.drag = this.dragged();
    this.drag?.move(input);
  }

  up(input: Input): void {
    if (this.drag !== null) this.drag.up(input);
    else this.clicked(input);
  }

  cancel(): void {
    this.drag?.cancel();
  }
}

export type Phase = "idle" | "pointing" | "dragging";

export class Toolbox {
  private gesture: Pointing | null = null;

  constructor(private readonly host: Host) {}

  get phase(): Phase {
    if (this.gesture === null) return "idle";
    return this.gesture.current === this.gesture ? "pointing" : "dragging";
  }

  get cursor(): string {
    return this.gesture === null || this.phase === "pointing" ? "" : this.gesture.current.cursor;
  }

  down(input: Input): void {
    this.cancel();
    this.gesture = this.begin(input);
  }

  move(input: Input): void {
    this.gesture?.move(input);
  }

  up(input: Input): void {
    const { gesture } = this;
    this.gesture = null;
    gesture?.up(input);
  }

  /** Escape, a lost pointer, a second button: whatever was under way did not happen. */
  cancel(): boolean {
    const { gesture } = this;
    this.gesture = null;
    gesture?.cancel();
    return gesture !== null;
  }

  doubleClick(input: Input): void {
    const { hit } = input;
    if (hit.on === "card") this.host.events.open(hit.card.id);
    else if (this.host.readonly) return;
    else if (hit.on === "edge") this.host.offer({ at: input.world, edge: hit.edge });
    else if (hit.on === "canvas") this.host.offer({ at: input.world });
  }

  private begin(input: Input): Pointing | null {
    const { host } = this;
    const { hit } = input;
    if (input.button === 1 || input.space) return new Pointing(input, () => {}, () => new Pan(host, input));
    if (input.button !== 0) return null;
    if (hit.on === "card") return this.onCard(input, hit.card);
    if (hit.on === "port") {
      const draw = host.readonly ? null : (): Gesture => new Connect(host, hit.port, hit.at);
      return new Pointing(input, () => this.choosePort(hit.port.id, hit.port.port), draw);
    }
    if (hit.on === "edge") return new Pointing(input, () => this.chooseEdge(input), () => new Pan(host, input));
    return new Pointing(input, (at) => this.clickCanvas(at), () => ((host.readonly || input.touch) && !input.shift ? new Pan(host, input) : new Marquee(host, input)));
  }

  private onCard(input: Input, card: Card): Pointing {
    const { host } = this;
    const click = (): void => {
      host.selectEdge(null);
      host.events.select([card.id], input.shift || input.ctrl ? "toggle" : "replace");
    };
    return new Pointing(input, click, () => (host.readonly ? new Pan(host, input) : new MoveCards(host, input, card)));
  }

  private clickCanvas(input: Input): void {
    this.host.selectEdge(null);
    if (!input.shift && !input.ctrl) this.host.events.select([], "replace");
  }

  private choosePort(id: string, port: string): void {
    const edge = this.host.scene.edge({ id, port });
    if (edge !== undefined) this.host.selectEdge(edge);
    else this.host.events.select([id], "replace");
  }

  private chooseEdge(input: Input): void {
    if (input.hit.on !== "edge") return;
    this.host.events.select([], "replace");
    this.host.selectEdge(input.hit.edge);
  }
}
