/** What the checks say about a document, as the core sends it, and the order in which people read it. */
import { VALIDITY, type Drawn, type Fix, type Problem, type Severity } from "../bindings/rpc";
import { parsePointer, type Path } from "./tree";

export type { Drawn, Fix, Problem, Severity };

const RANK: { readonly [severity in Severity]: number } = { error: 0, warning: 1, info: 2 };

export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** So many of one code stand below a head of their own, which can be folded. */
export const MANY = 4;

/** A problem with a name that it keeps while the document around it changes. */
export interface Row {
  readonly key: string;
  readonly problem: Problem;
}

export interface CodeGroup {
  readonly code: string;
  readonly rows: readonly Row[];
  /** It has a head. */
  readonly many: boolean;
}

export interface SeverityGroup {
  readonly severity: Severity;
  readonly count: number;
  readonly groups: readonly CodeGroup[];
}

/**
 * By severity and then by code, each in the order of the document. Codes stand in the order of the alphabet, so that a
 * problem that comes while somebody types moves none of the others past another.
 */
export function grouped(problems: readonly Problem[]): SeverityGroup[] {
  const rows = keyed(problems);
  return SEVERITIES.flatMap((severity) => {
    const mine = rows.filter(({ problem }) => problem.severity === severity);
    return mine.length === 0 ? [] : [{ severity, count: mine.length, groups: byCode(mine) }];
  });
}

function byCode(rows: readonly Row[]): CodeGroup[] {
  const codes = new Map<string, Row[]>();
  for (const row of rows) {
    const known = codes.get(row.problem.code);
    if (known) known.push(row);
    else codes.set(row.problem.code, [row]);
  }
  const sorted = [...codes].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([code, found]) => ({ code, rows: found, many: found.length >= MANY }));
}

/** Problems without an id of their own are told apart by their code and place, and twins by their number. */
function keyed(problems: readonly Problem[]): Row[] {
  const seen = new Map<string, number>();
  return problems.map((problem) => {
    const name = problem.id ?? `${problem.code} ${problem.path}`;
    const twin = seen.get(name) ?? 0;
    seen.set(name, twin + 1);
    return { key: twin === 0 ? name : `${name} ${twin}`, problem };
  });
}

/** One after the other as the list shows them. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return grouped(problems).flatMap(({ groups }) => groups.flatMap(({ rows }) => rows.map(({ problem }) => problem)));
}

export function canBeSwitchedOff({ code }: Problem): boolean {
  return !VALIDITY.includes(code);
}

/** Whether a conversation can be looked for that shows it. */
export function canBeShown({ node, trigger, witness, path_to_it: path }: Problem): boolean {
  return (node !== undefined || trigger !== undefined) && (witness !== undefined || (path?.length ?? 0) > 0);
}

export function worst(problems: readonly Problem[]): Severity | undefined {
  return [...problems].sort((a, b) => RANK[a.severity] - RANK[b.severity])[0]?.severity;
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
