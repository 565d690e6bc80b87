/** Numbers, times and values as people read them, by locale. */
import type { Plain } from "../../document/tree";
import { language } from "../../text";

const system = usable(typeof navigator === "undefined" ? "en" : navigator.language);
/** The system's own way where it is one of the chosen language. */
export const locale = system.split("-")[0] === language ? system : language;

/** A system set to the locale `C` gives a tag that is no language. */
function usable(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    return "en";
  }
}

export function clockTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(date);
}

const moments = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

/** Seconds since 1970 as a date and a time. */
export function moment(seconds: number): string {
  return moments.format(new Date(seconds * 1000));
}

const integers = new Intl.NumberFormat(locale);

export function integer(value: number): string {
  return integers.format(value);
}

const lists = new Intl.ListFormat(locale, { type: "conjunction" });

/** Names in one sentence: `a, b and c`. */
export function list(names: readonly string[]): string {
  return lists.format(names);
}

const shares = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A share of one as a percentage; a dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? "–" : shares.format(share);
}

const brief = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

/** A share of one as a percentage, without a digit that says nothing. */
export function briefPercent(share: number): string {
  return brief.format(share);
}

const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** Seconds that something took: `48 ms`, `1.2 s`. */
export function took(seconds: number): string {
  return seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${tenths.format(seconds)} s`;
}

/** `90` as `1 min 30 s`, `14400` as `4 h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  const parts: string[] = [];
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.round((seconds % 60) * 10) / 10;
  if (hours > 0) parts.push(`${hours} h`);
  if (minutes > 0) parts.push(`${minutes} min`);
  if (rest > 0 || parts.length === 0) parts.push(`${tenths.format(rest)} s`);
  return parts.join(" ");
}

/** A value of a signal or payload in one line. */
export function shown(value: Plain | undefined, unset: string): string {
  if (value === null || value === undefined) return unset;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.map((item: Plain) => shown(item, unset)).join(", ");
  return JSON.stringify(value);
}
