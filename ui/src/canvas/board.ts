/**
 * The canvas at work: one scene, one view, one frame at a time. It draws only when something changed,
 * chooses what is an element and what is drawn, and turns DOM events into what tools understand.
 * It knows the DOM but not Svelte: the component hangs elements and callbacks on it.
 */
import { kindOf } from "../kinds";
import { labelFont } from "./draw-edges";
import { covers, grow, portPoint, type Rect } from "./geometry";
import { MIDDLE, MOST_ELEMENTS, NEAR, Renderer, type Level } from "./renderer";
import { Scene, type Card, type Edge } from "./scene";
import { withPorts } from "./states";
import { readTheme, watchTheme, type Theme } from "./theme";
import { NO_OVERLAY, type Hit, type Host, type Input, type Offer, type Overlay } from "./tools/tool";
import { Toolbox } from "./tools/toolbox";
import type { CanvasEvents, GraphView, Point, PortRef } from "./types";
import { between, centred, fitTo, panBy, revealed, START, toWorld, visible, wheelFactor, zoomAt, type Viewport } from "./viewport";

/** What the component shows besides the canvas. */
export interface Screen {
  /** The cards that are elements now, in drawing order. */
  cards(cards: readonly Card[]): void;
  overlay(overlay: Overlay): void;
  offer(offer: Offer): void;
  /** The zoom, the level or what is pointed at changed. */
  state(): void;
}

export interface Parts {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Holds the card elements; moved and scaled as one. */
  readonly layer: HTMLElement;
}

const MOUNTED_A_FRAME = 40;
const ANIMATION_MS = 220;
const SHARP_AFTER_MS = 140;
const FIT_PADDING = 28;
/** The zoom of the first look at a flow that is too large to be shown whole. */
const READABLE = 0.75;
const EDGE_REACH = 7;
const PORT_REACH = 8;
/** The overview with its margins, and the names of ports that may stand beside the card. */
const OVERVIEW = { w: 192, h: 132 };
/** Within this many pixels of the border a drag moves the paper along. */
const BORDER = 28;

export class Board implements Host {
  readonly scene = new Scene();
  readonly tools = new Toolbox(this);
  /** Set by the component; tools ask before they change anything. */
  readonly = false;
  selectedEdge: Edge | null = null;
  hoverEdge: Edge | null = null;
  hoverCard: string | null = null;
  trigger: string | null = null;
  level: Level = "near";
  /** Rises when colours or fonts were read anew. */
  themed = 0;
  /** Frames drawn and the milliseconds that they took, for the frame meter. */
  frames = 0;
  spent = 0;

  private viewport = START;
  private parts: Parts | null = null;
  private renderer: Renderer | null = null;
  private theme: Theme | null = null;
  private frame = 0;
  private sharpTimer = 0;
  private sharp = false;
  private shown: readonly Card[] = [];
  private shownIds: ReadonlySet<string> = new Set();
  private shownVersion = -1;
  private shownArea: Rect | null = null;
  private animation: { readonly from: Viewport; readonly to: Viewport; readonly start: number } | null = null;
  private lastInput: Input | null = null;
  private autoPan = 0;
  private ratio = 1;
  private wantsFit = true;
  private calm = false;
  private follow: PortRef | null = null;

  constructor(
    readonly events: CanvasEvents,
    private readonly screen: Screen,
  ) {}

  // --- life -------------------------------------------------------------------------------

  attach(parts: Parts): () => void {
    this.parts = parts;
    this.renderer = new Renderer(parts.canvas, this.scene);
    this.readTheme();
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const resized = new ResizeObserver(() => this.resize());
    resized.observe(parts.root);
    const unwatch = watchTheme(() => this.readTheme());
    void document.fonts?.ready.then(() => this.readTheme());
    this.resize();
    return () => {
      resized.disconnect();
      unwatch();
      cancelAnimationFrame(this.frame);
      clearTimeout(this.sharpTimer);
      this.stopAutoPan();
      this.parts = null;
      this.renderer = null;
    };
  }

  setView(view: GraphView, lanes: boolean): void {
    this.scene.update(view, lanes);
    this.keepPointers();
    if (this.wantsFit && view.nodes.length > 0 && this.parts !== null) this.home();
    this.dirty();
  }

