/** What can be said and done at a point of a conversation, as lines of `turns`. */
import { entries, get, keys, text, type Json, type Plain } from "../../document/tree";
import type { Preview } from "../../platform";
import { t } from "../../text";
import { kindOf, titleOf } from "../../kinds";
import type { Conversation, Turn } from "../preview/chat";

export interface Guessed {
  readonly intent: string | null;
  readonly confidence: number | null;
  readonly sentiment: number | null;
}

/** A customer's turn. What is unset stands as null, so that nothing fills it in again. */
export function customerTurn(words: string, guessed: Guessed, entities: { readonly [name: string]: string }): Turn {
  const told = Object.entries(entities).filter(([, value]) => value.trim() !== "");
  return {
    who: "user",
    text: words,
    intent: guessed.intent,
    confidence: guessed.confidence,
    sentiment: guessed.sentiment,
    ...(told.length === 0 ? {} : { entities: Object.fromEntries(told.map(([name, value]) => [name, value.trim()])) }),
  };
}

export interface WorldButton {
  readonly id: string;
  readonly title: string;
  readonly line: Turn;
}

/** Queue lengths that matter: seven minutes is past the usual five. */
const LONG = 420;

/** Buttons for what the world may do now, given the last run. */
export function worldButtons(tree: Json, preview: Preview | null, turns: readonly Turn[]): WorldButton[] {
  const waiting = preview?.waiting;
  if (!preview || !waiting) return [];
  const node = get(tree, ["nodes", waiting.node.split("/")[0] ?? ""]);
  const pending = waiting.pending || waiting.for === "queue";
  const person = waiting.for === "person";
  return [
    ...(pending ? requestButtons() : []),
    ...(person ? personButtons(node) : []),
    ...callButtons(tree, preview, turns),
    ...sentButtons(tree, preview, turns),
    ...(pending || hasHandoff(tree) ? queueButtons(tree, text(node, ["tier"])) : []),
    { id: "minute", title: t.talk.minute, line: { clock: 60 } },
    { id: "quarter", title: t.talk.quarter, line: { clock: 900 } },
    { id: "left", title: t.talk.left, line: { customer: "left" } },
  ];
}

function requestButtons(): WorldButton[] {
  return [
    { id: "accept", title: t.talk.accept, line: { agent: "accepted", name: "desk 7" } },
    { id: "decline", title: t.talk.decline, line: { agent: "declined" } },
    { id: "request-fails", title: t.talk.requestFails, line: { handoff: "failed" } },
  ];
}

function personButtons(node: Json | undefined): WorldButton[] {
  const returns = entries(get(node, ["returns"])).map(([outcome, row]) => ({
    id: `resume-${outcome}`,
    title: t.talk.handBackAs(text(row, ["title"]) || outcome),
    line: { agent: "resumed", outcome },
  }));
  return [
    ...returns,
    { id: "resume", title: t.talk.handBack, line: { agent: "resumed" } },
    { id: "resolve", title: t.talk.resolve, line: { agent: "resolved" } },
    { id: "escalate", title: t.talk.escalate, line: { agent: "escalated" } },
  ];
}

/** A call that ran in the last event may have failed: its result is the next line. */
function callButtons(tree: Json, preview: Preview, turns: readonly Turn[]): WorldButton[] {
  const last = turns.length - 1;
  const called = [...preview.steps].reverse().find((step) => step.event === last && kind(tree, step.node) === "action");
  if (!called || !("who" in (turns[last] ?? {}))) return [];
  const call = text(tree, ["nodes", called.node, "call"]);
  const codes = new Set([...keys(get(tree, ["calls", call, "errors"])), ...keys(get(tree, ["nodes", called.node, "errors"]))]);
  const failures = [...codes].map((code) => ({
    id: `call-${code}`,
    title: t.talk.callFailsAs(code),
    line: { action: called.node, status: "error", code, message: code },
  }));
  return [
    ...(failures.length > 0 ? failures : [{ id: "call-fails", title: t.talk.callFails, line: { action: called.node, status: "error" } }]),
    { id: "call-timeout", title: t.talk.callTimeout, line: { action: called.node, status: "timeout" } },
  ];
}

