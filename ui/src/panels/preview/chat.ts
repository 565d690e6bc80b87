/** A previewed conversation as people read it: who said what, and what the world did between. */
import type { Plain } from "../../document/tree";
import type { HandoffMade, Preview } from "../../platform";
import { t } from "../../text";
import { duration } from "../common/format";

export type Turn = { readonly [key: string]: Plain };
export type Conversation = { readonly [key: string]: Plain };

export interface Said {
  readonly who: "customer" | "ai" | "agent" | "event" | "hint";
  readonly text: string;
  /** The index into `turns`, for what the customer said. */
  readonly turn?: number;
}

export function turnsOf(conversation: Conversation | null): readonly Turn[] {
  const turns = conversation?.["turns"];
  return Array.isArray(turns) ? (turns as readonly Turn[]) : [];
}

/** What is known after a step: everything up to its event, and what was said until then. */
export function chat(conversation: Conversation | null, preview: Preview, at: number): Said[] {
  const steps = preview.steps.slice(0, at + 1);
  const last = at >= preview.steps.length - 1 ? Infinity : (steps[steps.length - 1]?.event ?? -1);
  const found: Said[] = [];
  const speak = (event: number): void => {
    for (const step of steps) {
      if (step.event !== event) continue;
      for (const text of step.said ?? []) found.push({ who: "ai", text });
      for (const text of step.suggested ?? []) found.push({ who: "hint", text });
    }
  };
  speak(-1);
  turnsOf(conversation).forEach((turn, index) => {
    if (index > last) return;
    const heard = words(turn);
    if (heard) found.push(heard.who === "customer" ? { ...heard, turn: index } : heard);
    speak(index);
  });
  return found;
}

function text(value: Plain | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** A line of `turns` in words; what the bot said at the time is not said again. */
export function words(turn: Turn): Said | undefined {
  if (turn["who"] === "user") return { who: "customer", text: text(turn["text"]) };
  if (turn["who"] === "agent") return { who: "agent", text: text(turn["text"]) };
  if (turn["who"] === "bot") return undefined;
  return { who: "event", text: eventWords(turn) };
}

export function eventWords(turn: Turn): string {
  const e = t.events;
  if ("queue" in turn) return turn["open"] === false ? e.queueClosed(text(turn["queue"])) : e.queue(text(turn["queue"]), duration(Number(turn["wait"] ?? 0)));
  if ("clock" in turn) return e.clock(duration(Number(turn["clock"])));
  if ("action" in turn) return e.call(text(turn["action"]), [text(turn["status"]) || "ok", text(turn["code"])].filter(Boolean).join(" "));
  if ("handoff" in turn) return turn["handoff"] === "failed" ? e.failed : e.sent(text(turn["ref"]));
  if ("customer" in turn) return e.left;
  if ("agent" in turn) return agentWords(turn);
  return e.other;
}

function agentWords(turn: Turn): string {
  const e = t.events;
  const verbs: { readonly [verb: string]: string } = {
    accepted: e.accepted(text(turn["name"])),
    declined: e.declined,
    resumed: e.resumed(text(turn["outcome"])),
    resolved: e.resolved,
    escalated: e.escalated,
    used: e.used,
    ran: e.ran,
  };
  return verbs[text(turn["agent"])] ?? e.other;
}

/** The handoffs that were asked for by a step: the last one is what the person sees. */
export function handoffsBy(conversation: Conversation | null, preview: Preview, at: number): HandoffMade[] {
  const last = preview.steps[at]?.event ?? -1;
  const turn = turnsOf(conversation).filter((line, index) => index <= last && line["who"] === "user").length;
  const entered = new Set(preview.steps.slice(0, at + 1).flatMap(({ node, to }) => (to ? [node, to] : [node])));
  return preview.handoffs.filter((made) => made.at_turn <= turn && entered.has(made.node));
}

/** The same conversation with one key of one line changed; `undefined` takes the key away. */
export function withTurn(conversation: Conversation, index: number, key: string, value: Plain | undefined): Conversation {
  const turns = turnsOf(conversation).map((turn, at) => {
    if (at !== index) return turn;
    const rest = Object.fromEntries(Object.entries(turn).filter(([name]) => name !== key));
    return value === undefined ? rest : { ...rest, [key]: value };
  });
  return { ...conversation, turns };
}
