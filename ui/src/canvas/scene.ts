/**
 * The picture in document units: cards, the edges between them and what is where. It is brought up to
 * date from one view to the next and touches only what changed; a node object that kept its identity
 * is not looked at again. No DOM.
 */
import { bounds, CARD_H, CARD_W, contains, distance, portPoint, route, union, type Curve, type Rect } from "./geometry";
import { Labels, type Measure } from "./labels";
import { bandsOf, laneNumbers, type Band } from "./lanes";
import { SpatialGrid } from "./spatial";
import { edgeKey, type GraphNode, type GraphPort, type GraphView, type Point, type PortRef } from "./types";

export interface Card {
  readonly index: number;
  readonly id: string;
  node: GraphNode;
  rect: Rect;
  /** Ways out that lead somewhere, from the top of the right edge down. */
  edges: Edge[];
  readonly into: Set<Edge>;
}

/** All ports of one card that lead to the same card. */
export interface Edge {
  readonly index: number;
  readonly from: Card;
  readonly to: Card;
  readonly ports: readonly GraphPort[];
  curve: Curve;
  box: Rect;
  lit: boolean;
  /** No values take any of its ports. */
  dead: boolean;
  /** The share of conversations that took any of its ports; null where nothing was replayed. */
  share: number | null;
}

/** Letters of labels in the middle distance are this much larger in the picture. */
const FAR_LABEL = 1.75;
const START_W = 128;
const NO_RECT: Rect = { x: 0, y: 0, w: 0, h: 0 };
const EMPTY_VIEW: GraphView = { nodes: [], triggers: [], lanes: [], selection: new Set(), litEdges: new Set(), deadEdges: new Set() };

export class Scene {
  readonly cards = new Map<string, Card>();
  readonly labels: Labels;
  /** Larger ones, for the middle distance. */
  readonly farLabels: Labels;
  view: GraphView = EMPTY_VIEW;
  bands: readonly Band[] = [];
  /** Rises with every change of the picture. */
  version = 0;
  /** Rises with every change but dragging. */
  settled = 0;

  private readonly cardList: (Card | undefined)[] = [];
  private readonly edgeList: (Edge | undefined)[] = [];
  private readonly freeCards: number[] = [];
  private readonly freeEdges: number[] = [];
  private readonly cardGrid = new SpatialGrid();
  private readonly edgeGrid = new SpatialGrid();
  private readonly byPort = new Map<string, Edge>();
  private numbers: ReadonlyMap<string, number> = new Map();
  private lanesShown = false;
  private drag: { readonly ids: ReadonlySet<string>; readonly dx: number; readonly dy: number } | null = null;
  private box: Rect | null = null;

  constructor(measure?: Measure) {
    this.labels = new Labels(this.cardGrid, measure);
    this.farLabels = new Labels(this.cardGrid, measure, FAR_LABEL);
  }

  get edgeCount(): number {
    return this.edgeList.length - this.freeEdges.length;
  }

  update(view: GraphView, lanesShown: boolean): void {
    const before = this.view;
    const shifts = this.bands.map((band) => band.shift).join();
    this.view = view;
    this.numbers = laneNumbers(view.lanes);
    this.bands = lanesShown && view.lanes.length > 0 ? bandsOf(view.nodes, view.lanes) : [];
    const shifted = lanesShown !== this.lanesShown || shifts !== this.bands.map((band) => band.shift).join();
    this.lanesShown = lanesShown;
    if (view.nodes !== before.nodes || shifted) this.syncNodes(view.nodes, shifted);
    if (view.litEdges !== before.litEdges || view.nodes !== before.nodes) this.light(before.litEdges, view.litEdges);
    if (view.deadEdges !== before.deadEdges) this.grey(before.deadEdges, view.deadEdges);
    if (view.edgeShares !== before.edgeShares) for (const edge of this.edgeList) if (edge !== undefined) edge.share = this.shareOf(edge.from, edge.ports);
    this.version += 1;
    if (view.nodes !== before.nodes || shifted) this.settled += 1;
  }

  /** Shows cards away from their places while they are dragged; `null` puts them back. */
  dragBy(ids: ReadonlySet<string> | null, dx = 0, dy = 0): void {
    const touched = new Set<Card>();
    for (const id of this.drag?.ids ?? []) this.collect(id, touched);
    for (const id of ids ?? []) this.collect(id, touched);
    this.drag = ids === null ? null : { ids, dx, dy };
    for (const card of touched) this.place(card);
    this.reroute(touched);
    this.version += 1;
  }

  get dragged(): ReadonlySet<string> {
    return this.drag?.ids ?? NONE;
  }

  card(id: string): Card | undefined {
    return this.cards.get(id);
  }

  edge(ref: PortRef): Edge | undefined {
    return this.byPort.get(edgeKey(ref.id, ref.port));
  }

