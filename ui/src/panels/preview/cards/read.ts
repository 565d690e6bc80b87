/** What a card shows is read back from the exact bytes of the requests: what is seen is what is sent. */
import type { Plain } from "../../../document/tree";
import type { Envelope, Request } from "../../../platform";
import { said } from "../../../text/core";
import { shown } from "../../common/format";

export type Loose = { readonly [key: string]: Plain };

/** A value with its name. */
export interface Marked {
  readonly label: string;
  readonly value: Plain;
  /** How and why it is not shown as it is. */
  readonly masked?: string;
}

/** Somebody said something. */
export interface Line {
  readonly who: "customer" | "ai" | "agent";
  readonly text: string;
}

export function map(value: Plain | undefined): Loose {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Loose) : {};
}

export function list(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

export function text(value: Plain | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** A request and all that follow it, in order. */
export function requests(first: Request | undefined): readonly Request[] {
  return first === undefined ? [] : [first, ...(first.then ?? []).flatMap((next) => requests(next))];
}

/** The value of a body in JSON; nothing where it is none. */
export function json(source: string): Plain | undefined {
  try {
    return JSON.parse(source) as Plain;
  } catch {
    return undefined;
  }
}

/** JSON that travels as a text is opened, however deep it lies. */
function opened(value: Plain): Plain {
  if (typeof value === "string" && /^\s*[[{]/.test(value)) {
    const inner = json(value);
    return inner === undefined ? value : opened(inner);
  }
  if (Array.isArray(value)) return (value as readonly Plain[]).map(opened);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value as Loose).map(([key, inner]) => [key, opened(inner)]));
  return value;
}

/** A body as named values: JSON, or a form. */
export function bodyOf(request: Request | undefined): Loose {
  const source = request?.body ?? "";
  const parsed = json(source);
  if (parsed !== undefined) return map(opened(parsed));
  if (!source.includes("=")) return {};
  return Object.fromEntries([...new URLSearchParams(source)].map(([key, value]) => [key, opened(value)]));
}

/** The first value of a name, wherever it lies. */
export function deep(value: Plain | undefined, name: string): Plain | undefined {
  if (Array.isArray(value)) {
    for (const item of value as readonly Plain[]) {
      const found = deep(item, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const here = map(value);
  if (here[name] !== undefined) return here[name];
  for (const inner of Object.values(here)) {
    const found = deep(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first value of one of the names in any of the requests. */
export function anywhere(first: Request | undefined, ...names: readonly string[]): Plain | undefined {
  const bodies = requests(first).map(bodyOf);
  for (const name of names) {
    for (const body of bodies) {
      const found = deep(body, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** All values of a name, from all requests. */
export function everywhere(first: Request | undefined, name: string): readonly Plain[] {
  return requests(first).flatMap((request) => {
    const found = deep(bodyOf(request), name);
    return found === undefined ? [] : [found];
  });
}

/** Nested values as one list, their names joined by dots. */
export function flat(value: Loose, before = ""): readonly (readonly [string, Plain])[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = before === "" ? key : `${before}.${key}`;
    const nested = map(inner);
    return Object.keys(nested).length > 0 ? flat(nested, name) : [[name, inner] as const];
  });
}

function bare(name: string): string {
  return (name.split(".").pop() ?? name).replace(/__c$/, "").replace(/[^A-Za-z0-9]+/g, "_").toLowerCase();
}

/** Why a field is not sent as it is: found by its name, else by what stands in its place. */
export function maskOf(envelope: Envelope | undefined): (label: string, value: Plain) => string | undefined {
  const byName = new Map<string, string>();
  const byValue = new Map<string, string>();
  for (const { field, how, why } of envelope?.redacted ?? []) {
    const reason = said(why) || how;
    byName.set(bare(field), reason);
    const value = envelope?.payload[field];
    if (value !== null && value !== undefined && shown(value, "") !== "") byValue.set(shown(value, ""), reason);
  }
  return (label, value) => byName.get(bare(label)) ?? byValue.get(shown(value, ""));
}

export function marked(rows: readonly (readonly [string, Plain])[], envelope: Envelope | undefined): readonly Marked[] {
  const why = maskOf(envelope);
  return rows.map(([label, value]) => {
    const masked = why(label, value);
    return { label, value, ...(masked === undefined ? {} : { masked }) };
  });
}

/** The field of the payload that a value stands for, where it is one alone. */
export function fieldOf(value: Plain, envelope: Envelope | undefined): string | undefined {
  const wanted = shown(value, "");
  const found = Object.entries(envelope?.payload ?? {}).filter(([, one]) => wanted !== "" && shown(one, "") === wanted);
  return found.length === 1 ? found[0]?.[0] : undefined;
}

const SPEAKERS: { readonly [who: string]: Line["who"] } = { user: "customer", customer: "customer", agent: "agent", person: "agent", human: "agent", bot: "ai", ai: "ai", business: "ai", system: "ai" };

/** Who a word for a speaker stands for, where it is known. */
export function speakerOf(who: string): Line["who"] | undefined {
  return SPEAKERS[who.toLowerCase()];
}

function line(value: Plain): Line | undefined {
  const { who, role, author, from, text: words, content, Content, body } = map(value);
  const said = [words, content, Content, body, map(content)["text"]].map(text).find((one) => one !== "");
  if (said === undefined) return undefined;
  const speaker = [who, role, author, from, map(author)["type"], map(from)["role"]].map(text).find((one) => one !== "");
  return speaker === undefined ? undefined : { who: speakerOf(speaker) ?? "ai", text: said };
}

/** What was said, where a value is a list of that. */
export function linesOf(value: Plain | undefined): readonly Line[] {
  const found = list(value).map(line);
  return found.length > 0 && found.every((one) => one !== undefined) ? found : [];
}

/** What the person reads of the conversation: the longest transcript that is sent. */
export function transcript(envelope: Envelope | undefined): readonly Line[] {
  const all = Object.values(envelope?.payload ?? {}).map(linesOf);
  return all.reduce((longest, one) => (one.length > longest.length ? one : longest), []);
}

export function reasonsOf(envelope: Envelope | undefined, names: readonly string[]): string {
  return (envelope?.reasons ?? []).map(({ name, title }) => title ?? name).join(", ") || names.join(", ");
}

/** The last part of an address, as of a queue's or an event's id. */
export function lastOf(url: string): string {
  return url.split("?")[0]?.split("/").filter(Boolean).pop() ?? url;
}
