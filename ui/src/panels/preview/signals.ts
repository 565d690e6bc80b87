/** What can be changed in a line of a conversation: each signal with its type, range and choices as the flow declares them. */
import { entries, get, items, keys, numeric, text, type Json, type Plain } from "../../document/tree";
import { t } from "../../text";
import type { Conversation, Turn } from "./chat";

export interface SignalField {
  /** `confidence`, `signals.customer.ltv`, `entities.amount`: unique in its line. */
  readonly id: string;
  /** The key of the line. */
  readonly key: string;
  /** The name within the map at that key, where it is one. */
  readonly name?: string;
  readonly title: string;
  readonly input: "choice" | "number" | "text" | "flag";
  readonly options?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

type Loose = { readonly [key: string]: Plain };

function mapAt(line: Turn, key: string): Loose {
  const value = line[key];
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Loose) : {};
}

export function valueOf(line: Turn, { key, name }: SignalField): Plain | undefined {
  return name === undefined ? line[key] : mapAt(line, key)[name];
}

/** The new value of the line's key with one field set; `undefined` takes the field away, and an empty map with it. */
export function withValue(line: Turn, { key, name }: SignalField, value: Plain | undefined): Plain | undefined {
  if (name === undefined) return value;
  const rest = Object.entries(mapAt(line, key)).filter(([one]) => one !== name);
  const now = value === undefined ? rest : [...rest, [name, value] as const];
  return now.length === 0 ? undefined : Object.fromEntries(now);
}

export function differs(line: Turn, was: Turn | undefined, field: SignalField): boolean {
  return was !== undefined && JSON.stringify(valueOf(line, field)) !== JSON.stringify(valueOf(was, field));
}

/** The keys of a line that are not as they were. */
export function changedKeys(line: Turn, was: Turn | undefined): readonly string[] {
  if (was === undefined || line === was) return [];
  return [...new Set([...Object.keys(line), ...Object.keys(was)])].filter((key) => JSON.stringify(line[key]) !== JSON.stringify(was[key]));
}

/** Indexes of the turns that are not as they were. */
export function changedTurns(now: readonly Turn[], was: readonly Turn[]): ReadonlySet<number> {
  const found = new Set<number>();
  now.forEach((line, index) => {
    if (changedKeys(line, was[index]).length > 0) found.add(index);
  });
  return found;
}

/** The fields of a line, by what kind of line it is. */
export function fieldsOf(tree: Json, line: Turn): readonly SignalField[] {
  if (line["who"] === "user") return customerFields(tree, line);
  if ("queue" in line) return QUEUE;
  if ("clock" in line) return [{ id: "clock", key: "clock", title: t.signals.seconds, input: "number", min: 0, max: 7200 }];
  if ("action" in line) return actionFields(tree, line);
  if ("agent" in line) return agentFields(tree, line);
  if ("handoff" in line) return [{ id: "handoff", key: "handoff", title: t.signals.request, input: "choice", options: ["sent", "failed"] }];
  return [];
}

const QUEUE: readonly SignalField[] = [
  { id: "wait", key: "wait", title: t.signals.wait, input: "number", min: 0, max: 3600 },
  { id: "open", key: "open", title: t.signals.open, input: "flag" },
  { id: "available", key: "available", title: t.signals.available, input: "number", min: 0, max: 100 },
  { id: "position", key: "position", title: t.signals.position, input: "number", min: 0, max: 100 },
];

function customerFields(tree: Json, line: Turn): SignalField[] {
  const entities = [...new Set([...entries(get(tree, ["slots"])).map(([, slot]) => text(slot, ["entity"])), ...Object.keys(mapAt(line, "entities"))])].filter((one) => one !== "");
  const declared = entries(get(tree, ["signals"])).map(([name, entry]) => declaredField("signals", name, name, entry));
  const others = Object.keys(mapAt(line, "signals"))
    .filter((name) => declared.every((field) => field.name !== name))
    .map((name): SignalField => ({ id: `signals.${name}`, key: "signals", name, title: name, input: "text" }));
  return [
    { id: "intent", key: "intent", title: t.talk.intent, input: "choice", options: [...keys(get(tree, ["intents"])), "none"] },
    { id: "confidence", key: "confidence", title: t.talk.confidence, input: "number", min: 0, max: 1 },
    { id: "sentiment", key: "sentiment", title: t.talk.sentiment, input: "number", min: -1, max: 1 },
    ...entities.map((name): SignalField => ({ id: `entities.${name}`, key: "entities", name, title: name, input: "text" })),
    ...declared,
    ...others,
  ];
}

function declaredField(key: string, name: string, title: string, entry: Json): SignalField {
  const id = `${key}.${name}`;
  const type = text(entry, ["type"]);
  if (type === "enum") return { id, key, name, title, input: "choice", options: items(get(entry, ["values"])).filter((one) => typeof one === "string") };
  if (type === "bool") return { id, key, name, title, input: "flag" };
  if (type !== "number" && type !== "integer") return { id, key, name, title, input: "text" };
  const min = numeric(entry, ["min"]);
  const max = numeric(entry, ["max"]);
  return { id, key, name, title, input: "number", ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function actionFields(tree: Json, line: Turn): SignalField[] {
  const named = typeof line["action"] === "string" ? line["action"] : "";
  const call = text(tree, ["nodes", named, "call"]) || named;
  const codes = [...new Set([...keys(get(tree, ["calls", call, "errors"])), ...keys(get(tree, ["nodes", named, "errors"]))])];
  const outputs = entries(get(tree, ["calls", call, "outputs"])).map(([name, type]) => {
    const input = type === "bool" ? "flag" : type === "number" || type === "integer" ? "number" : "text";
    return { id: `data.${name}`, key: "data", name, title: name, input } as const;
  });
  return [
    { id: "status", key: "status", title: t.signals.status, input: "choice", options: ["ok", "error", "timeout"] },
    codes.length > 0 ? { id: "code", key: "code", title: t.signals.code, input: "choice", options: codes } : { id: "code", key: "code", title: t.signals.code, input: "text" },
    ...outputs,
  ];
}

function agentFields(tree: Json, line: Turn): SignalField[] {
  const outcomes = [...new Set(entries(get(tree, ["nodes"])).flatMap(([, node]) => keys(get(node, ["returns"]))))];
  const outcome: SignalField =
    outcomes.length > 0 ? { id: "outcome", key: "outcome", title: t.signals.outcome, input: "choice", options: outcomes } : { id: "outcome", key: "outcome", title: t.signals.outcome, input: "text" };
  const verb: SignalField = { id: "agent", key: "agent", title: t.signals.person, input: "choice", options: ["accepted", "declined", "resumed", "resolved", "escalated"] };
  return ["resumed", "resolved", "escalated"].includes(String(line["agent"])) ? [verb, outcome, { id: "note", key: "note", title: t.signals.note, input: "text" }] : [verb];
}

/** What is known of the customer before the first word: what the flow declares of them, and what the conversation says. */
export function customerOf(tree: Json, conversation: Conversation): readonly SignalField[] {
  const declared = entries(get(tree, ["signals"]))
    .filter(([name]) => name.startsWith("customer."))
    .map(([name, entry]) => declaredField("customer", name.slice("customer.".length), name, entry));
  const others = Object.keys(mapAt(conversation, "customer"))
    .filter((name) => declared.every((field) => field.name !== name))
    .map((name): SignalField => ({ id: `customer.${name}`, key: "customer", name, title: `customer.${name}`, input: "text" }));
  return [...declared, ...others, { id: "start", key: "start", title: t.signals.start, input: "text" }];
}
