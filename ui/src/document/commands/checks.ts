/** Rules that a document switches off: in all of it, or at one card or trigger with a reason. */
import type { Edit } from "../store";
import { NODE_COMMON, TRIGGER_COMMON } from "../schema";
import { entries, get, text, type Json, type Path } from "../tree";
import { t } from "../../text";
import { ownerName, removeOps, setOps, whereOf } from "./fields";

export interface SwitchedOff {
  readonly code: string;
  /** Where it is written. */
  readonly path: Path;
  /** The card or trigger that it is limited to. */
  readonly at?: { readonly section: "nodes" | "triggers"; readonly id: string };
  readonly why: string;
}

export interface At {
  readonly node?: string | undefined;
  readonly trigger?: string | undefined;
}

/** Whether the format lets one entry say that a finding is none. */
export function hasChecks({ node, trigger }: At): boolean {
  if (node !== undefined) return NODE_COMMON.some(({ key }) => key === "checks");
  return trigger !== undefined && TRIGGER_COMMON.some(({ key }) => key === "checks");
}

export function switchOff(tree: Json, code: string): Edit {
  return { title: t.edits.switchedOff(code), where: {}, diff: setOps(tree, ["checks", code], "off") };
}

/** At one card or trigger alone, with the reason for whoever reviews it. */
export function switchOffAt(tree: Json, at: At, code: string, why: string): Edit {
  const entry: Path = at.node === undefined ? ["triggers", at.trigger ?? ""] : ["nodes", at.node];
  const path = [...entry, "checks", code];
  const value: Json = { m: [["severity", "off"], ["why", why]] };
  return { title: t.edits.switchedOffAt(code, ownerName(tree, entry)), where: whereOf(path), diff: setOps(tree, path, value) };
}

export function switchOn(tree: Json, off: SwitchedOff): Edit {
  return { title: t.edits.switchedOn(off.code), where: whereOf(off.path), diff: removeOps(tree, off.path, off.at === undefined ? 0 : 2) };
}

/** What is switched off now: in the flow first, then by card and trigger. */
export function switchedOff(tree: Json): SwitchedOff[] {
  const whole = entries(get(tree, ["checks"])).flatMap(([code, value]): SwitchedOff[] => (value === "off" ? [{ code, path: ["checks", code], why: "" }] : []));
  const inner = (["nodes", "triggers"] as const).flatMap((section) =>
    entries(get(tree, [section])).flatMap(([id, entry]) =>
      entries(get(entry, ["checks"])).flatMap(([code, value]): SwitchedOff[] =>
        text(value, ["severity"]) === "off" ? [{ code, path: [section, id, "checks", code], at: { section, id }, why: text(value, ["why"]) }] : [],
      ),
    ),
  );
  return [...whole, ...inner];
}
