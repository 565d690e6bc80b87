/** What another version would do to the same conversations: who is handed off earlier, later, elsewhere, no more, newly. */
import type { Outcome } from "../../platform";
import { exists, titleOf } from "../forms/options";
import { entries, get, text, type Json } from "../../document/tree";
import { t } from "../../text";

export const MOVES = ["newly", "no_more", "earlier", "later", "elsewhere", "otherwise", "ending"] as const;
export type Move = (typeof MOVES)[number];

export interface Change {
  readonly id: string;
  readonly before: Outcome;
  readonly after: Outcome;
  readonly moves?: readonly string[];
  readonly text?: string | null;
}

/** What changed, as the core says, else told from the two outcomes. */
export function movesOf({ before, after, moves }: Change): readonly Move[] {
  const told = (moves ?? []).filter((one): one is Move => (MOVES as readonly string[]).includes(one));
  if (told.length > 0) return told;
  const [was, is] = [before.kind === "handoff", after.kind === "handoff"];
  if (!was && !is) return ["ending"];
  if (!was) return ["newly"];
  if (!is) return ["no_more"];
  const found: Move[] = [];
  if (after.at_turn < before.at_turn) found.push("earlier");
  if (after.at_turn > before.at_turn) found.push("later");
  if (after.node !== before.node || after.tier !== before.tier || after.mode !== before.mode) found.push("elsewhere");
  return found.length === 0 ? ["otherwise"] : found;
}

export function counted(changes: readonly Change[]): ReadonlyMap<Move, number> {
  const found = new Map<Move, number>();
  for (const change of changes) for (const move of movesOf(change)) found.set(move, (found.get(move) ?? 0) + 1);
  return found;
}

export function ofMove(changes: readonly Change[], move: Move | null): readonly Change[] {
  return move === null ? changes : changes.filter((change) => movesOf(change).includes(move));
}

/** What a reason is called where the flow names it; its id otherwise. */
export function reasonTitle(tree: Json, reason: string): string {
  for (const [, trigger] of entries(get(tree, ["triggers"]))) {
    const title = text(trigger, ["because", reason, "title"]);
    if (title !== "") return title;
  }
  return exists(tree, "trigger", reason) ? titleOf(tree, "trigger", reason) : reason;
}

/** An outcome in a few words: `General queue, turn 2 · the bot was unsure`. */
export function outcomeWords(tree: Json, { kind, node, tier, outcome, at_turn, reasons }: Outcome): string {
  const card = titleOf(tree, "node", node.split("/")[0] ?? node) || node;
  if (kind === "handoff") {
    const where = tier === undefined ? card : titleOf(tree, "tier", tier);
    return [t.test.toTier(where, at_turn), (reasons ?? []).map((reason) => reasonTitle(tree, reason)).join(", ")].filter(Boolean).join(" · ");
  }
  if (kind === "end") return t.preview.outcomes.end(outcome ?? "");
  if (kind === "abandoned") return t.preview.outcomes.abandoned;
  return kind === "error" ? t.preview.outcomes.error(card) : t.preview.outcomes.open(card);
}

/** All changes, with the words of those that came as a sample; the sample first, since it can be read. */
export function withSample(changes: readonly Change[], sample: readonly Change[]): readonly Change[] {
  const read = new Set(sample.map(({ id }) => id));
  return [...sample, ...changes.filter(({ id }) => !read.has(id))];
}
