/** A previewed conversation as people read it: who said what, and what the world did between. */
import type { Plain } from "../../document/tree";
import type { HandoffMade, Preview } from "../../platform";
import { t } from "../../text";
import { duration } from "../common/format";
import { titleOf } from "../forms/options";
import { session } from "../session.svelte";

export type Turn = { readonly [key: string]: Plain };
/** The id of a conversation that was found to show a problem, until it is kept under a name. */
export const WITNESS = "witness";

export type Conversation = { readonly [key: string]: Plain };

export interface Said {
  readonly who: "customer" | "ai" | "agent" | "event" | "hint";
  readonly text: string;
  /** The index into `turns`, for what the conversation has; what the flow says stands in none. */
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
    if (heard) found.push({ ...heard, turn: index });
    speak(index);
  });
  return found;
}

function text(value: Plain | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** What was said and done at the time, the bot's own words among it, whatever the flow says now. */
export function recorded(conversation: Conversation): Said[] {
  return turnsOf(conversation).flatMap((turn, index): Said[] => {
    if (turn["who"] === "bot") return [{ who: "ai", text: text(turn["text"]) }];
    const heard = words(turn);
    return heard ? [{ ...heard, turn: index }] : [];
  });
}

/** What is said and done in one line of words: `“I moved” → nothing for 5 s`. */
export function digest(conversation: Conversation): string {
  const heard = recorded(conversation).map(({ who, text: words }) => (who === "event" || who === "hint" ? words : t.preview.says(t.cards.who[who], words === "" ? "…" : words)));
  return heard.length === 0 ? t.preview.atOnce : heard.join(" → ");
}

/** The signals of a line in one line of words: `fee_dispute · 0.62 · mood -0.45 · amount 25`. */
export function factsOf(line: Turn): string {
  const mood = line["sentiment"];
  const nested = ["customer", "entities", "signals"].flatMap((key) => {
    const value = line[key];
    if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
    return Object.entries(value as { readonly [name: string]: Plain }).map(([name, one]) => `${name} ${String(one)}`);
  });
  const parts = [line["intent"], line["confidence"], mood === null || mood === undefined ? undefined : `${t.preview.mood} ${String(mood)}`];
  const plain = parts.filter((part) => part !== undefined && part !== null && part !== "").map((part) => text(part as Plain));
  return [...plain, ...nested].join(" · ");
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
  if ("queue" in turn) {
    const tier = titleOf(session.tree, "tier", text(turn["queue"]));
    return turn["open"] === false ? e.queueClosed(tier) : e.queue(tier, duration(Number(turn["wait"] ?? 0)));
  }
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

/** The customer's turn that an event belongs to, from 1; 0 before the first. */
export function turnAt(conversation: Conversation | null, event: number): number {
  return turnsOf(conversation).filter((line, index) => index <= event && line["who"] === "user").length;
}

/** The handoffs that were asked for by a step: the last one is what the person sees. */
export function handoffsBy(conversation: Conversation | null, preview: Preview, at: number): HandoffMade[] {
  const last = preview.steps[at]?.event ?? -1;
  const turn = turnAt(conversation, last);
  const entered = new Set(preview.steps.slice(0, at + 1).flatMap(({ node, to }) => (to ? [node, to] : [node])));
  return preview.handoffs.filter((made) => made.at_turn <= turn && entered.has(made.node));
}

/** The same conversation with one of its own keys changed, as what is known of the customer. */
export function withKey(conversation: Conversation, key: string, value: Plain | undefined): Conversation {
  const rest = Object.fromEntries(Object.entries(conversation).filter(([name]) => name !== key));
  return value === undefined ? rest : { ...rest, [key]: value };
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

/** A conversation as a line to keep, under a name and with what is right; everything else of it stays. */
export function keptLine(conversation: Conversation, id: string, expect: { readonly [key: string]: Plain }): string {
  const { id: _, turns = [], expect: __, ...rest } = conversation as { readonly [key: string]: Plain };
  return JSON.stringify({ id, ...rest, expect, turns });
}