  /** The document place of a new card that is put somewhere in the picture: a handoff stands in the first tier's lane. */
  documentPoint(at: Point, kind: string): Point {
    const band = this.bands[kind === "handoff" && this.bands.length > 1 ? 1 : 0];
    return { x: Math.round(at.x), y: Math.round(at.y - (band?.shift ?? 0)) };
  }

  cardsIn(area: Rect, visit: (card: Card) => boolean | void): void {
    this.cardGrid.query(area, (index) => {
      const card = this.cardList[index];
      return card === undefined ? false : visit(card);
    });
  }

  edgesIn(area: Rect, visit: (edge: Edge) => boolean | void): void {
    this.edgeGrid.query(area, (index) => {
      const edge = this.edgeList[index];
      return edge === undefined ? false : visit(edge);
    });
  }

  cardAt(point: Point): Card | undefined {
    let top: Card | undefined;
    this.cardsIn({ x: point.x, y: point.y, w: 0, h: 0 }, (card) => {
      if (contains(card.rect, point) && (top === undefined || card.index > top.index)) top = card;
    });
    return top;
  }

  edgeAt(point: Point, within: number): Edge | undefined {
    const label = this.labels.at(point);
    if (label !== undefined) return this.edgeList[label];
    let near: Edge | undefined;
    let best = within;
    this.edgesIn({ x: point.x - within, y: point.y - within, w: 2 * within, h: 2 * within }, (edge) => {
      const far = distance(edge.curve, point);
      if (far > best) return;
      best = far;
      near = edge;
    });
    return near;
  }

  /** The way out under the point, of any card near it. */
  portAt(point: Point, within: number): { readonly card: Card; readonly edge: Edge } | undefined {
    let found: { readonly card: Card; readonly edge: Edge } | undefined;
    let best = within;
    this.cardsIn({ x: point.x - within, y: point.y - within, w: 2 * within, h: 2 * within }, (card) => {
      card.edges.forEach((edge, slot) => {
        const dot = portPoint(card.rect, slot, card.edges.length);
        const far = Math.hypot(dot.x - point.x, dot.y - point.y);
        if (far > best) return;
        best = far;
        found = { card, edge };
      });
    });
    return found;
  }

  /** The box around everything, or of the cards named. */
  bounds(ids?: Iterable<string>): Rect | null {
    if (ids !== undefined) return this.around([...ids].map((id) => this.cards.get(id)));
    this.box ??= this.around(this.cardList);
    return this.box;
  }

  private around(cards: readonly (Card | undefined)[]): Rect | null {
    let box: Rect | null = null;
    for (const card of cards) if (card !== undefined) box = box === null ? card.rect : union(box, card.rect);
    return box;
  }

  private syncNodes(nodes: readonly GraphNode[], shifted: boolean): void {
    const kept = new Set<string>();
    const moved = new Set<Card>();
    const rewired = new Set<Card>();
    const appeared = new Set<string>();
    for (const node of nodes) {
      kept.add(node.id);
      const card = this.cards.get(node.id);
      if (card === undefined) {
        const added = this.add(node);
        appeared.add(node.id);
        rewired.add(added);
      } else if (card.node !== node || shifted) this.change(card, node, moved, rewired);
    }
    const gone = this.cards.size > kept.size ? this.drop(kept) : NONE;
    if (appeared.size > 0 || gone.size > 0) this.findTouched(appeared, gone, rewired);
    for (const card of rewired) this.rewire(card);
    this.reroute(moved);
    this.box = null;
  }

  private change(card: Card, node: GraphNode, moved: Set<Card>, rewired: Set<Card>): void {
    const before = card.node;
    card.node = node;
    if (before.ports !== node.ports && !samePorts(before.ports, node.ports)) rewired.add(card);
    const at = card.rect;
    this.place(card);
    if (at.x !== card.rect.x || at.y !== card.rect.y || at.w !== card.rect.w) moved.add(card);
  }

  private add(node: GraphNode): Card {
    const index = this.freeCards.pop() ?? this.cardList.length;
    const card: Card = { index, id: node.id, node, rect: NO_RECT, edges: [], into: new Set() };
    this.cardList[index] = card;
    this.cards.set(node.id, card);
    this.place(card);
    return card;
  }

  private drop(kept: ReadonlySet<string>): ReadonlySet<string> {
    const gone = new Set<string>();
    for (const [id, card] of this.cards) {
      if (kept.has(id)) continue;
      gone.add(id);
      for (const edge of card.edges) this.cut(edge);
      this.cards.delete(id);
      this.cardList[card.index] = undefined;
      this.freeCards.push(card.index);
      this.cardGrid.remove(card.index);
      this.disturb(card.rect);
    }
    return gone;
  }

  /** Cards that lead to one that came or went have to be wired again. */
  private findTouched(appeared: ReadonlySet<string>, gone: ReadonlySet<string>, rewired: Set<Card>): void {
    for (const card of this.cards.values()) {
      if (card.node.ports.some((port) => port.to !== null && (appeared.has(port.to) || gone.has(port.to)))) rewired.add(card);
    }
  }

