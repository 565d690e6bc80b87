/** Answers that come late: only what was asked last, of the flow that was open then, may change what is shown. */

export class Latest {
  private number = 0;
  private pending = $state.raw<{ readonly of: unknown } | null>(null);

  /** `of` gives what the questions are about, like the open flow: an answer about another one is not wanted. */
  constructor(private readonly of: () => unknown) {}

  /** Whether an answer is on its way that is still wanted. */
  get running(): boolean {
    return this.pending !== null && this.pending.of === this.of();
  }

  /** Begins what all former questions give way to; what comes back says whether its answer is still wanted. */
  begin(): () => boolean {
    this.drop();
    return this.same();
  }

  /** Like `begin`, for what gives way to a later question and to nothing else: former ones go on. */
  same(): () => boolean {
    const { number } = this;
    const of = this.of();
    return () => number === this.number && of === this.of();
  }

  /** Asks, and hands on what comes of it where it is still wanted; says whether it was. */
  async ask<T>(question: () => Promise<T>, take: (answer: T) => void, failed: (error: unknown) => void): Promise<boolean> {
    const wanted = this.begin();
    const pending = { of: this.of() };
    this.pending = pending;
    try {
      const answer = await question();
      if (wanted()) take(answer);
    } catch (error) {
      if (wanted()) failed(error);
    } finally {
      if (this.pending === pending) this.pending = null;
    }
    return wanted();
  }

  /** Nothing that is on its way is wanted any more. */
  drop(): void {
    this.number += 1;
    this.pending = null;
  }
}
