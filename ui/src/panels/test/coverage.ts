/** What a replay reached: painted on the canvas, and what it never reached, listed. */
import { portPath, portsOf } from "../../document/ports";
import { entries, get, keys, text, type Json, type Path } from "../../document/tree";
import { edgeKey } from "../../canvas/types";
import { t } from "../../text";
import { titleOf } from "../forms/options";
import type { Painted } from "../graph";

/** How often, by name: a card, `card.port`, `trigger.ID`, `trigger.because` as the summary writes them. */
export type Counts = { readonly [name: string]: number };

/** As the summary of a replay has it, or a part of that. */
export interface Coverage {
  readonly nodes: Counts;
  readonly edges: Counts;
  readonly branches?: Counts;
  readonly because?: Counts;
}

/** `card.port` as its two halves; a card of a called flow (`call/card`) belongs to no card of this one. */
export function halves(name: string): readonly [string, string] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

export function painted(conversations: number, coverage: Coverage): Painted {
  const edges = new Map<string, number>();
  const triggers = new Map<string, number>();
  for (const [name, count] of Object.entries(coverage.edges)) {
    const [head, tail] = halves(name);
    if (head === "trigger") triggers.set(tail, count);
    else if (!head.includes("/")) edges.set(edgeKey(head, tail), count);
  }
  return { conversations, nodes: new Map(Object.entries(coverage.nodes).filter(([id]) => !id.includes("/"))), edges, triggers };
}

export interface Unreached {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  /** Where it stands in the document. */
  readonly path: Path;
}

export interface Missing {
  readonly nodes: readonly Unreached[];
  readonly branches: readonly Unreached[];
  readonly triggers: readonly Unreached[];
  readonly because: readonly Unreached[];
}

function never(counts: Counts | undefined): string[] {
  return Object.entries(counts ?? {})
    .filter(([, count]) => count === 0)
    .map(([name]) => name);
}

/** What of the flow no conversation reached, in the order of the file. Notes are never run. */
export function missing(tree: Json, coverage: Coverage): Missing {
  const nodes = never(coverage.nodes)
    .filter((id) => get(tree, ["nodes", id]) !== undefined && text(tree, ["nodes", id, "kind"]) !== "note")
    .map((id): Unreached => ({ id, title: titleOf(tree, "node", id), detail: id, path: ["nodes", id] }));
  const unreached = new Set(nodes.map(({ id }) => id));
  const edges = [...new Set([...never(coverage.edges), ...never(coverage.branches)])];
  const branches = edges.flatMap((name) => {
    const [head, tail] = halves(name);
    // A card that nobody reached has no edge that anybody took: it is named once.
    if (head === "trigger" || unreached.has(head) || get(tree, ["nodes", head]) === undefined) return [];
    const label = portTitle(tree, head, tail);
    return [{ id: name, title: `${titleOf(tree, "node", head)} · ${label}`, detail: name, path: ["nodes", head, ...partPath(tail)] }];
  });
  const triggers = never(coverage.edges).flatMap((name) => {
    const [head, id] = halves(name);
    return head === "trigger" && get(tree, ["triggers", id]) !== undefined ? [{ id: name, title: titleOf(tree, "trigger", id), detail: id, path: ["triggers", id] }] : [];
  });
  const because = never(coverage.because).map((name): Unreached => {
    const [trigger, reason] = halves(name);
    const title = text(tree, ["triggers", trigger, "because", reason, "title"]) || reason;
    return { id: name, title: `${titleOf(tree, "trigger", trigger)} · ${title}`, detail: name, path: ["triggers", trigger, "because", reason] };
  });
  return { nodes, branches, triggers, because };
}

function portTitle(tree: Json, node: string, port: string): string {
  const when = /^(branches|routes|overflow|turns)\[(\d+)\]$/.exec(port);
  const row = when === null ? "" : text(tree, ["nodes", node, when[1] ?? "", when[2] ?? "", "when"]);
  if (port === "routes.else") return t.test.ownTier;
  return row === "" ? port : row;
}

/** The row or field of a port; routes are rows that lead nowhere else. */
function partPath(port: string): readonly string[] {
  const route = /^routes\[(\d+)\]$/.exec(port);
  if (route !== null) return ["routes", route[1] ?? ""];
  if (port === "routes.else") return ["tier"];
  const path = portPath(port);
  return path[path.length - 1] === "to" ? path.slice(0, -1) : path;
}

export interface Share {
  readonly reached: number;
  readonly of: number;
}

/** How many cards and edges were reached, of how many there are. */
export function shares(tree: Json, coverage: Coverage): { readonly nodes: Share; readonly edges: Share } {
  const ids = keys(get(tree, ["nodes"])).filter((id) => text(tree, ["nodes", id, "kind"]) !== "note");
  const edges = entries(get(tree, ["nodes"])).flatMap(([id, node]) => portsOf(node).filter(({ to }) => to !== null).map((port) => `${id}.${port.id}`));
  const all = [...edges, ...keys(get(tree, ["triggers"])).map((id) => `trigger.${id}`)];
  return {
    nodes: { reached: ids.filter((id) => (coverage.nodes[id] ?? 0) > 0).length, of: ids.length },
    edges: { reached: all.filter((name) => (coverage.edges[name] ?? 0) > 0).length, of: all.length },
  };
}
