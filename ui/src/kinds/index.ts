/** Every node kind, listed once; the palette, the cards and the outline read this list. */
import type { Json } from "../document/tree";
import { text } from "../document/tree";
import { action } from "./action";
import { ask } from "./ask";
import { decision } from "./decision";
import { end } from "./end";
import { handoff } from "./handoff";
import { humanise, type Kind } from "./kind";
import { listen } from "./listen";
import { message } from "./message";
import { note } from "./note";
import { set } from "./set";
import { start } from "./start";
import { subflow } from "./subflow";
import { todo } from "./todo";
import { t } from "../text";

export const KINDS: readonly Kind[] = [
  start,
  message,
  listen,
  ask,
  decision,
  set,
  action,
  handoff,
  subflow,
  end,
  todo,
  note,
];

const BY_ID: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind.id, kind]));

/** What stands for a kind that this studio does not know: the card is shown, nothing leads on. */
export const UNKNOWN: Kind = {
  id: "unknown",
  icon: ["M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3", "M12 17h.01"],
  color: "--kind-start",
  follows: false,
  substance: (entry) => text(entry, ["kind"]),
  ports: () => [],
  create: () => note.create(NOTHING_KNOWN),
};

const NOTHING_KNOWN = {
  intent: humanise,
  tier: humanise,
  context: humanise,
  trigger: humanise,
  errors: () => [],
  outcomes: () => [],
  first: () => "",
};

export function kindOf(id: string): Kind {
  return BY_ID.get(id) ?? UNKNOWN;
}

/** The title of a card: what somebody wrote, else its id made readable. */
export function titleOf(id: string, entry: Json): string {
  return text(entry, ["title"]).trim() || humanise(id);
}

type KindId = keyof typeof t.kinds;

/** The kind in words: `Handoff`. */
export function kindName(id: string): string {
  return id in t.kinds ? t.kinds[id as KindId] : id;
}

/** What a kind is for, where one is chosen. */
export function kindHint(id: string): string {
  return id in t.kindHints ? t.kindHints[id as KindId] : "";
}

export { about } from "./about";
export { humanise, lower, seconds, type About, type BranchOrder, type Kind, type Port } from "./kind";
export { shortCondition } from "./short";
