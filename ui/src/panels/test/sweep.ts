/** A constant moved over its range: the curve, the point on it that is looked at, and writing it into the flow. */
import { setField } from "../../document/commands";
import type { Edit } from "../../document/store";
import { entries, get, isNumber, num, numeric, text, type Json } from "../../document/tree";
import { t } from "../../text";

export interface Point {
  readonly value: number;
  readonly handoffs: number;
  readonly missed: number;
  readonly needless: number;
}

export interface Knob {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** Constants that are numbers, with the range that is theirs or one around their value. */
export function knobs(tree: Json): Knob[] {
  return entries(get(tree, ["constants"])).flatMap(([name, entry]) => {
    const value = isNumber(entry) ? Number(entry.n) : numeric(entry, ["value"]);
    if (value === undefined || Number.isNaN(value)) return [];
    const [low, high] = value >= 0 && value <= 1 ? [0, 1] : value >= -1 && value < 0 ? [-1, 1] : value > 0 ? [0, value * 2] : [value * 2, 0];
    return [{ name, title: text(entry, ["title"]) || name, value, from: numeric(entry, ["min"]) ?? low, to: numeric(entry, ["max"]) ?? high }];
  });
}

/** The point of the curve that counts for a value: the last one that is not above it. */
export function pointFor(points: readonly Point[], value: number): number {
  let found = 0;
  points.forEach((point, index) => {
    if (point.value <= value) found = index;
  });
  return found;
}

/** Fewest that go wrong either way, nearest to where the constant stands now; null where nothing is labelled. */
export function best(points: readonly Point[], labelled: boolean, now: number): number | null {
  if (!labelled || points.length === 0) return null;
  let found = 0;
  points.forEach((point, index) => {
    const other = points[found];
    if (!other) return;
    const [a, b] = [wrong(point), wrong(other)];
    if (a < b || (a === b && Math.abs(point.value - now) < Math.abs(other.value - now))) found = index;
  });
  return found;
}

export function wrong({ missed, needless }: Point): number {
  return missed + needless;
}

const PAGE = 10;

/** Where a key leads from a point; null for a key that leads nowhere. */
export function stepped(key: string, at: number, count: number): number | null {
  const last = count - 1;
  const ways: { readonly [key: string]: number } = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, PageUp: at + PAGE, PageDown: at - PAGE, Home: 0, End: last };
  const to = ways[key];
  return to === undefined ? null : Math.max(0, Math.min(last, to));
}

/** No constant needs more places than people can tell apart. */
function tidy(value: number): number {
  return Number(value.toFixed(6));
}

/** One undo step that writes the value into the constant. */
export function written(tree: Json, name: string, value: number): Edit {
  const short = isNumber(get(tree, ["constants", name]));
  const path = short ? ["constants", name] : ["constants", name, "value"];
  const { merge: _, ...edit } = setField(tree, path, num(tidy(value)), { required: true, title: t.test.sweepWritten(name, String(tidy(value))) });
  return edit;
}