  private place(card: Card): void {
    const { node } = card;
    const moved = this.drag?.ids.has(node.id) === true ? this.drag : null;
    const x = node.x + (moved?.dx ?? 0);
    const y = node.y + this.shiftOf(node) + (moved?.dy ?? 0);
    const w = node.kind === "start" ? START_W : CARD_W;
    const before = card.rect;
    if (before.x === x && before.y === y && before.w === w) return;
    card.rect = { x, y, w, h: CARD_H };
    this.cardGrid.set(card.index, card.rect);
    if (before.w > 0) this.disturb(before);
    this.disturb(card.rect);
    this.box = null;
  }

  private shiftOf(node: GraphNode | undefined): number {
    if (node === undefined || this.bands.length === 0) return 0;
    return this.bands[this.numbers.get(node.lane ?? "") ?? 0]?.shift ?? 0;
  }

  private rewire(card: Card): void {
    for (const edge of card.edges) this.cut(edge);
    const bundles = new Map<Card, GraphPort[]>();
    for (const port of card.node.ports) {
      const to = port.to === null ? undefined : this.cards.get(port.to);
      if (to === undefined) continue;
      const ports = bundles.get(to);
      if (ports === undefined) bundles.set(to, [port]);
      else ports.push(port);
    }
    card.edges = [...bundles].map(([to, ports]) => this.draw(card, to, ports));
    this.routeOut(card);
  }

  private draw(from: Card, to: Card, ports: readonly GraphPort[]): Edge {
    const index = this.freeEdges.pop() ?? this.edgeList.length;
    const lit = ports.some((port) => this.view.litEdges.has(edgeKey(from.id, port.id)));
    const dead = ports.every((port) => this.view.deadEdges.has(edgeKey(from.id, port.id)));
    const edge: Edge = { index, from, to, ports, curve: [], box: NO_RECT, lit, dead, share: this.shareOf(from, ports) };
    this.edgeList[index] = edge;
    to.into.add(edge);
    for (const port of ports) this.byPort.set(edgeKey(from.id, port.id), edge);
    return edge;
  }

  private shareOf(from: Card, ports: readonly GraphPort[]): number | null {
    const shares = this.view.edgeShares;
    if (shares === undefined) return null;
    return Math.min(1, ports.reduce((sum, port) => sum + (shares.get(edgeKey(from.id, port.id)) ?? 0), 0));
  }

  private cut(edge: Edge): void {
    edge.to.into.delete(edge);
    this.edgeList[edge.index] = undefined;
    this.freeEdges.push(edge.index);
    this.edgeGrid.remove(edge.index);
    this.forget(edge);
    for (const port of edge.ports) {
      const key = edgeKey(edge.from.id, port.id);
      if (this.byPort.get(key) === edge) this.byPort.delete(key);
    }
  }

  private routeOut(card: Card): void {
    card.edges.forEach((edge, slot) => this.routeEdge(edge, slot, card.edges.length));
  }

  private routeEdge(edge: Edge, slot: number, slots: number): void {
    edge.curve = route(portPoint(edge.from.rect, slot, slots), edge.from.rect, edge.to.rect, slot);
    edge.box = bounds(edge.curve);
    this.edgeGrid.set(edge.index, edge.box);
    this.forget(edge);
  }

  private reroute(cards: ReadonlySet<Card>): void {
    for (const card of cards) {
      this.routeOut(card);
      for (const edge of card.into) {
        if (!cards.has(edge.from)) this.routeEdge(edge, edge.from.edges.indexOf(edge), edge.from.edges.length);
      }
    }
  }

  private light(before: ReadonlySet<string>, now: ReadonlySet<string>): void {
    for (const key of before) this.relight(this.byPort.get(key), now);
    for (const key of now) this.relight(this.byPort.get(key), now);
  }

  private relight(edge: Edge | undefined, now: ReadonlySet<string>): void {
    if (edge !== undefined) edge.lit = edge.ports.some((port) => now.has(edgeKey(edge.from.id, port.id)));
  }

  private grey(before: ReadonlySet<string>, now: ReadonlySet<string>): void {
    for (const key of [...before, ...now]) {
      const edge = this.byPort.get(key);
      if (edge !== undefined) edge.dead = edge.ports.every((port) => now.has(edgeKey(edge.from.id, port.id)));
    }
  }

  private forget(edge: Edge): void {
    this.labels.forget(edge.index);
    this.farLabels.forget(edge.index);
  }

  private disturb(area: Rect): void {
    this.labels.disturb(area);
    this.farLabels.disturb(area);
  }

  private collect(id: string, into: Set<Card>): void {
    const card = this.cards.get(id);
    if (card !== undefined) into.add(card);
  }
}

const NONE: ReadonlySet<string> = new Set();

function samePorts(a: readonly GraphPort[], b: readonly GraphPort[]): boolean {
  return (
    a.length === b.length &&
    a.every((port, index) => {
      const other = b[index];
      return other !== undefined && port.id === other.id && port.to === other.to && port.label === other.label && port.order === other.order;
    })
  );
}
