/** Conversations in a list of any length: the core gives the parts of it that somebody looks at. */
import type { ConversationInfo, ConversationsListed } from "../../platform";
import { latest } from "../session.svelte";

/** How many are asked for at once. */
export const PART = 200;

export type Ask = (query: string, from: number, most: number) => Promise<ConversationsListed>;

export class Listing {
  /** How many were found, and of how many. */
  count = $state(0);
  of = $state(0);
  /** The first line that cannot be read. */
  unread = $state<string | null>(null);
  private parts = $state.raw<ReadonlyMap<number, readonly ConversationInfo[]>>(new Map());
  private readonly asked = new Map<number, Promise<void>>();
  private query = "";
  /** What is asked for a former query, or of a former flow, comes too late. */
  private readonly turns = latest();
  /** The list that is on its way, from its beginning. */
  private coming: Promise<unknown> | null = null;
  private shown: readonly [number, number] = [0, 0];

  /** `changed` hears that the files are not what they were when the list was begun; without one it is begun again. */
  constructor(
    private readonly ask: Ask,
    private readonly changed?: () => void,
  ) {}

  at(index: number): ConversationInfo | undefined {
    return this.parts.get(Math.floor(index / PART))?.[index % PART];
  }

  /** Where it stands, as far as that is known. */
  indexOf(id: string): number | null {
    for (const [part, items] of this.parts) {
      const at = items.findIndex((one) => one.id === id);
      if (at >= 0) return part * PART + at;
    }
    return null;
  }

  get first(): readonly ConversationInfo[] {
    return this.parts.get(0) ?? [];
  }

  /** Asks for another query, from its beginning; false where something newer was asked meanwhile. */
  async begin(query: string): Promise<boolean> {
    return this.fresh(query, [0]);
  }

  /** Has anew what is shown, since files have changed. */
  async again(): Promise<boolean> {
    const [from, to] = this.shown;
    const parts = new Set([0]);
    for (let part = Math.floor(from / PART); part <= Math.floor(to / PART); part += 1) parts.add(part);
    return this.fresh(this.query, [...parts]);
  }

  private async fresh(query: string, parts: readonly number[]): Promise<boolean> {
    const wanted = this.turns.begin();
    // What is had anew meanwhile is what is asked for now.
    this.query = query;
    const coming = Promise.all(parts.map((part) => this.ask(query, part * PART, PART)));
    this.coming = coming;
    const answers = await coming.finally(() => {
      if (this.coming === coming) this.coming = null;
    });
    if (!wanted()) return false;
    this.asked.clear();
    this.parts = new Map(parts.map((part, index) => [part, answers[index]?.items ?? []]));
    this.take(answers[0]);
    return true;
  }

  private take(answer: ConversationsListed | undefined): void {
    this.count = answer?.count ?? 0;
    this.of = answer?.conversations ?? 0;
    this.unread = answer?.unread ?? null;
  }

  /** Nothing is listed. */
  clear(): void {
    this.turns.drop();
    this.coming = null;
    this.asked.clear();
    this.query = "";
    this.parts = new Map();
    this.take(undefined);
  }

  /** Has everything from one place to another, the last left out. */
  async need(from: number, to: number): Promise<void> {
    this.shown = [from, Math.max(from, to - 1)];
    const wanted: Promise<void>[] = [];
    for (let part = Math.floor(from / PART); part * PART < Math.min(to, this.count); part += 1) wanted.push(this.part(part));
    await Promise.all(wanted);
  }

  /** The one at a place, wherever it is. */
  async have(index: number): Promise<ConversationInfo | undefined> {
    await this.part(Math.floor(index / PART));
    return this.at(index);
  }

  private part(part: number): Promise<void> {
    if (this.parts.has(part)) return Promise.resolve();
    // Nothing is put among what gives way to another list.
    if (this.coming !== null) return this.coming.catch(() => undefined).then(() => this.part(part));
    const known = this.asked.get(part);
    if (known !== undefined) return known;
    const wanted = this.turns.same();
    const asked = this.ask(this.query, part * PART, PART)
      .then((answer) => {
        if (!wanted()) return;
        // The files were changed while they were shown: what is there of them stands elsewhere now.
        if (answer.count !== this.count || answer.conversations !== this.of) {
          if (this.changed) this.changed();
          else void this.again().catch(() => undefined);
          return;
        }
        this.parts = new Map(this.parts).set(part, answer.items);
      })
      // It is asked for again once somebody looks there again.
      .catch(() => undefined)
      .finally(() => {
        if (wanted()) this.asked.delete(part);
      });
    this.asked.set(part, asked);
    return asked;
  }
}
