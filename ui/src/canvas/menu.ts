/** The chooser's course: what it asks, where it stands, and the one intention that it ends in. No DOM. */
import { kindOf } from "../kinds";
import { t } from "../text";
import { around, behind, besideCard, cardChoices, kindChoices, onEdge, openPort, portChoices, type Choice } from "./choices";
import type { Card, Edge, Scene } from "./scene";
import type { Offer } from "./tools/tool";
import type { CanvasEvents, Point, PortRef } from "./types";

export interface MenuNow {
  readonly title: string;
  readonly choices: readonly Choice[];
  /** In document units of the picture. */
  readonly at: Point;
}

/** What a choice will be applied to. */
interface Waiting {
  /** The top left of a new card, in the picture. */
  readonly place: Point;
  readonly from?: PortRef;
  readonly edge?: Edge;
}

interface Surface {
  readonly scene: Scene;
  readonly events: CanvasEvents;
}

export class Menu {
  now: MenuNow | null = null;
  private waiting: Waiting | null = null;

  constructor(
    private readonly surface: Surface,
    private readonly changed: () => void,
  ) {}

  offer({ at, from, edge }: Offer): void {
    if (edge !== undefined) this.between(edge, at);
    else if (from !== undefined) this.following(from, at, behind(at));
    else this.open(t.chooser.add, this.newKinds(t.chooser.add), at, { place: around(at) });
  }

  /** A new card behind the one where the keyboard is. */
  add(card: Card | undefined, middle: Point): void {
    if (card === undefined) return this.offer({ at: middle });
    const place = besideCard(this.surface.scene, card);
    const from = openPort(card);
    const at = { x: card.rect.x + card.rect.w, y: card.rect.y };
    if (from === undefined) this.open(t.chooser.add, this.newKinds(t.chooser.add), at, { place });
    else this.following(from, at, place);
  }

  /** By keyboard: first the port, then where it leads. */
  connect(card: Card): void {
    const { scene } = this.surface;
    const choices = portChoices(scene, card);
    const [only] = card.node.ports;
    const at = { x: card.rect.x + card.rect.w, y: card.rect.y };
    const place = besideCard(scene, card);
    if (only === undefined) return;
    if (choices.length === 1) this.following({ id: card.id, port: only.id }, at, place);
    else this.open(t.chooser.choosePort(card.node.title), choices, at, { place, from: { id: card.id, port: "" } });
  }

  choose({ does }: Choice): void {
    const { now, waiting } = this;
    const { events } = this.surface;
    if (now === null || waiting === null) return;
    const { from, edge, place } = waiting;
    if (does.do === "port" && from !== undefined) return this.following({ id: from.id, port: does.port }, now.at, place);
    this.close();
    if (does.do === "create") this.create(does.kind, waiting);
    else if (does.do === "lead" && from !== undefined) events.connect(from.id, from.port, does.to);
    else if (does.do === "disconnect" && (from !== undefined || edge !== undefined)) events.disconnect(edge === undefined && from !== undefined ? [from] : portsOf(edge));
  }

  close(): void {
    if (this.now === null) return;
    this.now = null;
    this.waiting = null;
    this.changed();
  }

  private create(kind: string, { place, from, edge }: Waiting): void {
    const { events, scene } = this.surface;
    const at = scene.documentPoint(place, kind);
    if (edge !== undefined) events.insertOnEdge(portsOf(edge), { kind }, at);
    else if (from === undefined) events.createAt(at, kind);
    else events.createAt(at, kind, from);
  }

  private between(edge: Edge, at: Point): void {
    const kinds = kindChoices(t.chooser.between, (kind) => kindOf(kind).follows && kind !== "end");
    this.open(t.chooser.between, [...kinds, disconnection()], at, { place: onEdge(edge), edge });
  }

  private following(from: PortRef, at: Point, place: Point): void {
    const { scene } = this.surface;
    const port = scene.card(from.id)?.node.ports.find((one) => one.id === from.port);
    const title = port === undefined || port.label === "" ? t.chooser.follow : t.chooser.chooseTarget(port.label);
    const choices = [...kindChoices(title, (kind) => kindOf(kind).follows), ...cardChoices(scene, from.id)];
    if (port !== undefined && port.to !== null) choices.push(disconnection());
    this.open(title, choices, at, { place, from });
  }

  private newKinds(group: string): Choice[] {
    const started = this.surface.scene.view.nodes.some((node) => node.kind === "start");
    return kindChoices(group, (kind) => kind !== "start" || !started);
  }

  private open(title: string, choices: readonly Choice[], at: Point, waiting: Waiting): void {
    this.now = { title, choices, at };
    this.waiting = waiting;
    this.changed();
  }
}

function disconnection(): Choice {
  return { key: "disconnect", label: t.chooser.disconnect, hint: "", group: "", does: { do: "disconnect" } };
}

export function portsOf(edge: Edge | undefined): PortRef[] {
  return edge === undefined ? [] : edge.ports.map((port) => ({ id: edge.from.id, port: port.id }));
}
