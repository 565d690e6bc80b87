/**
 * Undo and redo without limit. One intention is one step; typing in one field joins the
 * step before it as long as nothing else happened and no save lies between.
 */
import type { Diff, Op } from "./diff";
import { pointer, type Path } from "./tree";

export interface Where {
  readonly node?: string;
  readonly trigger?: string;
  readonly path?: Path;
}

export interface Step {
  readonly title: string;
  readonly where: Where;
  readonly diff: Diff;
  readonly inverse: Diff;
  /** Steps with the same key, one right after the other, are one. */
  readonly merge?: string;
  readonly at: number;
}

/** Typing that pauses longer than this starts a new step. */
export const PAUSE_MS = 2000;

export class History {
  private done: Step[] = [];
  private undone: Step[] = [];
  /** The step that the file holds; `undefined` is the beginning, `null` is nowhere in this history. */
  private saved: Step | undefined | null;
  private sealed = true;

  get past(): readonly Step[] {
    return this.done;
  }

  get future(): readonly Step[] {
    return this.undone;
  }

  get dirty(): boolean {
    return this.done[this.done.length - 1] !== this.saved;
  }

  /** What stands now is what the file holds. */
  markSaved(): void {
    this.saved = this.done[this.done.length - 1];
    this.sealed = true;
  }

  /** What stands at the beginning is in no file. */
  markUnsaved(): void {
    this.saved = null;
  }

  /** The next step will not join the last one. */
  seal(): void {
    this.sealed = true;
  }

  push(step: Step): void {
    const last = this.done[this.done.length - 1];
    this.undone = [];
    if (last !== undefined && !this.sealed && joins(last, step)) {
      this.done[this.done.length - 1] = join(last, step);
    } else {
      this.done.push(step);
    }
    this.sealed = step.merge === undefined;
  }

  undo(): Step | undefined {
    const step = this.done.pop();
    if (step) this.undone.push(step);
    this.sealed = true;
    return step;
  }

  redo(): Step | undefined {
    const step = this.undone.pop();
    if (step) this.done.push(step);
    this.sealed = true;
    return step;
  }
}

function joins(last: Step, next: Step): boolean {
  return last.merge !== undefined && last.merge === next.merge && next.at - last.at <= PAUSE_MS;
}

function join(last: Step, next: Step): Step {
  if (sameSet(last.diff, next.diff)) return { ...next, inverse: last.inverse };
  return { ...next, diff: [...last.diff, ...next.diff], inverse: [...next.inverse, ...last.inverse] };
}

/** Two changes of one value: the later one is all that remains. */
function sameSet(a: Diff, b: Diff): boolean {
  const [one, other] = [only(a), only(b)];
  return one?.op === "set" && other?.op === "set" && one.at === other.at && pointer(one.path) === pointer(other.path);
}

function only(diff: Diff): Op | undefined {
  return diff.length === 1 ? diff[0] : undefined;
}
