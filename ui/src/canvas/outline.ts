/**
 * The flow as a tree, the second body of the graph: from the start each port and where it leads. A card
 * is told once, at its first place; elsewhere it is a way back to there. Flat rows, since a long flow
 * nests deep and a window shows few. No DOM.
 */
import { t } from "../text";
import { portWords } from "./speech";
import { edgeKey, type GraphNode, type GraphPort, type GraphView } from "./types";

export interface Row {
  /** Unique in the tree: the port that leads here, else the card. */
  readonly key: string;
  /** The card that the row stands for, or null where the port leads nowhere. */
  readonly id: string | null;
  readonly kind: string;
  /** The ports that lead here, in words; empty for a root. */
  readonly by: string;
  readonly title: string;
  readonly level: number;
  /** Its place among its siblings, from 1. */
  readonly position: number;
  readonly siblings: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** Told in another place already. */
  readonly again: boolean;
  /** No values take the ports that lead here. */
  readonly dead: boolean;
}

interface Step {
  readonly key: string;
  readonly id: string | null;
  readonly by: string;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly dead: boolean;
}

export function outlineRows(view: GraphView, closed: ReadonlySet<string>): Row[] {
  const nodes = new Map(view.nodes.map((node) => [node.id, node]));
  const told = new Set<string>();
  const rows: Row[] = [];
  const roots = view.nodes.filter((node) => node.kind === "start");
  for (const root of roots) tell(root, nodes, told, closed, rows, view.deadEdges);
  // What the start does not reach begins trees of its own: triggers first, since they lead there from anywhere.
  const entries = view.triggers.flatMap(({ to }) => (to === null ? [] : [to]));
  for (const id of [...entries, ...nodes.keys()]) {
    const node = nodes.get(id);
    if (node !== undefined && !told.has(id)) tell(node, nodes, told, closed, rows, view.deadEdges);
  }
  return rows;
}

function tell(root: GraphNode, nodes: ReadonlyMap<string, GraphNode>, told: Set<string>, closed: ReadonlySet<string>, rows: Row[], dead: ReadonlySet<string>): void {
  const stack: (Step & { readonly hidden?: boolean })[] = [{ key: root.id, id: root.id, by: "", level: 1, position: 1, siblings: 1, dead: false }];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    const node = step.id === null ? undefined : nodes.get(step.id);
    const again = node !== undefined && told.has(node.id);
    const ways = node === undefined || again ? [] : waysOf(node, step.level + 1, dead);
    const expanded = ways.length > 0 && !closed.has(step.key);
    if (node !== undefined) told.add(node.id);
    if (step.hidden !== true) rows.push(rowOf(step, node, again, ways.length > 0, expanded));
    // What is folded away counts as told: it is under its first place, not a stray.
    for (const way of ways.reverse()) stack.push(expanded && step.hidden !== true ? way : { ...way, hidden: true });
  }
}

function rowOf(step: Step, node: GraphNode | undefined, again: boolean, expandable: boolean, expanded: boolean): Row {
  return {
    key: step.key,
    id: node?.id ?? null,
    kind: node?.kind ?? "",
    by: step.by,
    title: node?.title ?? t.outline.nowhere,
    level: step.level,
    position: step.position,
    siblings: step.siblings,
    expandable,
    expanded,
    again,
    dead: step.dead,
  };
}

/** Ports that lead to one card are one row; those of rows not yet written are none. */
function waysOf(node: GraphNode, level: number, dead: ReadonlySet<string>): Step[] {
  const bundles = new Map<string, GraphPort[]>();
  for (const port of node.ports) {
    if (port.fresh === true) continue;
    const key = port.to ?? `${node.id}:${port.id}`;
    const ports = bundles.get(key);
    if (ports === undefined) bundles.set(key, [port]);
    else ports.push(port);
  }
  const all = [...bundles.values()];
  return all.map((ports, index) => ({
    key: `${node.id}:${ports[0]?.id ?? ""}`,
    id: ports[0]?.to ?? null,
    by: ports.map(portWords).join(", "),
    level,
    position: index + 1,
    siblings: all.length,
    dead: ports.every((port) => dead.has(edgeKey(node.id, port.id))),
  }));
}

/** The row that a key leads to: into a tree, out of it, up and down; or a row to fold or unfold. */
export type OutlineMove = { readonly to: number } | { readonly fold: string } | { readonly unfold: string } | null;

export function outlineKey(rows: readonly Row[], at: number, key: string): OutlineMove {
  const row = rows[at];
  if (row === undefined) return rows.length > 0 ? { to: 0 } : null;
  if (key === "ArrowDown") return { to: Math.min(rows.length - 1, at + 1) };
  if (key === "ArrowUp") return { to: Math.max(0, at - 1) };
  if (key === "Home") return { to: 0 };
  if (key === "End") return { to: rows.length - 1 };
  if (key === "ArrowRight") return into(rows, row, at);
  if (key === "ArrowLeft") return row.expanded ? { fold: row.key } : { to: outOf(rows, row, at) };
  return null;
}

/** Right unfolds, goes to the first way out, or from a repeated card to its first place. */
function into(rows: readonly Row[], row: Row, at: number): OutlineMove {
  if (row.again) return { to: Math.max(0, rows.findIndex((one) => one.id === row.id && !one.again)) };
  if (!row.expandable) return null;
  return row.expanded ? { to: Math.min(rows.length - 1, at + 1) } : { unfold: row.key };
}

function outOf(rows: readonly Row[], row: Row, at: number): number {
  for (let up = at - 1; up >= 0; up -= 1) if ((rows[up]?.level ?? 0) < row.level) return up;
  return at;
}
