/** Cards that are not elements: coloured blocks from far, a block with its title in the middle distance. */
import { kindOf } from "../kinds";
import { shorten, wrap } from "./labels";
import type { Look } from "./renderer";
import type { Card, Scene } from "./scene";
import type { Theme } from "./theme";
import type { Rect } from "./geometry";
import { intersects } from "./geometry";
import type { GraphNode } from "./types";

const RADIUS = 8;
const TITLE = 20;
/** Below this zoom titles are larger and icons give way. */
const SMALL = 0.37;
const SMALL_TITLE = 27;

export function drawFarCards(ctx: CanvasRenderingContext2D, cards: readonly Card[], look: Look): void {
  const byColor = new Map<string, Card[]>();
  for (const card of cards) {
    const color = look.theme.kinds.get(card.node.kind) ?? look.theme.dim;
    const group = byColor.get(color);
    if (group === undefined) byColor.set(color, [card]);
    else group.push(card);
  }
  for (const [color, group] of byColor) {
    ctx.fillStyle = color;
    for (const { rect } of group) ctx.fillRect(rect.x, rect.y, rect.w, rect.h);
  }
}

export function drawCards(ctx: CanvasRenderingContext2D, cards: readonly Card[], look: Look): void {
  const { theme, view } = look;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const small = view.zoom < SMALL;
  ctx.font = titleFont(theme, small);
  const line = 1 / view.zoom;
  for (const card of cards) {
    const { rect, node } = card;
    ctx.fillStyle = theme.card;
    ctx.strokeStyle = node.lit === true ? theme.lit : theme.border;
    ctx.lineWidth = node.lit === true ? 2 * line : line;
    ctx.beginPath();
    ctx.roundRect(rect.x, rect.y, rect.w, rect.h, RADIUS);
    ctx.fill();
    ctx.stroke();
    if (small) stripe(ctx, card, theme);
    else ctx.drawImage(sprite(node.kind, theme), rect.x + 9, rect.y + 10, 28, 28);
    title(ctx, card, look, small);
    coverage(ctx, card, look);
    badge(ctx, card, look);
  }
}

function titleFont(theme: Theme, small: boolean): string {
  return `600 ${small ? SMALL_TITLE : TITLE}px ${theme.font}`;
}

/** Where an icon would be a speck its colour is enough, and the title takes its room. */
function stripe(ctx: CanvasRenderingContext2D, { node, rect }: Card, theme: Theme): void {
  ctx.fillStyle = theme.kinds.get(node.kind) ?? theme.dim;
  ctx.beginPath();
  ctx.roundRect(rect.x, rect.y, 10, rect.h, [RADIUS, 0, 0, RADIUS]);
  ctx.fill();
}

function title(ctx: CanvasRenderingContext2D, { node, rect }: Card, look: Look, small: boolean): void {
  const left = small ? 18 : 44;
  const size = small ? SMALL_TITLE : TITLE;
  ctx.fillStyle = look.theme.text;
  const lines = titleLines(ctx, node, rect.w - left - 6, `${small} ${look.theme.font}`);
  const step = size + 2;
  const top = rect.y + (small ? rect.h / 2 : 25) - (small || lines.length > 1 ? ((lines.length - 1) * step) / 2 - (small ? 0 : 5) : 0);
  lines.forEach((text, index) => ctx.fillText(text, rect.x + left, top + index * step));
}

const titles = new WeakMap<GraphNode, { readonly font: string; readonly lines: readonly string[] }>();

/** Measuring is dear; a node object that did not change keeps its lines. */
function titleLines(ctx: CanvasRenderingContext2D, node: GraphNode, width: number, font: string): readonly string[] {
  const known = titles.get(node);
  if (known?.font === font) return known.lines;
  const measure = (text: string): number => ctx.measureText(text).width;
  const lines = wrap(node.title, width, 2, measure).map((text) => shorten(text, width, measure));
  titles.set(node, { font, lines });
  return lines;
}

const sprites = new WeakMap<Theme, Map<string, HTMLCanvasElement>>();
const SPRITE = 56;

/** The icon on its square, drawn once a kind and theme: strokes with round ends are dear, copies are cheap. */
function sprite(kind: string, theme: Theme): HTMLCanvasElement {
  let known = sprites.get(theme);
  if (known === undefined) sprites.set(theme, (known = new Map()));
  let canvas = known.get(kind);
  if (canvas === undefined) known.set(kind, (canvas = paintIcon(kind, theme)));
  return canvas;
}

function paintIcon(kind: string, theme: Theme): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = SPRITE;
  canvas.height = SPRITE;
  const ctx = canvas.getContext("2d");
  if (ctx === null) return canvas;
  ctx.fillStyle = theme.kinds.get(kind) ?? theme.dim;
  ctx.beginPath();
  ctx.roundRect(0, 0, SPRITE, SPRITE, 12);
  ctx.fill();
  ctx.translate(SPRITE * 0.18, SPRITE * 0.18);
  ctx.scale((SPRITE * 0.64) / 24, (SPRITE * 0.64) / 24);
  ctx.strokeStyle = theme.onKind;
  ctx.lineWidth = 2;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  for (const data of kindOf(kind).icon) ctx.stroke(new Path2D(data));
  return canvas;
}

function coverage(ctx: CanvasRenderingContext2D, { node, rect }: Card, look: Look): void {
  if (node.coverage === undefined) return;
  ctx.fillStyle = look.theme.covered;
  ctx.fillRect(rect.x + 2, rect.y + rect.h - 5, (rect.w - 4) * Math.min(1, Math.max(0, node.coverage)), 4);
}

function badge(ctx: CanvasRenderingContext2D, { node, rect }: Card, look: Look): void {
  if (node.badge === undefined || node.badge.count === 0) return;
  ctx.beginPath();
  ctx.arc(rect.x + rect.w - 4, rect.y + 4, 10, 0, 2 * Math.PI);
  const color = look.theme.severity[node.badge.severity] ?? look.theme.dim;
  ctx.fillStyle = node.badge.hollow === true ? look.theme.card : color;
  ctx.strokeStyle = color;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}

/** The frame of what is selected; elements draw their own. */
export function drawSelection(ctx: CanvasRenderingContext2D, scene: Scene, look: Look, area: Rect): void {
  ctx.strokeStyle = look.theme.accent;
  ctx.lineWidth = Math.max(3, 2.5 / look.view.zoom);
  ctx.beginPath();
  for (const id of scene.view.selection) {
    const card = scene.card(id);
    if (card === undefined || !intersects(card.rect, area)) continue;
    if (look.level === "near" && look.shown.has(id)) continue;
    ctx.rect(card.rect.x, card.rect.y, card.rect.w, card.rect.h);
  }
  ctx.stroke();
}
