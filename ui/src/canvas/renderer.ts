/**
 * Draws the scene on a Canvas 2D: lanes, grid, edges, their labels, and the cards that are too small or
 * too many to be elements. What is far is drawn from a picture kept of it, so that panning a whole
 * flow costs one copy; the picture is drawn anew when the scene, the theme or the size changed enough.
 */
import { drawCards, drawFarCards, drawSelection } from "./draw-cards";
import { drawEdges, drawFarEdges, drawLabels, drawTriggerEdges } from "./draw-edges";
import { drawGrid, drawLanes } from "./draw-paper";
import { comesInto, covers, grow, intersects, type Rect } from "./geometry";
import type { Card, Edge, Scene } from "./scene";
import type { Theme } from "./theme";
import { visible, type Viewport } from "./viewport";

export type Level = "far" | "middle" | "near";

export const MIDDLE = 0.26;
export const NEAR = 0.5;
/** More elements than this make a page slow, however near they are. */
export const MOST_ELEMENTS = 150;
/** Where more edges are in view, their words would be noise. */
const MOST_LABELS = 500;
/** Below this many cards a picture of them costs more than it saves. */
const KEEP_FROM = 500;

export interface Look {
  readonly view: Viewport;
  readonly level: Level;
  readonly theme: Theme;
  readonly ratio: number;
  readonly selectedEdge: Edge | null;
  readonly hoverEdge: Edge | null;
  readonly trigger: string | null;
  /** Cards that are elements already and need no drawing. */
  readonly shown: ReadonlySet<string>;
}

/** The far picture: what it shows, at which size, of which state. */
interface Kept {
  readonly canvas: HTMLCanvasElement;
  readonly area: Rect;
  readonly zoom: number;
  readonly version: number;
  readonly theme: Theme;
  readonly without: ReadonlySet<string>;
}

