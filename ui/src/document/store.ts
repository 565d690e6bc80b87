/**
 * The open document. The core holds it too; every change is applied here at once and sent
 * there in order, one batch under way at a time, and what comes back is what the checks say.
 */
import { apply, invert, type Diff } from "./diff";
import { History, type Step, type Where } from "./history";
import { sameProblems, type Drawn, type Problem } from "./problems";
import type { Json } from "./tree";

/** One intention: its words, its place and its change. */
export interface Edit {
  readonly title: string;
  readonly where: Where;
  readonly diff: Diff;
  readonly merge?: string;
  /** Cards to select once it is done. */
  readonly select?: readonly string[];
}

export interface Applied {
  readonly revision: number;
  readonly problems: readonly Problem[];
  /** Edges that no values take; absent where there are none. */
  readonly infeasible?: readonly Drawn[];
}

export interface Saved {
  readonly path: string;
  readonly saved_at: string;
}

/** What the store needs from the core. */
export interface Core {
  apply(diff: Diff, revision: number): Promise<Applied>;
  save(path?: string): Promise<Saved>;
}

export interface Opened extends Applied {
  readonly tree: Json;
  readonly path: string | null;
  readonly readonly: boolean;
  /** Work that was not saved when the studio ended is in it again. */
  readonly recovered?: boolean;
}

export type Listener = () => void;

export class OpenDocument {
  tree: Json;
  problems: readonly Problem[];
  /** Edges that no values take, as the core names them. */
  infeasible: readonly Drawn[];
  path: string | null;
  savedAt: string | null = null;
  readonly readonly: boolean;
  /** The core could not follow; the document here is whole, but unchecked and not to be trusted on disk. */
  outOfStep: Error | null = null;
  saving = false;
  /** Counts every change; tells a late answer from a fresh one. */
  version = 0;

  private readonly history = new History();
  private readonly listeners = new Set<Listener>();
  private revision: number;
  private waiting: Diff = [];
  private sending: Promise<void> | null = null;

  constructor(
    opened: Opened,
    private readonly core: Core,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.tree = opened.tree;
    this.problems = opened.problems;
    this.infeasible = opened.infeasible ?? [];
    this.path = opened.path;
    this.readonly = opened.readonly;
    this.revision = opened.revision;
    if (opened.recovered) this.history.markUnsaved();
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get dirty(): boolean {
    return this.history.dirty;
  }

  get past(): readonly Step[] {
    return this.history.past;
  }

  get future(): readonly Step[] {
    return this.history.future;
  }

  /** Does an edit; an empty one is none. Says whether anything changed. */
  edit(edit: Edit): boolean {
    if (edit.diff.length === 0 || this.readonly) return false;
    const inverse = invert(edit.diff, this.tree);
    this.advance(edit.diff);
    this.history.push({
      title: edit.title,
      where: edit.where,
      diff: edit.diff,
      inverse,
      at: this.now(),
      ...(edit.merge === undefined ? {} : { merge: edit.merge }),
    });
    this.changed();
    return true;
  }

  /** The field that was typed in was left: what comes next is another step. */
  seal(): void {
    this.history.seal();
  }

  undo(): Step | undefined {
    const step = this.history.undo();
    if (step) this.advance(step.inverse);
    this.changed();
    return step;
  }

  redo(): Step | undefined {
    const step = this.history.redo();
    if (step) this.advance(step.diff);
    this.changed();
    return step;
  }

  async save(path?: string): Promise<Saved> {
    return this.saveBy(() => this.core.save(path));
  }

  /** Saves by another way, like over a file that changed, with the same care. */
  async saveBy(write: () => Promise<Saved>): Promise<Saved> {
    this.saving = true;
    this.changed();
    try {
      await this.settled();
      if (this.outOfStep) throw this.outOfStep;
      const version = this.version;
      const saved = await write();
      this.path = saved.path;
      this.savedAt = saved.saved_at;
      if (version === this.version) this.history.markSaved();
      return saved;
    } finally {
      this.saving = false;
      this.changed();
    }
  }

  /** Resolves once the core has everything that was done so far. */
  async settled(): Promise<void> {
    while (this.sending) await this.sending;
  }

  /** Gives the core the whole document again. */
  async resend(): Promise<void> {
    this.outOfStep = null;
    this.waiting = [{ op: "set", path: [], value: this.tree }];
    this.pump();
    await this.settled();
  }

  private advance(diff: Diff): void {
    this.tree = apply(this.tree, diff);
    this.version += 1;
    this.waiting = [...this.waiting, ...diff];
    this.pump();
  }

  private pump(): void {
    if (this.sending || this.outOfStep) return;
    this.sending = this.send().finally(() => {
      this.sending = null;
      if (this.waiting.length > 0 && !this.outOfStep) this.pump();
    });
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      const diff = this.waiting;
      this.waiting = [];
      try {
        await this.deliver(diff);
      } catch (error) {
        this.outOfStep = error instanceof Error ? error : new Error(String(error));
        this.changed();
        return;
      }
    }
  }

  /** A batch that the core refuses is followed by the whole document, once. */
  private async deliver(diff: Diff): Promise<void> {
    const applied = await this.core.apply(diff, this.revision).catch(async () => {
      this.waiting = [];
      return this.core.apply([{ op: "set", path: [], value: this.tree }], this.revision);
    });
    this.revision = applied.revision;
    if (this.waiting.length === 0) {
      if (!sameProblems(this.problems, applied.problems)) this.problems = applied.problems;
      const drawn = applied.infeasible ?? [];
      if (JSON.stringify(this.infeasible) !== JSON.stringify(drawn)) this.infeasible = drawn;
    }
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
