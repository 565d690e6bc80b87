/**
 * Edges that no values take: those that the checks name, and those that follow from a problem, like a row that nothing
 * satisfies.
 */
import { get, keys, type Json } from "./tree";
import { portAt, portsOf } from "./ports";
import { problemPath, type Problem } from "./problems";

/** An edge, by the card and the port that it is drawn from. */
export interface Drawn {
  readonly node: string;
  readonly port: string;
}

const DEAD_ROWS: ReadonlySet<string> = new Set(["branch-impossible", "branch-shadowed", "else-unreachable"]);

/** In the order in which they are found; each once. */
export function deadEdges(tree: Json, problems: readonly Problem[], drawn: readonly Drawn[]): Drawn[] {
  const found = new Map<string, Drawn>();
  const add = (edge: Drawn): void => void found.set(`${edge.node}:${edge.port}`, edge);
  for (const edge of drawn) add(edge);
  const unreached = new Set<string>();
  for (const problem of problems) {
    if (DEAD_ROWS.has(problem.code)) for (const edge of rowEdge(tree, problem)) add(edge);
    if (problem.code === "path-infeasible" && problem.node !== undefined) unreached.add(problem.node);
  }
  if (unreached.size > 0) for (const edge of around(tree, unreached)) add(edge);
  return [...found.values()];
}

/** The edge of the row that a problem is about; rows that lead nowhere by themselves, like routes, have none. */
function rowEdge(tree: Json, problem: Problem): Drawn[] {
  const [section, node, ...path] = problemPath(problem);
  if (section !== "nodes" || node === undefined || path.length === 0) return [];
  const port = portAt(path);
  return portsOf(get(tree, [section, node])).some(({ id }) => id === port) ? [{ node, port }] : [];
}

/** Every edge into a card that no values reach, and out of it. */
function around(tree: Json, unreached: ReadonlySet<string>): Drawn[] {
  const nodes = get(tree, ["nodes"]);
  return keys(nodes).flatMap((node) =>
    portsOf(get(nodes, [node]))
      .filter(({ to }) => to !== null && (unreached.has(to) || unreached.has(node)))
      .map(({ id }) => ({ node, port: id })),
  );
}
