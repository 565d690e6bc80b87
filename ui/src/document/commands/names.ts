/** Names of every sort: new entries of the vocabulary, renaming with every reference, deleting. */
import { t } from "../../text";
import { freshId, isNameOf, takenIn } from "../ids";
import { references, rewrite } from "../references";
import { SECTION_OF, type Name } from "../schema";
import type { Edit } from "../store";
import { get, map, num, type Json } from "../tree";
import { ownerName, setOps } from "./fields";
import { renameUses } from "./nodes";

export type Refusal = "bad-name" | "taken" | "missing";

/** Why an id cannot be changed so, if it cannot. */
export function refusal(tree: Json, name: Name, from: string, to: string): Refusal | undefined {
  const section = SECTION_OF[name];
  if (get(tree, [section, from]) === undefined) return "missing";
  if (!isNameOf(section, to)) return "bad-name";
  return from !== to && get(tree, [section, to]) !== undefined ? "taken" : undefined;
}

export function rename(tree: Json, name: Name, from: string, to: string): Edit {
  const section = SECTION_OF[name];
  const title = t.edits.renamed(from, to);
  if (from === to || refusal(tree, name, from, to) !== undefined) return { title, where: {}, diff: [] };
  const uses = references(tree).filter((use) => use.name === name && use.id === from);
  const diff = [
    ...renameUses(tree, uses, to, (source, spans) => rewrite(source, spans, to)),
    { op: "rename" as const, path: [section, from], key: to },
  ];
  const where = name === "node" ? { node: to } : name === "trigger" ? { trigger: to } : { path: [section, to] };
  return { title, where, diff, ...(name === "node" ? { select: [to] } : {}) };
}

export interface Named {
  readonly id: string;
  readonly edit: Edit;
}

export function addName(tree: Json, name: Name, wanted?: string): Named {
  const section = SECTION_OF[name];
  const stem = wanted !== undefined && isNameOf(section, wanted) ? wanted : t.newNames[name];
  const id = freshId(stem, takenIn(tree, section));
  return {
    id,
    edit: {
      title: t.edits.entryAdded(id, t.sections[section]),
      where: name === "trigger" ? { trigger: id } : { path: [section, id] },
      diff: setOps(tree, [section, id], starting(tree, name)),
    },
  };
}

function starting(tree: Json, name: Name): Json {
  switch (name) {
    case "constant":
      return map([["value", num(0)]]);
    case "signal":
    case "slot":
      return map([["type", "text"]]);
    case "intent":
      return map([["examples", { l: [] }]]);
    case "score":
      return map([
        ["base", num(0)],
        ["min", num(0)],
        ["max", num(1)],
        ["add", { l: [] }],
      ]);
    case "call":
      return map([
        ["inputs", map([])],
        ["outputs", map([])],
        ["repeat", "ask"],
      ]);
    case "hours":
      return map([
        ["zone", "Europe/London"],
        ["open", { l: ["Mon-Fri 09:00-17:00"] }],
      ]);
    case "tier":
      return map([["title", t.newTitles.tier]]);
    case "context":
      return map([
        ["summary", "{reasons}"],
        ["fields", map([["last_messages", map([["from", "transcript.last(5)"]])]])],
      ]);
    case "class":
      return map([["redact", "mask"]]);
    case "target":
      return map([["tiers", map([])]]);
    case "trigger":
      return map([
        ["when", 'intent == "none"'],
        ["to", firstHandoff(tree)],
      ]);
    case "node":
      return map([
        ["kind", "todo"],
        ["text", ""],
      ]);
  }
}

function firstHandoff(tree: Json): string {
  const nodes = get(tree, ["nodes"]);
  if (nodes === undefined || nodes === null || typeof nodes !== "object" || !("m" in nodes)) return "";
  return nodes.m.find(([, node]) => get(node, ["kind"]) === "handoff")?.[0] ?? "";
}

/** Takes an entry away; what still names it is then said by the checks. */
export function removeName(tree: Json, name: Name, id: string): Edit {
  const section = SECTION_OF[name];
  const path = [section, id];
  return {
    title: t.edits.entryRemoved(ownerName(tree, path), t.sections[section]),
    where: { path: [section] },
    diff: get(tree, path) === undefined ? [] : [{ op: "remove", path }],
  };
}