  /** The port that the selected edge will have once the document has changed. */
  followEdge(ref: PortRef): void {
    this.follow = ref;
  }

  /** Edges are made anew when their card changes; what was selected is found again by its port. */
  private keepPointers(): void {
    this.selectedEdge = this.follow === null ? this.again(this.selectedEdge) : (this.scene.edge(this.follow) ?? null);
    this.follow = null;
    this.hoverEdge = this.again(this.hoverEdge);
    if (this.hoverCard !== null && this.scene.card(this.hoverCard) === undefined) this.hoverCard = null;
  }

  private again(edge: Edge | null): Edge | null {
    const port = edge?.ports[0];
    if (edge === null || port === undefined) return null;
    return this.scene.edge({ id: edge.from.id, port: port.id }) ?? null;
  }

  private readTheme(): void {
    if (this.parts === null) return;
    this.theme = readTheme(this.parts.root);
    this.themed += 1;
    const ctx = this.parts.canvas.getContext("2d", { alpha: false });
    const font = labelFont(this.theme);
    const widths = new Map<string, number>();
    const measure = (text: string): number => {
      const known = widths.get(text);
      if (known !== undefined || ctx === null) return known ?? text.length * 6.1;
      ctx.font = font;
      const width = ctx.measureText(text).width;
      widths.set(text, width);
      return width;
    };
    this.scene.labels.remeasure(measure);
    this.scene.farLabels.remeasure(measure);
    this.renderer?.forget();
    this.dirty();
  }

