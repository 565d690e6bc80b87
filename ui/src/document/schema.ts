/**
 * What each key of the document holds, once: the forms of the window, the search for
 * references and the renaming of names all read this table. It follows section 2 of the
 * format, in its order.
 */
export type Name =
  | "node"
  | "trigger"
  | "slot"
  | "tier"
  | "context"
  | "target"
  | "constant"
  | "class"
  | "intent"
  | "signal"
  | "score"
  | "call"
  | "hours";

export type Section =
  | "constants"
  | "classes"
  | "intents"
  | "signals"
  | "scores"
  | "slots"
  | "calls"
  | "hours"
  | "tiers"
  | "contexts"
  | "targets"
  | "triggers"
  | "nodes";

export const SECTION_OF: { readonly [name in Name]: Section } = {
  node: "nodes",
  trigger: "triggers",
  slot: "slots",
  tier: "tiers",
  context: "contexts",
  target: "targets",
  constant: "constants",
  class: "classes",
  intent: "intents",
  signal: "signals",
  score: "scores",
  call: "calls",
  hours: "hours",
};

export type Shape =
  /** One line of plain text. */
  | { readonly is: "line" }
  /** Plain text of several lines. */
  | { readonly is: "prose" }
  /** Words for a person, which may hold `{name}`. */
  | { readonly is: "words" }
  | { readonly is: "condition" }
  | { readonly is: "expression" }
  /** A JSON scalar or list as its author writes it. */
  | { readonly is: "value" }
  | { readonly is: "number"; readonly min?: number; readonly max?: number; readonly step?: number }
  | { readonly is: "seconds" }
  | { readonly is: "flag" }
  | { readonly is: "once" }
  | { readonly is: "choice"; readonly of: readonly string[] }
  | { readonly is: "name"; readonly of: Name }
  /** A list of plain lines; `of` says whose names they are. */
  | { readonly is: "lines"; readonly of?: Name }
  | { readonly is: "within" }
  | { readonly is: "rows"; readonly fields: readonly Field[] }
  | { readonly is: "entries"; readonly key: Key; readonly value: Shape | readonly Field[] }
  | { readonly is: "because" }
  | { readonly is: "group"; readonly fields: readonly Field[] };

/** What the keys of a map of entries are. */
export type Key = "free" | "edge" | Name;

export interface Field {
  readonly key: string;
  readonly shape: Shape;
  readonly required?: true;
  /** The field is a port: it says where the conversation goes on. */
  readonly port?: true;
}

const line: Shape = { is: "line" };
const prose: Shape = { is: "prose" };
const words: Shape = { is: "words" };
const condition: Shape = { is: "condition" };
const expression: Shape = { is: "expression" };
const seconds: Shape = { is: "seconds" };
const flag: Shape = { is: "flag" };
const lines: Shape = { is: "lines" };

function name(of: Name): Shape {
  return { is: "name", of };
}

function field(key: string, shape: Shape, required?: true): Field {
  return required ? { key, shape, required } : { key, shape };
}

function port(key: string): Field {
  return { key, shape: name("node"), port: true };
}

const to: Field = { key: "to", shape: name("node"), required: true, port: true };
const when = field("when", condition, true);
const branches = field("branches", { is: "rows", fields: [when, to] });
const idle = field("idle", {
  is: "rows",
  fields: [field("after", seconds, true), field("say", words), port("to")],
});

const TYPES = ["bool", "integer", "number", "enum", "text"] as const;

export const KINDS = [
  "start",
  "message",
  "listen",
  "ask",
  "decision",
  "set",
  "action",
  "handoff",
  "subflow",
  "end",
  "todo",
  "note",
] as const;

export type Kind = (typeof KINDS)[number];

export function isKind(value: string): value is Kind {
  return (KINDS as readonly string[]).includes(value);
}

/** Keys that anything with an id may carry, shown after its own. */
export const COMMON: readonly Field[] = [
  field("title", line),
  field("why", prose),
  field("owner", line),
  field("link", line),
  field("tags", lines),
];

/** How bad findings are at one card or trigger, each with its reason. */
const checks = field("checks", {
  is: "entries",
  key: "free",
  value: [
    field("severity", { is: "choice", of: ["off", "info", "warning", "error"] }, true),
    field("why", line),
  ],
});

export const NODE_COMMON: readonly Field[] = [...COMMON, field("group", line), checks];

