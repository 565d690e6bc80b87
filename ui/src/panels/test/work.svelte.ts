/** One long piece of work: how far it is, and a way to stop it. The one begun last is listened to, while its flow is open. */
import { codeOf } from "../../platform";
import { faultWords } from "../common/fault";
import { Latest } from "../common/latest.svelte";
import { session } from "../session.svelte";
import { BEGUN, farOf, type Far } from "./progress";

/** What is done sooner needs no progress. */
const SLOW_MS = 250;

export type Begin<T> = (ticket: number, heard: (told: unknown) => void) => Promise<T>;

export class Work {
  /** It takes so long that one wants to know how far it is. */
  slow = $state(false);
  stopping = $state(false);
  stopped = $state(false);
  far = $state.raw<Far>(BEGUN);
  error = $state<{ readonly invalid: boolean; readonly words: string } | null>(null);
  // Numbers do not begin again with the page: a stop that came too late must not meet later work.
  private ticket = Math.floor(Math.random() * 2 ** 31);
  private going = false;
  private readonly asking: Latest;

  /** `of` gives what the work is about: what comes of it is dropped once that is another. */
  constructor(
    private readonly halt: (ticket: number) => Promise<unknown>,
    of: () => unknown = () => session.doc,
  ) {
    this.asking = new Latest(of);
  }

  get running(): boolean {
    return this.asking.running;
  }

  /** Runs it; nothing where it failed, was stopped, or other work was begun meanwhile. */
  async run<T>(begin: Begin<T>): Promise<T | null> {
    this.drop();
    const { ticket } = this;
    const began = performance.now();
    setTimeout(() => {
      if (ticket === this.ticket) this.slow = this.running;
    }, SLOW_MS);
    const heard = (told: unknown): void => {
      if (ticket === this.ticket) this.far = farOf(told, (performance.now() - began) / 1000);
    };
    const found: { result: T | null } = { result: null };
    this.going = true;
    await this.asking.ask(
      () => begin(ticket, heard),
      (result) => (found.result = result),
      (error) => this.fail(error),
    );
    if (ticket === this.ticket) this.going = false;
    return found.result;
  }

  private fail(error: unknown): void {
    if (codeOf(error) === "stopped") this.stopped = true;
    else this.error = { invalid: codeOf(error) === "invalid-flow", words: faultWords(error) };
  }

  /** Whatever is on its way is stopped and not wanted, and what became of it before is not told any more. */
  drop(): void {
    if (this.going) void this.halt(this.ticket).catch(() => null);
    this.ticket += 1;
    this.going = false;
    this.asking.drop();
    this.slow = false;
    this.stopping = false;
    this.stopped = false;
    this.error = null;
    this.far = BEGUN;
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