  private resize(): void {
    if (this.parts === null) return;
    const { root, canvas } = this.parts;
    const width = root.clientWidth;
    const height = root.clientHeight;
    if (width === 0 || height === 0) return;
    this.ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * this.ratio);
    canvas.height = Math.round(height * this.ratio);
    this.viewport = { ...this.viewport, width, height };
    this.shownArea = null;
    if (this.wantsFit && this.scene.cards.size > 0) this.home();
    // A canvas that changed size is empty: it is filled before the next paint.
    this.paint();
  }

  // --- the view ---------------------------------------------------------------------------

  view(): Viewport {
    return this.viewport;
  }

  look(view: Viewport): void {
    this.animation = null;
    this.wantsFit = false;
    this.viewport = view;
    this.dirty();
  }

  fit(animated = true): void {
    const all = this.whole();
    if (all !== null) this.go(fitTo(this.viewport, all, FIT_PADDING), animated);
  }

  /** The first look at a flow: all of it where that can be read, else its beginning. */
  home(): void {
    const all = this.whole();
    if (all === null || this.viewport.width === 0) return;
    const fit = fitTo(this.viewport, all, FIT_PADDING);
    this.go(fit.zoom >= NEAR ? fit : this.beginning(fit, all), false);
  }

  /** Takes the first look once there is something to see. */
  awaitHome(): void {
    this.wantsFit = true;
  }

  /** The start at the left, with as much above and below as a readable size allows. */
  private beginning(fit: Viewport, all: Rect): Viewport {
    const start = [...this.scene.cards.values()].find((card) => card.node.kind === "start")?.rect ?? all;
    const { height } = this.viewport;
    const tall = all.h * READABLE + 2 * FIT_PADDING;
    const y = tall <= height ? all.y - (height - all.h * READABLE) / 2 / READABLE : Math.max(all.y - FIT_PADDING, start.y + start.h / 2 - (height / READABLE) * 0.35);
    return { ...fit, zoom: READABLE, x: start.x - FIT_PADDING / READABLE, y };
  }

  /** Everything, lanes included: a lane without a card is part of the picture too. */
  private whole(): Rect | null {
    const box = this.scene.bounds();
    const { bands } = this.scene;
    const last = bands[bands.length - 1];
    const first = bands[0];
    return box === null || first === undefined || last === undefined ? box : { ...box, y: first.y, h: last.y + last.h - first.y };
  }

  zoomTo(ids: readonly string[]): void {
    const box = this.scene.bounds(ids);
    if (box !== null) this.go(fitTo(this.viewport, box, 120));
  }

  reveal(id: string): void {
    const card = this.scene.card(id);
    if (card !== undefined) this.go(this.clearOfOverview(revealed(this.viewport, withPorts(card), NEAR), card.rect));
  }

  /** The overview lies over the lower right corner; a card brought into view must not come to lie under it. */
  private clearOfOverview(view: Viewport, rect: Rect): Viewport {
    const right = (rect.x + rect.w - view.x) * view.zoom;
    const below = (rect.y + rect.h - view.y) * view.zoom;
    const under = right > view.width - OVERVIEW.w && below > view.height - OVERVIEW.h;
    return under ? panBy(view, 0, view.height - OVERVIEW.h - below) : view;
  }

  zoomBy(factor: number): void {
    const middle = { x: this.viewport.width / 2, y: this.viewport.height / 2 };
    this.go(zoomAt(this.viewport, middle, this.target.zoom * factor));
  }

  zoomReset(): void {
    const middle = { x: this.viewport.width / 2, y: this.viewport.height / 2 };
    this.go(zoomAt(this.viewport, middle, 1));
  }

  /** Centres a document point, as the overview does. */
  centre(at: Point): void {
    this.look(centred(this.viewport, at));
  }

  /** The middle of the view in the picture. */
  middle(): Point {
    return toWorld(this.viewport, { x: this.viewport.width / 2, y: this.viewport.height / 2 });
  }

  /** The middle of the view in the document. */
  center(): Point {
    return this.scene.documentPoint(this.middle(), "");
  }

  /** Where an animation is heading, else where the view is. */
  private get target(): Viewport {
    return this.animation?.to ?? this.viewport;
  }

  private go(to: Viewport, animated = true): void {
    this.wantsFit = false;
    if (!animated || this.calm || this.parts === null) {
      this.animation = null;
      this.viewport = to;
    } else this.animation = { from: this.viewport, to, start: performance.now() };
    this.dirty();
  }

  wheel(event: WheelEvent, screen: Point): void {
    const pinch = event.ctrlKey || event.metaKey;
    // A mouse wheel turns in notches and zooms; two fingers move freely and pan.
    const notched = event.deltaMode !== 0 || (event.deltaX === 0 && (isNotch(event) || (Math.abs(event.deltaY) >= 100 && Number.isInteger(event.deltaY))));
    if (pinch || (notched && !event.shiftKey)) {
      const factor = wheelFactor(event.deltaY, event.deltaMode, pinch);
      this.look(zoomAt(this.viewport, screen, this.viewport.zoom * factor));
    } else if (event.shiftKey && event.deltaX === 0) this.look(panBy(this.viewport, -event.deltaY, 0));
    else this.look(panBy(this.viewport, -event.deltaX, -event.deltaY));
  }

  /** A pinch as WebKit on macOS tells it: how much larger than when it began. */
  pinch(screen: Point, from: number, scale: number): void {
    this.look(zoomAt(this.viewport, screen, from * scale));
  }

  panPage(dx: number, dy: number): void {
    this.look(panBy(this.viewport, -dx * 80, -dy * 80));
  }

  // --- pointing ---------------------------------------------------------------------------

  input(event: PointerEvent | MouseEvent, screen: Point, space: boolean): Input {
    const world = toWorld(this.viewport, screen);
    const hit = this.hit(world, event.target);
    const touch = "pointerType" in event && event.pointerType === "touch";
    return { screen, world, touch, button: event.button, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, space, hit };
  }

  private hit(world: Point, element: EventTarget | null): Hit {
    const port = portOf(element);
    if (port !== null) return { on: "port", port, at: this.portStart(port) ?? world };
    const reach = Math.min(1, this.viewport.zoom);
    const dot = this.level === "near" ? this.scene.portAt(world, PORT_REACH / reach) : undefined;
    const first = dot?.edge.ports[0];
    const card = this.scene.cardAt(world);
    if (dot !== undefined && first !== undefined && (card === undefined || card === dot.card)) {
      const ref = { id: dot.card.id, port: first.id };
      return { on: "port", port: ref, at: this.portStart(ref) ?? world };
    }
    if (card !== undefined) return { on: "card", card };
    const edge = this.level === "far" ? undefined : this.scene.edgeAt(world, EDGE_REACH / reach);
    return edge === undefined ? { on: "canvas" } : { on: "edge", edge };
  }

  private portStart(port: PortRef): Point | null {
    const card = this.scene.card(port.id);
    if (card === undefined) return null;
    const slot = card.edges.findIndex((edge) => edge.ports.some((one) => one.id === port.port));
    return slot < 0 ? portPoint(card.rect, 0, 1) : portPoint(card.rect, slot, card.edges.length);
  }

  press(input: Input): void {
    this.animation = null;
    this.lastInput = input;
    this.tools.down(input);
  }

  drag(input: Input): void {
    this.lastInput = input;
    this.tools.move(input);
    if (this.tools.phase === "dragging" && this.tools.cursor !== "grabbing") this.startAutoPan();
    else if (this.tools.phase === "dragging" && this.scene.dragged.size > 0) this.startAutoPan();
  }

  release(input: Input): void {
    this.stopAutoPan();
    const dragged = this.tools.phase === "dragging";
    this.tools.up(input);
    // What lies under the pointer after a drag is found anew with its next move.
    if (dragged) this.leave();
    this.screen.state();
  }

  cancel(): boolean {
    this.stopAutoPan();
    return this.tools.cancel();
  }

  hover(input: Input): void {
    const { hit } = input;
    const card = hit.on === "card" ? hit.card.id : hit.on === "port" ? hit.port.id : null;
    const edge = hit.on === "edge" ? hit.edge : null;
    if (card !== this.hoverCard) {
      this.hoverCard = card;
      this.events.hover(card);
      this.screen.state();
    }
    if (edge !== this.hoverEdge) {
      this.hoverEdge = edge;
      this.dirty();
      this.screen.state();
    }
  }

  leave(): void {
    if (this.hoverCard !== null) this.events.hover(null);
    this.hoverCard = null;
    this.hoverEdge = null;
    this.screen.state();
    this.dirty();
  }

  private startAutoPan(): void {
    if (this.autoPan !== 0) return;
    const step = (): void => {
      this.autoPan = 0;
      const { lastInput } = this;
      if (lastInput === null || this.tools.phase !== "dragging") return;
      const dx = speed(lastInput.screen.x, this.viewport.width);
      const dy = speed(lastInput.screen.y, this.viewport.height);
      if (dx === 0 && dy === 0) return;
      this.look(panBy(this.viewport, dx, dy));
      this.drag({ ...lastInput, world: toWorld(this.viewport, lastInput.screen) });
      if (this.autoPan === 0) this.autoPan = requestAnimationFrame(step);
    };
    this.autoPan = requestAnimationFrame(step);
  }

  private stopAutoPan(): void {
    cancelAnimationFrame(this.autoPan);
    this.autoPan = 0;
  }

  // --- what tools ask for -----------------------------------------------------------------

  overlay(overlay: Overlay): void {
    this.hoverEdge = overlay.onto ?? (overlay === NO_OVERLAY ? null : this.hoverEdge);
    this.screen.overlay(overlay);
    this.dirty();
  }

  offer(offer: Offer): void {
    this.screen.offer(offer);
  }

  selectEdge(edge: Edge | null): void {
    if (edge === this.selectedEdge) return;
    this.selectedEdge = edge;
    this.screen.state();
    this.dirty();
  }

  follows(card: Card): boolean {
    return kindOf(card.node.kind).follows;
  }

  setTrigger(id: string | null): void {
    if (this.trigger === id) return;
    this.trigger = id;
    this.dirty();
  }

  // --- frames -----------------------------------------------------------------------------

  dirty(): void {
    if (this.frame === 0 && this.parts !== null) this.frame = requestAnimationFrame(() => this.onFrame());
  }

  private onFrame(): void {
    this.frame = 0;
    if (this.animation !== null) {
      const { from, to, start } = this.animation;
      const t = Math.min(1, (performance.now() - start) / ANIMATION_MS);
      this.viewport = between(from, { ...to, width: this.viewport.width, height: this.viewport.height }, t);
      if (t >= 1) this.animation = null;
      else this.dirty();
    }
    this.paint();
  }

  private paint(): void {
    if (this.parts === null || this.renderer === null || this.theme === null) return;
    const started = performance.now();
    this.frames += 1;
    this.chooseLevel();
    this.placeLayer(this.parts.layer);
    if (this.level === "near") this.chooseElements();
    this.renderer.draw(
      {
        view: this.viewport,
        level: this.level,
        theme: this.theme,
        ratio: this.ratio,
        selectedEdge: this.selectedEdge,
        hoverEdge: this.hoverEdge,
        trigger: this.trigger,
        shown: this.shownIds,
      },
      this.sharp,
    );
    this.sharp = false;
    clearTimeout(this.sharpTimer);
    if (this.renderer.blurred) this.sharpTimer = window.setTimeout(() => this.sharpen(), SHARP_AFTER_MS);
    this.screen.state();
    this.spent += performance.now() - started;
  }

  private sharpen(): void {
    this.sharp = true;
    this.dirty();
  }

  private chooseLevel(): void {
    const { zoom } = this.viewport;
    this.level = zoom >= NEAR ? "near" : zoom >= MIDDLE ? "middle" : "far";
    if (this.level === "middle" && this.scene.cards.size > 400 && this.tooMany(visible(this.viewport))) this.level = "far";
  }

  /** So many cards in view that their titles could not be read anyway. */
  private tooMany(area: Rect): boolean {
    let count = 0;
    this.scene.cardsIn(area, () => (count += 1) > 400);
    return count > 400;
  }

  private placeLayer(layer: HTMLElement): void {
    const near = this.level === "near";
    layer.style.visibility = near ? "visible" : "hidden";
    if (!near) return;
    const { x, y, zoom } = this.viewport;
    const scale = zoom * this.ratio;
    const tx = -Math.round(x * scale) / this.ratio;
    const ty = -Math.round(y * scale) / this.ratio;
    layer.style.transform = `translate(${tx}px, ${ty}px) scale(${zoom})`;
  }

  /** Which cards are elements: those in view and a little beyond, a few new ones a frame. */
  private chooseElements(): void {
    const seen = visible(this.viewport);
    const { scene } = this;
    if (scene.version === this.shownVersion && this.shownArea !== null && covers(this.shownArea, seen)) return;
    const area = grow(seen, 180 / this.viewport.zoom);
    const wanted: Card[] = [];
    scene.cardsIn(area, (card) => void wanted.push(card));
    if (wanted.length > MOST_ELEMENTS) return this.show([], area, true);
    const fresh = wanted.filter((card) => !this.shownIds.has(card.id));
    const late = new Set(fresh.slice(MOUNTED_A_FRAME).map((card) => card.id));
    wanted.sort((a, b) => a.index - b.index);
    this.show(wanted.filter((card) => !late.has(card.id)), area, late.size === 0);
    if (late.size > 0) this.dirty();
  }

  private show(cards: readonly Card[], area: Rect, complete: boolean): void {
    this.shownArea = complete ? area : null;
    this.shownVersion = this.scene.version;
    this.shown = cards;
    this.shownIds = new Set(cards.map((card) => card.id));
    this.screen.cards(this.shown);
  }
}

/** Engines keep the old `wheelDeltaY`: 120 for each notch of a mouse wheel. */
function isNotch(event: WheelEvent): boolean {
  const { wheelDeltaY } = event as WheelEvent & { readonly wheelDeltaY?: number };
  return wheelDeltaY !== undefined && wheelDeltaY !== 0 && wheelDeltaY % 120 === 0;
}

function speed(at: number, size: number): number {
  if (at < BORDER) return Math.min(18, (BORDER - at) * 0.6);
  if (at > size - BORDER) return -Math.min(18, (at - size + BORDER) * 0.6);
  return 0;
}

function portOf(element: EventTarget | null): PortRef | null {
  if (!(element instanceof Element)) return null;
  const port = element.closest<HTMLElement>("[data-port]");
  const card = element.closest<HTMLElement>("[data-node]");
  const { port: id } = port?.dataset ?? {};
  const { node } = card?.dataset ?? {};
  return id === undefined || node === undefined ? null : { id: node, port: id };
}
