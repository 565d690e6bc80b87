/**
 * Where the words of an edge stand. A label never lies on a card or on another label: it looks for a
 * free place along its edge, in one line, then in two or three, then shortened, then as its number
 * alone; where even that has no room it is left out until the edge is pointed at. A label keeps its
 * place until its edge or a card under it moves, so that panning shuffles nothing. No DOM.
 */
import { contains, grow, middle, pointAt, type Rect } from "./geometry";
import type { Edge } from "./scene";
import { SpatialGrid } from "./spatial";
import type { Point } from "./types";

/** The width of a text in the label font at zoom 1. */
export type Measure = (text: string) => number;

export interface Label {
  readonly rect: Rect;
  readonly lines: readonly string[];
  /** The number of the branch, in a chip before the words. */
  readonly chip: string;
  readonly chipW: number;
  /** The number stands above the words, where the gap is narrow. */
  readonly stacked: boolean;
  /** How much larger than at zoom 1 its letters are. */
  readonly scale: number;
}

export const LINE_H = 14;
export const PAD_X = 5;
export const PAD_Y = 2;
const CHIP_GAP = 4;
const WIDEST = 190;
const NEARBY = 1500;
/** Width and lines to try, first those that lose no word. */
const WRAPS: readonly (readonly [number, number])[] = [
  [WIDEST, 1],
  [150, 2],
  [112, 3],
  [170, 3],
  [84, 3],
  [64, 3],
  [48, 2],
];
const PLACES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85];

export class Labels {
  private readonly placed = new Map<number, Label | null>();
  private readonly edges = new Map<number, Edge>();
  private readonly grid = new SpatialGrid();
  /** Edges that found no room, of a length at which one card more or less matters. */
  private readonly without = new Set<number>();

  constructor(
    private readonly cards: SpatialGrid,
    private measure: Measure = (text) => text.length * 6.1,
    readonly scale = 1,
  ) {}

  /** The place of an edge's label, found on first need; null where there is no room or no words. */
  of(edge: Edge): Label | null {
    const known = this.placed.get(edge.index);
    if (known !== undefined) return known;
    const label = this.find(edge);
    this.placed.set(edge.index, label);
    this.edges.set(edge.index, edge);
    if (label !== null) this.grid.set(edge.index, label.rect);
    else if (Math.max(edge.box.w, edge.box.h) < NEARBY) this.without.add(edge.index);
    return label;
  }

  /** Where the words of an edge belong, whether or not there was room for them. */
  spot(edge: Edge): Point {
    const label = this.of(edge);
    return label === null ? pointAt(edge.curve, 0.5) : middle(label.rect);
  }

  /** The edge whose label is at a point. */
  at(point: Point): number | undefined {
    let found: number | undefined;
    this.grid.query({ x: point.x, y: point.y, w: 0, h: 0 }, (index) => {
      const label = this.placed.get(index);
      if (label !== undefined && label !== null && contains(label.rect, point)) found = index;
    });
    return found;
  }

  forget(index: number): void {
    this.placed.delete(index);
    this.edges.delete(index);
    this.without.delete(index);
    this.grid.remove(index);
  }

  /** Something came to or left this area: what lies there looks for its place again, and what had none tries once more. */
  disturb(area: Rect): void {
    if (this.placed.size === 0) return;
    const around = grow(area, 4);
    const near: number[] = [];
    this.grid.query(around, (index) => void near.push(index));
    for (const index of this.without) if (meets(this.edges.get(index)?.box, around)) near.push(index);
    for (const index of near) this.forget(index);
  }

  /** Fonts arrived or changed: every width is new. */
  remeasure(measure: Measure): void {
    this.measure = measure;
    for (const index of [...this.placed.keys()]) this.forget(index);
  }

  private find(edge: Edge): Label | null {
    const words = wordsOf(edge);
    if (words === null) return null;
    const shapes = WRAPS.map(([width, most]) => wrap(words.text, width, most, this.measure));
    const whole = shapes.filter((lines) => lines[lines.length - 1]?.endsWith("…") !== true);
    const cut = shapes.filter((lines) => lines[lines.length - 1]?.endsWith("…") === true).sort((a, b) => letters(b) - letters(a));
    const tried = new Set<string>();
    for (const lines of [...whole, ...cut]) {
      const key = lines.join("\n");
      if (tried.has(key)) continue;
      tried.add(key);
      const label = this.fit(edge, words, lines, false) ?? this.fit(edge, words, lines, true);
      if (label !== null) return label;
    }
    return words.chip === "" ? null : this.fit(edge, words, [], false);
  }

  private fit(edge: Edge, words: Words, lines: readonly string[], stacked: boolean): Label | null {
    if (stacked && (words.chip === "" || lines.length === 0)) return null;
    for (const place of PLACES) {
      const label = this.shape(words, lines, pointAt(edge.curve, place), stacked);
      if (this.free(label.rect)) return label;
    }
    return null;
  }

  private shape(words: Words, lines: readonly string[], at: Point, stacked: boolean): Label {
    const { scale } = this;
    const chipW = words.chip === "" ? 0 : Math.max(LINE_H, this.measure(words.chip) + 8);
    const wide = lines.reduce((most, line) => Math.max(most, this.measure(line)), 0);
    const gap = chipW > 0 && wide > 0 ? CHIP_GAP : 0;
    const w = ((stacked ? Math.max(chipW, wide) : chipW + gap + wide) + 2 * PAD_X) * scale;
    const h = ((Math.max(1, lines.length) + (stacked ? 1 : 0)) * LINE_H + 2 * PAD_Y) * scale;
    return { rect: { x: at.x - w / 2, y: at.y - h / 2, w, h }, lines, chip: words.chip, chipW, stacked, scale };
  }

  private free(rect: Rect): boolean {
    return !this.cards.any(grow(rect, 2)) && !this.grid.any(rect);
  }
}

function letters(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

function meets(box: Rect | undefined, area: Rect): boolean {
  return box !== undefined && box.x <= area.x + area.w && area.x <= box.x + box.w && box.y <= area.y + area.h && area.y <= box.y + box.h;
}

interface Words {
  readonly chip: string;
  readonly text: string;
}

/** The order of branches as a chip, the conditions behind it; ports that share an edge share its label. */
export function wordsOf(edge: Pick<Edge, "ports">): Words | null {
  const numbers = edge.ports.flatMap((port) => (typeof port.order === "number" ? [String(port.order)] : []));
  const text = edge.ports.flatMap((port) => (port.label === "" ? [] : [port.label])).join(", ");
  if (numbers.length === 0 && text === "") return null;
  return { chip: numbers.join(" "), text };
}

/** At most `most` lines no wider than `width`; what does not fit ends in an ellipsis. */
export function wrap(text: string, width: number, most: number, measure: Measure): string[] {
  if (text === "") return [];
  if (measure(text) <= width) return [text];
  const lines: string[] = [];
  const words = text.split(" ");
  let at = 0;
  while (at < words.length && lines.length < most) {
    let line = words[at] ?? "";
    at += 1;
    if (lines.length === most - 1) line = [line, ...words.slice(at)].join(" ");
    else while (at < words.length && measure(`${line} ${words[at]}`) <= width) line += ` ${words[at++]}`;
    lines.push(shorten(line, width, measure));
  }
  return lines;
}

/** The longest beginning that fits with an ellipsis. */
export function shorten(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const letters = [...text];
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const half = Math.ceil((low + high) / 2);
    if (measure(`${letters.slice(0, half).join("").trimEnd()}…`) <= width) low = half;
    else high = half - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}
