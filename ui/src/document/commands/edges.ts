/** Edges: a port leads to a card, or to nothing. */
import { t } from "../../text";
import type { Diff } from "../diff";
import { portPath, portRow, portsOf } from "../ports";
import type { Edit } from "../store";
import { get, isList, map, type Json, type Path } from "../tree";
import { ownerName, setOps } from "./fields";

/** Leads a port to a card; a row that is not there yet is added, its condition still to be written. */
export function connectOps(tree: Json, from: string, port: string, to: string): Diff {
  const path = ["nodes", from, ...portPath(port)];
  const row = portRow(port);
  if (!row || get(tree, path.slice(0, -1)) !== undefined) return setOps(tree, path, to);
  const list: Path = ["nodes", from, ...row.list];
  const value = map([firstField(row.list), ["to", to]]);
  const old = get(tree, list);
  if (!isList(old)) return setOps(tree, list, { l: [value] });
  return [{ op: "insert", path: [...list, String(old.l.length)], value }];
}

/** What a new row starts with: `idle` counts seconds, every other row has a condition. */
function firstField(list: Path): readonly [string, Json] {
  return list[0] === "idle" ? ["after", { n: "60" }] : ["when", ""];
}

export function connect(tree: Json, from: string, port: string, to: string): Edit {
  return {
    title: t.edits.connected(ownerName(tree, ["nodes", from]), ownerName(tree, ["nodes", to])),
    where: { node: from, path: ["nodes", from, ...portPath(port)] },
    diff: connectOps(tree, from, port, to),
  };
}

/** Ports of one card that lead nowhere from now on; rows keep their conditions. */
export function disconnect(tree: Json, from: string, ports: readonly string[]): Edit {
  const found = portsOf(get(tree, ["nodes", from])).filter(({ id }) => ports.includes(id));
  const paths = found.map(({ path }) => ["nodes", from, ...path]).filter((path) => get(tree, path) !== undefined);
  return {
    title: t.edits.disconnected(ownerName(tree, ["nodes", from])),
    where: { node: from },
    diff: paths.map((path) => ({ op: "remove" as const, path })),
  };
}

export function connectTrigger(tree: Json, trigger: string, to: string): Edit {
  return {
    title: t.edits.connected(ownerName(tree, ["triggers", trigger]), ownerName(tree, ["nodes", to])),
    where: { trigger },
    diff: setOps(tree, ["triggers", trigger, "to"], to),
  };
}
