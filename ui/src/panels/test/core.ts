/** What this place asks the core for, in the words of this place. */
import type { Plain } from "../../document/tree";
import { rpc, type ConversationSet, type ConversationsAudited, type ConversationsListed, type Preview, type Replayed, type ReplayCompared, type ReplayOther, type ReplayReached, type ReplayShrunk, type ReplaySwept } from "../../platform";
import type { Conversation } from "../preview/chat";
import { session } from "../session.svelte";

export type Heard = (told: unknown) => void;

export function sets(): Promise<readonly ConversationSet[]> {
  return rpc("conversations.sets", { doc: session.doc });
}

/**
 * A part of the conversations for which all terms of a query hold: words, `"several words"`, `tag:x`, `intent:x`, `has:handoff`,
 * `confidence<0.5`; of all without one.
 */
export function list(query: string, from: number, most: number): Promise<ConversationsListed> {
  return rpc("conversations.list", { doc: session.doc, query, from, most });
}

/** Handoffs that happened against those that should have, by a label or else by what is expected. */
export function audit(files: readonly string[], label: string, ticket: number, heard: Heard): Promise<ConversationsAudited> {
  return rpc("conversations.audit", { doc: session.doc, files, ticket, ...(label === "" ? {} : { label }) }, heard);
}

export function replay(files: readonly string[], ticket: number, heard: Heard): Promise<Replayed> {
  return rpc("replay.run", { doc: session.doc, files, ticket }, heard);
}

export function reaching(files: readonly string[], what: string, ticket: number, heard: Heard): Promise<ReplayReached> {
  return rpc("replay.reaching", { doc: session.doc, files, what, ticket }, heard);
}

export function shrink(files: readonly string[], id: string): Promise<ReplayShrunk> {
  return rpc("replay.shrink", { doc: session.doc, files, id });
}

/** The other version: a file, or this flow as it was saved. */
function otherOf(path: string | null): ReplayOther {
  return path === null ? { saved: true } : { path };
}

/** The other version is the one before; the flow as it is now is the one after. */
export function against(files: readonly string[], path: string | null, ticket: number, heard: Heard): Promise<ReplayCompared> {
  return rpc("replay.against", { doc: session.doc, other: otherOf(path), former: true, files, ticket }, heard);
}

export function previewOther(doc: number, path: string | null, conversation: Conversation): Promise<Preview> {
  return rpc("preview.run", { doc, conversation, other: otherOf(path) });
}

export function sweep(files: readonly string[], constant: string, from: number, to: number, ticket: number, heard: Heard): Promise<ReplaySwept> {
  return rpc("replay.sweep", { doc: session.doc, constant, from: String(from), to: String(to), files, ticket }, heard);
}

export async function stop(ticket: number): Promise<void> {
  await rpc("replay.stop", { ticket });
}

/** Keeps what should have happened with a conversation, in the file that has it; nothing takes it away. */
export async function label(id: string, expect: { readonly [key: string]: Plain } | null): Promise<void> {
  await rpc("conversations.label", { doc: session.doc, ids: [id], expect: expect === null ? null : JSON.stringify(expect) });
}

export async function tag(id: string, add: readonly string[], remove: readonly string[]): Promise<void> {
  await rpc("conversations.tag", { doc: session.doc, ids: [id], add, remove });
}