/** A ticket or callback that was just assumed sent may have failed. */
function sentButtons(tree: Json, preview: Preview, turns: readonly Turn[]): WorldButton[] {
  const last = turns.length - 1;
  const sent = preview.steps.some((step) => step.event === last && step.port === "sent" && kind(tree, step.node) === "handoff");
  return sent ? [{ id: "ticket-fails", title: t.talk.requestFails, line: { handoff: "failed" } }] : [];
}

function queueButtons(tree: Json, first: string): WorldButton[] {
  const tiers = keys(get(tree, ["tiers"]));
  const ordered = [...tiers.filter((tier) => tier === first), ...tiers.filter((tier) => tier !== first)];
  return ordered.flatMap((tier) => {
    const title = titleOf(tier, get(tree, ["tiers", tier]) ?? null);
    return [
      { id: `queue-long-${tier}`, title: t.talk.queueLong(title), line: { queue: tier, wait: LONG, open: true } },
      { id: `queue-closed-${tier}`, title: t.talk.queueClosed(title), line: { queue: tier, open: false } },
      { id: `queue-open-${tier}`, title: t.talk.queueOpen(title), line: { queue: tier, wait: 0, open: true } },
    ];
  });
}

function kind(tree: Json, node: string): string {
  return text(tree, ["nodes", node, "kind"]);
}

function hasHandoff(tree: Json): boolean {
  return entries(get(tree, ["nodes"])).some(([, node]) => kindOf(text(node, ["kind"])).id === "handoff");
}

export interface Expectation {
  readonly id: string;
  readonly title: string;
  readonly expect: { readonly [key: string]: Plain };
}

/** What may be right: what happened, another tier, or no handoff at all. */
export function expectations(tree: Json, preview: Preview): Expectation[] {
  const { outcome } = preview;
  const happened = asItWent(tree, preview);
  const tiers = entries(get(tree, ["tiers"]))
    .filter(([tier]) => !(outcome.kind === "handoff" && outcome.tier === tier))
    .map(([tier, entry]): Expectation => ({ id: `tier-${tier}`, title: t.talk.expectHandoff(text(entry, ["title"]) || tier), expect: { handoff: { tier } } }));
  const stay: Expectation[] = outcome.kind === "handoff" ? [{ id: "stay", title: t.talk.expectStay, expect: { handoff: false } }] : [];
  return [happened, ...tiers, ...stay];
}

function asItWent(tree: Json, { outcome }: Preview): Expectation {
  const title = (what: string): string => t.talk.expectAsIs(what);
  // Of a node inside a called flow, the card that calls it is the one that stands here.
  const [own = outcome.node] = outcome.node.split("/");
  const card = titleOf(own, get(tree, ["nodes", own]) ?? null);
  if (outcome.kind === "handoff") {
    const handoff = { at_turn: outcome.at_turn, tier: outcome.tier ?? "", reasons: [...(outcome.reasons ?? [])] };
    return { id: "right", title: title(t.preview.outcomes.handoff(card, outcome.state ?? "")), expect: { handoff } };
  }
  if (outcome.kind === "end") return { id: "right", title: title(t.preview.outcomes.end(outcome.outcome ?? "")), expect: { handoff: false, end: outcome.outcome ?? "" } };
  if (outcome.kind === "open") return { id: "right", title: title(t.preview.outcomes.open(card)), expect: { handoff: false, open: outcome.node } };
  return { id: "right", title: title(t.talk.expectStay), expect: { handoff: false } };
}

/** The line that is saved: keys in the order in which people read them. */
export function savedLine(id: string, turns: readonly Turn[], expect: Expectation["expect"]): string {
  const conversation: Conversation = { id, expect, turns };
  return JSON.stringify(conversation);
}

/** Slots that a message can fill, with the one that is asked for first. */
export function entitySlots(tree: Json, asked: string): { readonly slot: string; readonly entity: string }[] {
  const found = entries(get(tree, ["slots"])).flatMap(([slot, entry]) => {
    const entity = text(entry, ["entity"]);
    return entity === "" ? [] : [{ slot, entity }];
  });
  return [...found.filter(({ slot }) => slot === asked), ...found.filter(({ slot }) => slot !== asked)];
}
