/** Edges: their curves, heads and labels. Strokes of one colour go together, a few hundred at a time. */
import { entryPoint, portPoint, route, type Curve } from "./geometry";
import { LINE_H, PAD_X, PAD_Y, type Label } from "./labels";
import type { Look } from "./renderer";
import type { Edge, Scene } from "./scene";
import { visible } from "./viewport";

const BATCH = 256;
const HEAD = 7;
/** The many neighbours of a large selection say nothing; those of a small one do. */
const FEW = 12;

export function drawFarEdges(ctx: CanvasRenderingContext2D, edges: readonly Edge[], look: Look): void {
  const { zoom } = look.view;
  ctx.strokeStyle = look.theme.edgeFar;
  ctx.lineWidth = 1 / zoom;
  const least = 3 / zoom;
  let open = 0;
  ctx.beginPath();
  for (const { from, to } of edges) {
    const x1 = from.rect.x + from.rect.w;
    const y1 = from.rect.y + from.rect.h / 2;
    const x2 = to.rect.x;
    const y2 = to.rect.y + to.rect.h / 2;
    if (Math.abs(x2 - x1) < least && Math.abs(y2 - y1) < least) continue;
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    open += 1;
    if (open % BATCH !== 0) continue;
    ctx.stroke();
    ctx.beginPath();
  }
  ctx.stroke();
}

export function drawEdges(ctx: CanvasRenderingContext2D, scene: Scene, edges: readonly Edge[], look: Look): void {
  const { theme } = look;
  const { selection } = scene.view;
  const plain: Edge[] = [];
  const near: Edge[] = [];
  const strong: Edge[] = [];
  const dead: Edge[] = [];
  for (const edge of edges) {
    if (edge.lit || edge === look.selectedEdge || edge === look.hoverEdge) strong.push(edge);
    else if (edge.dead) dead.push(edge);
    else if (selection.size <= FEW && (selection.has(edge.from.id) || selection.has(edge.to.id))) near.push(edge);
    else plain.push(edge);
  }
  const thin = Math.max(1.5, 1.1 / look.view.zoom);
  strokeCovered(ctx, plain, theme.edge, thin, look);
  strokeCovered(ctx, near, theme.edgeNear, thin * 1.15, look);
  if (dead.length > 0) {
    ctx.setLineDash([2 * thin, 3 * thin]);
    stroke(ctx, dead, theme.edgeDead, thin * 0.8, look);
    ctx.setLineDash([]);
  }
  for (const edge of strong) stroke(ctx, [edge], edge.lit ? theme.lit : edge === look.selectedEdge ? theme.accent : theme.edgeNear, edge.lit ? thin * 1.7 : thin * 1.4, look);
}

/** Steps of thickness: enough to tell a brook from a stream, few enough to draw each in one go. */
const WIDTHS = 6;

/** Thicker for what more conversations took, hollow for what none took; as ever where nothing was replayed. */
function strokeCovered(ctx: CanvasRenderingContext2D, edges: readonly Edge[], color: string, thin: number, look: Look): void {
  const groups = new Map<number, Edge[]>();
  for (const edge of edges) {
    const step = thickness(edge.share);
    const group = groups.get(step);
    if (group === undefined) groups.set(step, [edge]);
    else group.push(edge);
  }
  for (const [step, group] of groups) {
    stroke(ctx, group, color, step < 0 ? thin : step === 0 ? thin * 2.4 : thin * (0.8 + step * 0.6), look);
    if (step === 0) hollow(ctx, group, thin * 1.2, look);
  }
}

/** -1 where nothing was replayed, 0 for what none took, then up to `WIDTHS`. */
export function thickness(share: number | null): number {
  if (share === null) return -1;
  return share === 0 ? 0 : Math.max(1, Math.ceil(Math.sqrt(Math.min(1, share)) * WIDTHS));
}

function hollow(ctx: CanvasRenderingContext2D, edges: readonly Edge[], width: number, look: Look): void {
  ctx.strokeStyle = look.theme.paper;
  ctx.lineWidth = width;
  for (let at = 0; at < edges.length; at += BATCH) {
    ctx.beginPath();
    for (const edge of edges.slice(at, at + BATCH)) trace(ctx, edge.curve);
    ctx.stroke();
  }
}

function stroke(ctx: CanvasRenderingContext2D, edges: readonly Edge[], color: string, width: number, look: Look): void {
  if (edges.length === 0) return;
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = width;
  for (let at = 0; at < edges.length; at += BATCH) {
    ctx.beginPath();
    for (const edge of edges.slice(at, at + BATCH)) trace(ctx, edge.curve);
    ctx.stroke();
  }
  if (look.view.zoom < 0.35) return;
  ctx.beginPath();
  for (const edge of edges) head(ctx, edge.curve, HEAD + width * 0.6);
  ctx.fill();
}

export function trace(ctx: CanvasRenderingContext2D, c: Curve): void {
  ctx.moveTo(c[0] ?? 0, c[1] ?? 0);
  for (let i = 2; i + 5 < c.length; i += 6) ctx.bezierCurveTo(c[i] ?? 0, c[i + 1] ?? 0, c[i + 2] ?? 0, c[i + 3] ?? 0, c[i + 4] ?? 0, c[i + 5] ?? 0);
}