export class Renderer {
  private kept: Kept | null = null;
  private spare: HTMLCanvasElement | null = null;
  /** The last frame showed a kept picture at another size; a sharp one should follow. */
  blurred = false;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scene: Scene,
  ) {}

  /** `sharp` asks for a far picture at exactly this zoom. */
  draw(look: Look, sharp: boolean): void {
    const ctx = this.canvas.getContext("2d", { alpha: false });
    if (ctx === null) return;
    const { view, ratio, theme } = look;
    this.blurred = false;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, this.canvas.width, this.canvas.height);
    drawLanes(ctx, this.scene.bands, look);
    drawGrid(ctx, look);
    toWorldUnits(ctx, view, ratio);
    const area = visible(view);
    if (look.level === "far") this.far(ctx, look, area, sharp);
    else this.near(ctx, look, area);
    drawTriggerEdges(ctx, this.scene, look);
    drawSelection(ctx, this.scene, look, area);
  }

  forget(): void {
    this.kept = null;
  }

  private near(ctx: CanvasRenderingContext2D, look: Look, area: Rect): void {
    const edges: Edge[] = [];
    this.scene.edgesIn(area, (edge) => {
      const long = edge.box.w > area.w || edge.box.h > area.h;
      if (!long || comesInto(edge.curve, area)) edges.push(edge);
    });
    drawEdges(ctx, this.scene, edges, look);
    if (look.view.zoom >= 0.36 && edges.length <= MOST_LABELS) drawLabels(ctx, this.scene, edges, look);
    const cards: Card[] = [];
    this.scene.cardsIn(area, (card) => {
      if (!look.shown.has(card.id) || look.level !== "near") cards.push(card);
    });
    cards.sort((a, b) => a.index - b.index);
    drawCards(ctx, cards, look);
  }

  private far(ctx: CanvasRenderingContext2D, look: Look, area: Rect, sharp: boolean): void {
    const { scene } = this;
    if (scene.cards.size < KEEP_FROM) {
      this.farNow(ctx, look, area, NONE, null);
      return this.lit(ctx, look, area);
    }
    const picture = this.pictureFor(look, area, sharp);
    const { view, ratio } = look;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    const scale = view.zoom / picture.zoom;
    const x = (picture.area.x - view.x) * view.zoom * ratio;
    const y = (picture.area.y - view.y) * view.zoom * ratio;
    if (scale === 1) ctx.drawImage(picture.canvas, Math.round(x), Math.round(y));
    else ctx.drawImage(picture.canvas, x, y, picture.canvas.width * scale, picture.canvas.height * scale);
    this.blurred = scale !== 1;
    toWorldUnits(ctx, view, ratio);
    if (scene.dragged.size > 0) this.farNow(ctx, look, area, NONE, scene.dragged);
    this.lit(ctx, look, area);
  }

  /** Edges of the preview change with every step, so they are never part of the kept picture. */
  private lit(ctx: CanvasRenderingContext2D, look: Look, area: Rect): void {
    const edges: Edge[] = [];
    for (const key of this.scene.view.litEdges) {
      const at = key.indexOf(":");
      const edge = this.scene.edge({ id: key.slice(0, at), port: key.slice(at + 1) });
      if (edge !== undefined && intersects(grow(edge.box, 1), area)) edges.push(edge);
    }
    if (edges.length > 0) drawEdges(ctx, this.scene, edges, look);
  }

  private pictureFor(look: Look, area: Rect, sharp: boolean): Kept {
    const { kept, scene } = this;
    const wanted = this.inside(area);
    if (kept !== null && kept.version === scene.settled && kept.theme === look.theme && kept.without === scene.dragged && covers(kept.area, wanted)) {
      const scale = look.view.zoom / kept.zoom;
      if (scale === 1 || (!sharp && scale > 0.55 && scale < 1.8)) return kept;
    }
    return (this.kept = this.paint(look, area));
  }

  /** The part of an area where anything stands: nothing beyond has to be kept. */
  private inside(area: Rect): Rect {
    const all = this.scene.bounds();
    if (all === null) return { x: area.x, y: area.y, w: 0, h: 0 };
    const box = grow(all, 60);
    const x = Math.max(area.x, box.x);
    const y = Math.max(area.y, box.y);
    return { x, y, w: Math.max(0, Math.min(area.x + area.w, box.x + box.w) - x), h: Math.max(0, Math.min(area.y + area.h, box.y + box.h) - y) };
  }

  /** Draws more than is seen, so that the next frames find it there. */
  private paint(look: Look, area: Rect): Kept {
    const { view, ratio } = look;
    const around = this.inside({ x: area.x - area.w * 0.3, y: area.y - area.h * 0.3, w: area.w * 1.6, h: area.h * 1.6 });
    const scale = view.zoom * ratio;
    const canvas = this.spare ?? document.createElement("canvas");
    this.spare = canvas;
    const width = Math.max(1, Math.ceil(around.w * scale));
    const height = Math.max(1, Math.ceil(around.h * scale));
    const ctx = canvas.getContext("2d");
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    } else ctx?.clearRect(0, 0, width, height);
    if (ctx !== null) {
      ctx.setTransform(scale, 0, 0, scale, -around.x * scale, -around.y * scale);
      this.farNow(ctx, look, around, this.scene.dragged, null);
    }
    return { canvas, area: around, zoom: view.zoom, version: this.scene.settled, theme: look.theme, without: this.scene.dragged };
  }

  private farNow(ctx: CanvasRenderingContext2D, look: Look, area: Rect, without: ReadonlySet<string>, only: ReadonlySet<string> | null): void {
    const edges: Edge[] = [];
    const cards: Card[] = [];
    if (only !== null) {
      for (const id of only) {
        const card = this.scene.card(id);
        if (card === undefined) continue;
        cards.push(card);
        edges.push(...card.edges, ...card.into);
      }
    } else {
      this.scene.edgesIn(area, (edge) => {
        if (!without.has(edge.from.id) && !without.has(edge.to.id)) edges.push(edge);
      });
      this.scene.cardsIn(area, (card) => {
        if (!without.has(card.id)) cards.push(card);
      });
    }
    drawFarEdges(ctx, edges, look);
    drawFarCards(ctx, cards, look);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Aligned to device pixels, as the cards' layer is, so that edges and cards never drift apart. */
export function toWorldUnits(ctx: CanvasRenderingContext2D, view: Viewport, ratio: number): void {
  const scale = view.zoom * ratio;
  ctx.setTransform(scale, 0, 0, scale, -Math.round(view.x * scale), -Math.round(view.y * scale));
}
