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
