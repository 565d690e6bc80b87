/** What the checks say about a document, as the core sends it. */
import type { Fix, Problem, Severity } from "../bindings/rpc";
import { parsePointer, type Path } from "./tree";

export type { Fix, Problem, Severity };

const RANK: { readonly [severity in Severity]: number } = { error: 0, warning: 1, info: 2 };

export function bySeverity(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

export function worst(problems: readonly Problem[]): Severity | undefined {
  return bySeverity(problems)[0]?.severity;
}

export function count(problems: readonly Problem[], severity: Severity): number {
  return problems.filter((problem) => problem.severity === severity).length;
}

export function problemPath(problem: Problem): Path {
  return parsePointer(problem.path);
}

/** Problems that stand at a path or below it. */
export function problemsUnder(problems: readonly Problem[], path: Path): Problem[] {
  return problems.filter((problem) => {
    const at = problemPath(problem);
    return path.every((step, index) => at[index] === step);
  });
}

export function problemsAt(problems: readonly Problem[], path: Path): Problem[] {
  return problemsUnder(problems, path).filter((problem) => problemPath(problem).length === path.length);
}

/** Whether two checks said the same, so that what shows them need not change. */
export function sameProblems(a: readonly Problem[], b: readonly Problem[]): boolean {
  return a.length === b.length && a.every((one, index) => same(one, b[index]));
}

function same(a: Problem, b: Problem | undefined): boolean {
  if (b === undefined || a.code !== b.code || a.path !== b.path || a.message !== b.message || a.severity !== b.severity) return false;
  if (a.span?.[0] !== b.span?.[0] || a.span?.[1] !== b.span?.[1]) return false;
  return JSON.stringify([a.witness, a.path_to_it, a.fix]) === JSON.stringify([b.witness, b.path_to_it, b.fix]);
}