/** Every edge arrives from the left, so its head points right. */
function head(ctx: CanvasRenderingContext2D, curve: Curve, size: number): void {
  const x = curve[curve.length - 2] ?? 0;
  const y = curve[curve.length - 1] ?? 0;
  ctx.moveTo(x, y);
  ctx.lineTo(x - size, y - size * 0.55);
  ctx.lineTo(x - size, y + size * 0.55);
  ctx.closePath();
}

export function drawLabels(ctx: CanvasRenderingContext2D, scene: Scene, edges: readonly Edge[], look: Look): void {
  const labels = look.level === "near" ? scene.labels : scene.farLabels;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  // One font for all: to set it costs as much as a word.
  ctx.font = labelFont(look.theme, labels.scale);
  for (const edge of edges) {
    const label = labels.of(edge);
    if (label !== null) drawLabel(ctx, label, edge, look, paperAt(scene, label.rect.y + label.rect.h / 2, look));
  }
}

export function labelFont(theme: { readonly font: string }, scale = 1): string {
  return `500 ${11 * scale}px ${theme.font}`;
}

function paperAt(scene: Scene, y: number, look: Look): string {
  const band = scene.bands.findIndex((one) => y < one.y + one.h);
  const lanes = look.theme.lanes;
  if (scene.bands.length === 0) return look.theme.paper;
  return lanes[(band < 0 ? scene.bands.length - 1 : band) % lanes.length] ?? look.theme.paper;
}

function drawLabel(ctx: CanvasRenderingContext2D, label: Label, edge: Edge, look: Look, paper: string): void {
  const { theme } = look;
  const { rect, scale } = label;
  ctx.fillStyle = paper;
  ctx.fillRect(rect.x, rect.y, rect.w, rect.h);
  let x = rect.x + PAD_X * scale;
  if (label.chipW > 0) {
    drawChip(ctx, label, edge, look);
    if (!label.stacked) x += (label.chipW + 4) * scale;
  }
  const top = rect.y + (PAD_Y + (label.stacked ? LINE_H : 0)) * scale;
  ctx.fillStyle = edge.lit ? theme.lit : theme.dim;
  label.lines.forEach((line, index) => ctx.fillText(line, x, top + (LINE_H * (index + 0.5) + 0.5) * scale));
}

function drawChip(ctx: CanvasRenderingContext2D, label: Label, edge: Edge, look: Look): void {
  const { theme } = look;
  const { rect, scale } = label;
  const x = rect.x + PAD_X * scale;
  const y = rect.y + PAD_Y * scale;
  const h = LINE_H * scale;
  ctx.fillStyle = edge.lit ? theme.lit : theme.chip;
  ctx.beginPath();
  ctx.roundRect(x, y, label.chipW * scale, h, h / 2);
  ctx.fill();
  ctx.fillStyle = edge.lit ? theme.card : theme.chipText;
  ctx.textAlign = "center";
  ctx.fillText(label.chip, x + (label.chipW * scale) / 2, y + h / 2 + 0.5 * scale);
  ctx.textAlign = "left";
}

/** The trigger that is pointed at: faint edges from the lanes, or from the cards that it is limited to. */
export function drawTriggerEdges(ctx: CanvasRenderingContext2D, scene: Scene, look: Look): void {
  const trigger = scene.view.triggers.find((one) => one.id === look.trigger);
  const target = trigger?.to === null || trigger === undefined ? undefined : scene.card(trigger.to);
  if (trigger === undefined || target === undefined) return;
  const { zoom } = look.view;
  ctx.strokeStyle = look.theme.lit;
  ctx.lineWidth = 1.5 / Math.min(zoom, 1);
  ctx.globalAlpha = 0.6;
  ctx.setLineDash([6 / Math.min(zoom, 1), 5 / Math.min(zoom, 1)]);
  ctx.beginPath();
  for (const curve of triggerCurves(scene, trigger.within, target.id, look)) trace(ctx, curve);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function triggerCurves(scene: Scene, within: readonly string[], target: string, look: Look): Curve[] {
  const to = scene.card(target);
  if (to === undefined) return [];
  const named = within.filter((one) => one !== "*" && !one.startsWith("!"));
  if (named.length > 0) {
    return [...scene.cards.values()]
      .filter((card) => named.includes(card.id) || named.includes(`group:${card.node.group ?? ""}`))
      .slice(0, 200)
      .map((card) => route(portPoint(card.rect, 0, 1), card.rect, to.rect));
  }
  const shown = visible(look.view);
  const heights = scene.bands.length > 0 ? scene.bands.map((band) => band.y + band.h / 2) : [shown.y];
  const end = entryPoint(to.rect);
  return heights.map((y) => {
    const x = Math.min(shown.x, end.x - 60);
    const reach = Math.max(40, (end.x - x) * 0.5);
    return [x, y, x + reach, y, end.x - reach, end.y, end.x, end.y];
  });
}
