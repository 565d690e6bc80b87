/** The rows of the register in the language of the window; titles and texts of the flow stay as they are. */
import { text, type Json } from "../../document/tree";
import type { RegisterRow } from "../../platform";
import { label, spoken } from "../../text/spoken";

const TRIGGER = "trigger.";

export function rowInWords(row: RegisterRow, tree: Json): RegisterRow {
  const trigger = row.way.startsWith(TRIGGER);
  return {
    ...row,
    // The place of an edge is the title of a card.
    where: trigger || row.way === "" ? spoken(row.where) : row.where,
    reason: trigger ? firing(row, text(tree, ["triggers", row.way.slice(TRIGGER.length), "title"])) : spoken(row.reason),
    hours: maybe(row.hours),
    to: row.to.map((to) => ({ ...to, when: maybe(to.when), hours: spoken(to.hours), promise: maybe(to.promise) })),
    waiting: row.waiting.map((one) => ({ ...one, when: spoken(one.when), text: one.text.startsWith("→ ") ? spoken(one.text) : one.text })),
    fallback: row.fallback.map((one) => ({ ...one, when: spoken(one.when), leads: spoken(one.leads) })),
    promise: maybe(row.promise),
    edits: row.edits.map((edit) => ({ ...edit, label: label(edit.label) })),
  };
}

function maybe(words: string | null): string | null {
  return words === null ? null : spoken(words);
}

/** Why a trigger fires; its title and those of its reasons stand there without quotes. */
function firing({ reason, reasons }: RegisterRow, title: string): string {
  const ownTitle = title !== "" && reason.startsWith(`${title}: `) ? title : reason.slice(0, Math.max(0, reason.indexOf(": ")));
  const because = reasons.filter(({ when }) => when !== null).map(({ title: one, when }) => ({ title: one, when: when ?? "" }));
  const after = `; because ${because.map((one) => `${one.title} (${one.when})`).join(" or ")}`;
  const at = because.length === 0 ? -1 : reason.indexOf(after);
  if (at < 0) return ownTitle + spoken(reason.slice(ownTitle.length));
  const each = because.map((one) => `${one.title} (${spoken(one.when)})`).join(` ${spoken("or")} `);
  return `${ownTitle}${spoken(reason.slice(ownTitle.length, at))}; ${spoken("because")} ${each}${spoken(reason.slice(at + after.length))}`;
}
