/**
 * What the window knows of a node kind: one file each, listed once in `index.ts`. A kind reads an
 * entry of the document and says what the card shows and where it goes on; it never changes one.
 */
import { entries, get, isMap, items, text, type Json } from "../document/tree";
import { shortCondition } from "./short";
import { t } from "../text";

/** The place of a branch among its siblings: 1, 2, … or the one that takes the rest. */
export type BranchOrder = number | "else";

/** One way on from a card. `id` is the path inside the entry: `next`, `branches[0]`, `errors.ERR_X`, `else`. */
export interface Port {
  readonly id: string;
  /** The condition or the event in short words; empty where there is nothing to say. */
  readonly label: string;
  /** The node that it leads to, or null when nothing is drawn yet. */
  readonly to: string | null;
  readonly order?: BranchOrder;
  /** The whole condition, for a tooltip. */
  readonly detail?: string;
  /** Not in the document yet: connecting it appends a row (`branches[2]` when there are two). */
  readonly fresh?: boolean;
}

/** The facts of the document that words on cards need, so that a card reads as people speak. */
export interface About {
  intent(id: string): string;
  tier(id: string): string;
  context(id: string): string;
  trigger(id: string): string;
  /** The error codes that a call declares, with their titles. */
  errors(call: string): readonly (readonly [string, string])[];
  /** The outcomes of a subflow, where they are known. */
  outcomes(flow: string): readonly string[];
  /** The first entry of a section, for a new card that needs one. */
  first(section: "contexts" | "tiers" | "slots" | "calls" | "targets"): string;
}

export interface Kind {
  readonly id: string;
  /** Lucide outlines (ISC licence) in a box of 24, as path data: the same shape on canvas and in the page. */
  readonly icon: readonly string[];
  /** The custom property with the colour of the icon's square. */
  readonly color: `--kind-${string}`;
  /** Whether another card may lead here. */
  readonly follows: boolean;
  substance(entry: Json, about: About): string;
  ports(entry: Json, about: About): readonly Port[];
  /** The entry of a new card, keys in the canonical order. */
  create(about: About): Json;
}

const NOWHERE = { to: null } as const;

type PortWord = Exclude<keyof typeof t.ports, "silence">;

function portWord(key: string): string {
  return key in t.ports ? t.ports[key as PortWord] : key;
}

function target(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A port that is a key of the entry. */
export function keyPort(entry: Json, key: string, label = portWord(key)): Port {
  return { id: key, label, to: target(get(entry, [key])) };
}

/** The rows of `branches`, a free place for one more, and `else`. */
export function branchPorts(entry: Json, about: About): Port[] {
  const rows = items(get(entry, ["branches"]));
  const ports: Port[] = rows.map((row, index) => ({
    ...rowPort(row, `branches[${index}]`, about),
    order: index + 1,
  }));
  ports.push({ id: `branches[${rows.length}]`, label: t.ports.newBranch, ...NOWHERE, fresh: true });
  ports.push({ ...keyPort(entry, "else"), order: "else" });
  return ports;
}

/** A row with `when` and `to`. */
export function rowPort(row: Json, id: string, about: About): Port {
  const when = text(row, ["when"]);
  const label = text(row, ["title"]) || shortCondition(when, about);
  return { id, label, to: target(get(row, ["to"])), detail: when };
}

/** Rows that act after a silence; a row that only speaks leads nowhere and is no port. */
export function idlePorts(entry: Json): Port[] {
  const ports: Port[] = [];
  items(get(entry, ["idle"])).forEach((row, index) => {
    if (get(row, ["say"]) !== undefined && get(row, ["to"]) === undefined) return;
    ports.push({
      id: `idle[${index}]`,
      label: t.ports.silence(seconds(Number(text(row, ["after"]) || "0"))),
      to: target(get(row, ["to"])),
    });
  });
  return ports;
}

/** The entries of a map from a name to a node. */
export function mapPorts(entry: Json, key: string, label: (name: string) => string): Port[] {
  return entries(get(entry, [key])).map(([name, value]) => ({
    id: `${key}.${name}`,
    label: label(name),
    to: target(isMap(value) ? get(value, ["to"]) : value),
  }));
}

/** `90` as `90 s`, `300` as `5 min`, `14400` as `4 h`. */
export function seconds(value: number): string {
  if (value >= 3600 && value % 3600 === 0) return `${value / 3600} h`;
  if (value >= 60 && value % 60 === 0) return `${value / 60} min`;
  return `${value} s`;
}

/** `to_tier1` as `To tier1`: what a card is called until somebody gives it a title. */
export function humanise(id: string): string {
  const words = id.replace(/[_\s]+/g, " ").trim();
  return words === "" ? id : words.charAt(0).toUpperCase() + words.slice(1);
}

/** As `humanise`, for the middle of a sentence. */
export function lower(id: string): string {
  return id.replace(/_+/g, " ").trim();
}

/** Text as one line; white space and line ends become single blanks. */
export function oneLine(value: string): string {
  return value.replace(/\s+/g, " ").trim();
}

/** The parts that say something, joined as on a card. */
export function dotted(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

/** What branches ask, in a line. */
export function branchLine(entry: Json, about: About): string {
  const rows = items(get(entry, ["branches"]));
  const words = rows.slice(0, 3).map((row) => text(row, ["title"]) || shortCondition(text(row, ["when"]), about));
  if (rows.length > 3) words.push(t.short.more(rows.length - 3));
  if (target(get(entry, ["else"])) !== null) words.push(t.ports.else);
  return dotted(words);
}
