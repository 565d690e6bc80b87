/** One long piece of work: how far it is, and a way to stop it. The one begun last is the one that is listened to. */
import { codeOf } from "../../platform";
import { faultWords } from "../common/fault";
import { BEGUN, farOf, type Far } from "./progress";

/** What is done sooner needs no progress. */
const SLOW_MS = 250;

export type Begin<T> = (ticket: number, heard: (told: unknown) => void) => Promise<T>;

export class Work {
  running = $state(false);
  /** It takes so long that one wants to know how far it is. */
  slow = $state(false);
  stopping = $state(false);
  stopped = $state(false);
  far = $state.raw<Far>(BEGUN);
  error = $state<{ readonly invalid: boolean; readonly words: string } | null>(null);
  // Numbers do not begin again with the page: a stop that came too late must not meet later work.
  private ticket = Math.floor(Math.random() * 2 ** 31);

  constructor(private readonly halt: (ticket: number) => Promise<unknown>) {}

  /** Runs it; nothing where it failed, was stopped, or other work was begun meanwhile. */
  async run<T>(begin: Begin<T>): Promise<T | null> {
    const asking = ++this.ticket;
    const began = performance.now();
    this.running = true;
    this.slow = false;
    this.stopping = false;
    this.stopped = false;
    this.error = null;
    this.far = BEGUN;
    setTimeout(() => {
      if (asking === this.ticket) this.slow = this.running;
    }, SLOW_MS);
    try {
      const result = await begin(asking, (told) => {
        if (asking === this.ticket) this.far = farOf(told, (performance.now() - began) / 1000);
      });
      return asking === this.ticket ? result : null;
    } catch (error) {
      if (asking !== this.ticket) return null;
      if (codeOf(error) === "stopped") this.stopped = true;
      else this.error = { invalid: codeOf(error) === "invalid-flow", words: faultWords(error) };
      return null;
    } finally {
      if (asking === this.ticket) this.running = false;
    }
  }

  /** What became of it before is not told any more. */
  forget(): void {
    if (this.running) return;
    this.stopped = false;
    this.error = null;
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.stopping = true;
    await this.halt(this.ticket).catch(() => null);
  }
}