export const NODE_FIELDS: { readonly [kind in Kind]: readonly Field[] } = {
  start: [port("next")],
  message: [field("text", words, true), port("next")],
  listen: [branches, port("else"), idle],
  ask: [
    field("slot", name("slot"), true),
    field("prompt", words, true),
    field("reprompt", words),
    field("attempts", { is: "number", min: 1, step: 1 }),
    idle,
    port("filled"),
    port("failed"),
  ],
  decision: [branches, port("else")],
  set: [field("assign", { is: "entries", key: "slot", value: expression }), port("next")],
  action: [
    field("call", name("call"), true),
    field("inputs", { is: "entries", key: "free", value: expression }),
    field("time_limit", seconds),
    port("ok"),
    field("errors", { is: "entries", key: "free", value: name("node") }),
    port("error"),
    port("timeout"),
  ],
  handoff: [
    field("context", name("context"), true),
    field("target", name("target")),
    field("mode", { is: "choice", of: ["transfer", "copilot", "ticket", "callback"] }),
    field("routes", {
      is: "rows",
      fields: [when, field("tier", name("tier")), field("priority", { is: "number", min: 1, max: 5, step: 1 })],
    }),
    field("tier", name("tier"), true),
    field("priority", { is: "number", min: 1, max: 5, step: 1 }),
    field("say", words),
    field("max_wait", seconds),
    field("answer_within", seconds),
    field("overflow", { is: "rows", fields: [when, to, field("keep_place", flag)] }),
    field("waiting", {
      is: "group",
      fields: [
        field("say", {
          is: "rows",
          fields: [field("after", seconds, true), field("every", seconds), field("text", words, true)],
        }),
        field("turns", { is: "rows", fields: [when, to, field("keep_place", flag)] }),
        field("else_say", words),
      ],
    }),
    field("join", { is: "choice", of: ["cold", "warm"] }),
    field("contact", { is: "entries", key: "free", value: expression }),
    field("requires", condition),
    field("reasons", { is: "entries", key: "edge", value: line }),
    field("assist", {
      is: "rows",
      fields: [when, field("title", line), field("suggest", words), field("call", name("call"))],
    }),
    field("returns", { is: "entries", key: "free", value: [field("title", line), to] }),
    port("sent"),
    port("resumed"),
    port("resolved"),
    port("escalated"),
    port("timeout"),
    port("closed"),
    port("failed"),
  ],
  subflow: [
    field("flow", line, true),
    field("inputs", { is: "entries", key: "free", value: expression }),
    field("outcomes", { is: "entries", key: "free", value: name("node") }),
    port("else"),
  ],
  end: [field("outcome", line, true)],
  todo: [field("text", prose, true), port("next")],
  note: [field("text", prose, true)],
};

const type = field("type", { is: "choice", of: TYPES }, true);
const values = field("values", lines);
const min = field("min", { is: "number" });
const max = field("max", { is: "number" });
const title = field("title", line);
const redact = field("redact", { is: "choice", of: ["none", "mask", "hash", "drop", "block"] });

export const SECTION_FIELDS: { readonly [section in Exclude<Section, "nodes">]: readonly Field[] } = {
  constants: [title, field("value", { is: "value" }, true), min, max],
  classes: [
    title,
    redact,
    field("retain_days", { is: "number", min: 0, step: 1 }),
    field("basis", line),
    field("requires", condition),
  ],
  intents: [title, field("examples", lines)],
  signals: [title, type, min, max, values, field("source", line)],
  scores: [
    title,
    field("base", { is: "number" }, true),
    field("min", { is: "number" }, true),
    field("max", { is: "number" }, true),
    field("add", {
      is: "rows",
      fields: [when, field("points", { is: "number" }, true), title],
    }),
  ],
  slots: [title, type, field("entity", line), field("class", name("class")), min, max, values],
  calls: [
    title,
    field("inputs", { is: "entries", key: "free", value: { is: "choice", of: TYPES } }),
    field("outputs", { is: "entries", key: "free", value: { is: "choice", of: TYPES } }),
    field("errors", { is: "entries", key: "free", value: line }),
    field("repeat", { is: "choice", of: ["safe", "ask", "never"] }),
  ],
  hours: [
    title,
    field("zone", line, true),
    field("open", lines),
    field("closed", lines),
    field("special", { is: "entries", key: "free", value: lines }),
  ],
  tiers: [
    title,
    field("skills", lines),
    field("hours", name("hours")),
    field("sees", { is: "lines", of: "class" }),
    field("requires", condition),
    field("agents", { is: "number", min: 0, step: 1 }),
    field("handle_time", seconds),
    field("patience", seconds),
    field("slo", {
      is: "group",
      fields: [field("answer_within", seconds), field("share", { is: "number", min: 0, max: 1, step: 0.01 })],
    }),
  ],
  contexts: [
    title,
    field("summary", words),
    field("told", words),
    field("extends", name("context")),
    field("fields", {
      is: "entries",
      key: "free",
      value: [field("from", expression, true), field("required", flag), field("class", name("class")), redact],
    }),
    field("screen", { is: "group", fields: [field("open", line)] }),
  ],
  targets: [
    title,
    field("tiers", { is: "entries", key: "tier", value: { is: "entries", key: "free", value: { is: "value" } } }),
    field("fields", { is: "entries", key: "free", value: line }),
    field("priority", { is: "entries", key: "free", value: line }),
    field("too_big", {
      is: "entries",
      key: "free",
      value: { is: "choice", of: ["drop", "shorten", "link", "keep"] },
    }),
    field("one_reply", flag),
  ],
  triggers: [
    title,
    field("when", condition, true),
    field("because", { is: "because" }),
    to,
    field("within", { is: "within" }),
    field("once", { is: "once" }),
  ],
};

export const TRIGGER_COMMON = [...COMMON.filter(({ key }) => key !== "title"), checks];

export function isFields(value: Shape | readonly Field[]): value is readonly Field[] {
  return Array.isArray(value);
}
