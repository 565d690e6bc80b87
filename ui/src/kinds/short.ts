/**
 * A condition in a few words for a label: `intent == "fee_dispute"` is "fee dispute" and
 * `queue.wait > 300 && priority >= 3` is "wait > 5 min and priority ≥ 3". It reads tokens and never
 * fails: a label is a hint, the condition's meaning is told by the core.
 */
import { t } from "../text";
import type { About } from "./kind";

interface Token {
  readonly sort: "name" | "text" | "number" | "sign";
  readonly value: string;
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([A-Za-z_][\w.]*)|(\d+(?:\.\d+)?)|(&&|\|\||==|!=|<=|>=|[^\s]))/gy;

export function shortCondition(source: string, about: About): string {
  const written = tokens(source);
  const words: string[] = [];
  let at = 0;
  while (at < written.length) at += take(written, at, words, about);
  return tidy(words.join(" "));
}

function tokens(source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let hit = TOKEN.exec(source); hit !== null && hit[0] !== ""; hit = TOKEN.exec(source)) {
    const quoted = hit[1] ?? hit[2];
    if (quoted !== undefined) found.push({ sort: "text", value: quoted });
    else if (hit[3] !== undefined) found.push({ sort: "name", value: hit[3] });
    else if (hit[4] !== undefined) found.push({ sort: "number", value: hit[4] });
    else if (hit[5] !== undefined) found.push({ sort: "sign", value: hit[5] });
  }
  return found;
}

/** Says the words of what stands at `at` and returns how many tokens it took. */
function take(written: readonly Token[], at: number, words: string[], about: About): number {
  const here = written[at];
  const sign = written[at + 1]?.value;
  const right = written[at + 2];
  if (here === undefined) return 1;
  if (here.sort === "name" && right?.sort === "text" && (sign === "==" || sign === "!=")) {
    words.push(named(here.value, right.value, sign === "!=", about));
    return 3;
  }
  if (here.sort === "name" && right?.sort === "number" && isTime(here.value)) {
    words.push(lastPart(here.value), SIGNS[sign ?? ""] ?? sign ?? "", duration(Number(right.value)));
    return 3;
  }
  if (here.sort === "name" && sign === "in" && right?.value === "[") return takeList(written, at, words, about);
  words.push(single(here));
  return 1;
}

/** `intent in ["a", "b"]` is "a or b"; of another signal "tier is one of a, b". */
function takeList(written: readonly Token[], at: number, words: string[], about: About): number {
  const name = written[at]?.value ?? "";
  const values: string[] = [];
  let end = at + 3;
  for (; end < written.length && written[end]?.value !== "]"; end += 1) {
    const token = written[end];
    if (token !== undefined && token.value !== ",") values.push(name === "intent" ? about.intent(token.value) : token.value);
  }
  if (name === "intent") words.push(values.join(` ${t.short.or} `));
  else words.push(lastPart(name), t.short.isOneOf, values.map(spoken).join(", "));
  return end + 1 - at;
}

/** `intent == "x"` needs no "intent is": the value says it. */
function named(name: string, value: string, not: boolean, about: About): string {
  const no = not ? `${t.short.not} ` : "";
  if (name === "intent") return no + about.intent(value);
  if (name === "trigger.id") return no + about.trigger(value);
  return `${lastPart(name)} ${not ? t.short.isNot : t.short.is} ${spoken(value)}`;
}

/** Ids read as words; a code in capitals stays what it is. */
function spoken(value: string): string {
  return /^[a-z0-9_]+$/.test(value) ? value.replace(/_+/g, " ") : value;
}

const SIGNS: Readonly<Record<string, string>> = { "<=": "≤", ">=": "≥", "==": "=", "!=": "≠" };

function single(token: Token): string {
  const words = t.short;
  if (token.sort === "text") return token.value;
  if (token.sort === "name") {
    if (token.value === "in") return words.isOneOf;
    return lastPart(token.value);
  }
  if (token.value === "&&") return words.and;
  if (token.value === "||") return words.or;
  if (token.value === "!") return words.not;
  return SIGNS[token.value] ?? token.value;
}

/** `queue.tier2.open` as "tier2 open", `const.unsure` as "unsure", `customer.tier` as "tier". */
function lastPart(name: string): string {
  const parts = name.split(".").filter((part) => part !== "");
  const kept = parts.length > 2 && parts[0] === "queue" ? parts.slice(1) : parts.slice(-1);
  return kept.join(" ").replace(/_+/g, " ");
}

function isTime(name: string): boolean {
  return /(^|\.)(wait|waited)$/.test(name);
}

function duration(value: number): string {
  return value >= 60 && value % 60 === 0 ? `${value / 60} min` : `${value} s`;
}

function tidy(line: string): string {
  return line
    .replace(/\s+([,)\]])/g, "$1")
    .replace(/([([])\s+/g, "$1")
    .replace(/- (\d)/g, "−$1")
    .replace(/[[\]]/g, "")
    .trim();
}
