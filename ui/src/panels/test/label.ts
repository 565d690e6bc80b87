/** What should have happened with a conversation, as an expectation that a replay can check. */
import type { Json, Plain } from "../../document/tree";
import { shown } from "../common/format";
import { titleOf } from "../forms/options";
import type { Expectation } from "../talk/events";
import { t } from "../../text";
import { reasonTitle } from "./whatif";

export type Expect = { readonly [key: string]: Plain };

export interface Label {
  readonly id: string;
  readonly title: string;
  /** Nothing takes the label away. */
  readonly expect: Expect | null;
}

/** As it went, each tier, a person whichever, nobody, and no label. */
export function labels(tiers: readonly { readonly id: string; readonly title: string }[], asItWent: Expectation | undefined): readonly Label[] {
  const went: Label[] = asItWent === undefined ? [] : [{ id: "right", title: asItWent.title, expect: asItWent.expect }];
  return [
    ...went,
    { id: "none", title: t.test.noHandoff, expect: { handoff: false } },
    { id: "any", title: t.test.handoffAny, expect: { handoff: {} } },
    ...tiers.map(({ id, title }): Label => ({ id: `tier-${id}`, title: t.test.handoffTo(title), expect: { handoff: { tier: id } } })),
    { id: "off", title: t.test.noLabel, expect: null },
  ];
}

export function sameLabel(now: Plain | undefined, label: Expect | null): boolean {
  return JSON.stringify(now ?? null) === JSON.stringify(label);
}

function map(value: Plain | undefined): Expect {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Expect) : {};
}

/** What is expected of one key of a handoff; as it is written for a key that has no words. */
function keyWords(tree: Json, key: string, value: Plain): string {
  const list = Array.isArray(value) ? (value as readonly Plain[]).map((one) => shown(one, "–")) : [shown(value, "–")];
  const e = t.test.expects;
  switch (key) {
    case "at_turn":
      return e.turn(list.join(", "));
    case "priority":
      return e.priority(list.join(", "));
    case "state":
      return t.preview.states[String(value)] ?? String(value);
    case "node":
      return titleOf(tree, "node", String(value));
    case "reasons":
      return e.reasons(list.map((reason) => reasonTitle(tree, reason)).join(", "));
    case "payload":
      return e.payload(Object.entries(map(value)).map(([name, one]) => `${name} ${shown(one, "–")}`).join(", "));
    case "absent":
      return e.absent(list.join(", "));
    default:
      return `${key} ${list.join(", ")}`;
  }
}

/** An expectation in words. */
export function expectedWords(tree: Json, expect: Plain): string {
  const { handoff, end, open, said } = map(expect);
  const parts: string[] = [];
  if (handoff === false) parts.push(t.test.noHandoff);
  else if (handoff !== undefined) {
    const { tier, ...rest } = map(handoff);
    parts.push(typeof tier === "string" ? t.test.handoffTo(titleOf(tree, "tier", tier)) : t.test.handoffAny);
    for (const [key, value] of Object.entries(rest)) parts.push(keyWords(tree, key, value));
  }
  if (typeof end === "string") parts.push(t.preview.outcomes.end(end));
  if (typeof open === "string") parts.push(t.preview.outcomes.open(titleOf(tree, "node", open)));
  if (Array.isArray(said)) parts.push(`“${(said as readonly Plain[]).map((one) => shown(one, "")).join("”, “")}”`);
  return parts.join(" · ");
}
