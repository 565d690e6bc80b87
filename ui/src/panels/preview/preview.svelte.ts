/** The conversation that is previewed, run by the same interpreter as everything else. */
import type { Plain } from "../../document/tree";
import { codeOf, rpc, type ConversationInfo, type Preview } from "../../platform";
import { litBy } from "../graph";
import { faultWords } from "../common/fault";
import { Listing } from "../common/listing.svelte";
import { session } from "../session.svelte";
import type { Problem } from "../../document/problems";
import type { Expectation } from "../talk/events";
import { t } from "../../text";
import { handoffsBy, keptLine, withKey, withTurn, type Conversation } from "./chat";

/** The id of a conversation that was found to show a problem, until it is kept under a name. */
export const WITNESS = "witness";
/** How many are had with the flow: the first is picked, the others are known to be there. */
const MOST = 200;
const LOOK_MS = 150;

class PreviewState {
  /** All of them, or those that a search found, for who chooses one. */
  readonly choosing = new Listing((query, from, most) => rpc("conversations.list", { doc: session.doc, query, from, most }));
  /** What is searched for; null while nobody chooses. */
  query = $state<string | null>(null);
  searching = $state(false);
  /** Why a search cannot be. */
  findError = $state<string | null>(null);
  /** The first of them. */
  list = $state.raw<readonly ConversationInfo[]>([]);
  /** How many there are. */
  count = $state(0);
  picked = $state<string | null>(null);
  conversation = $state.raw<Conversation | null>(null);
  /** As the file has it, to go back to. */
  original = $state.raw<Conversation | null>(null);
  /** What came of it as the file has it, to tell what a change changed. */
  base = $state.raw<Preview | null>(null);
  result = $state.raw<Preview | null>(null);
  error = $state<{ readonly invalid: boolean; readonly words: string } | null>(null);
  running = $state(false);
  at = $state(0);
  target = $state<string | null>(null);
  /** Which of several handoffs is looked at; the last one that had gone out without. */
  handoff = $state<number | null>(null);
  /** Milliseconds from the question to the answer, the last time. */
  took = $state<number | null>(null);
  view = $state<"agent" | "request" | "setup" | "postman">("agent");
  /** Asked by its key: the step that is looked at answers. */
  wonders = $state(0);
  /** Found for a problem and not kept yet. */
  witness = $state.raw<Conversation | null>(null);
  keeping = $state(false);
  /** Why the conversations beside the flow cannot be listed. */
  unreadable = $state<string | null>(null);
  private listedFor = -1;
  private asked = 0;
  private looked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** A change came while the one before was being run. */
  private again = false;

  /** Whether anything is not as the file has it. */
  get changed(): boolean {
    return this.conversation !== this.original;
  }

  /** Whether the picked one is among those to choose from. */
  get isListed(): boolean {
    return this.list.some(({ id }) => id === this.picked);
  }

  get last(): number {
    return Math.max(0, (this.result?.steps.length ?? 1) - 1);
  }

  /** Lists the conversations beside the flow, and picks the first. */
  async open(): Promise<void> {
    if (!session.open || this.listedFor === session.doc) return;
    this.listedFor = session.doc;
    this.witness = null;
    await this.refresh();
    if (!this.isListed) {
      this.clear();
      const [first] = this.list;
      if (first) await this.pick(first.id);
    }
  }

  /** Has the list of this flow, without picking any. */
  async openNow(): Promise<void> {
    if (this.listedFor !== session.doc) this.witness = null;
    this.listedFor = session.doc;
    await this.refresh();
  }

  /** Begins to choose: all are there until something is searched for. */
  choose(): void {
    if (this.query === null) this.search("", 0);
  }

  /** Nobody chooses any more. */
  chosen(): void {
    clearTimeout(this.timer);
    this.looked += 1;
    this.query = null;
    this.searching = false;
    this.findError = null;
  }

  /** Searches all conversations beside the flow, once the typing pauses. */
  search(query: string, after = LOOK_MS): void {
    this.query = query;
    this.searching = true;
    clearTimeout(this.timer);
    const asking = ++this.looked;
    const find = async (): Promise<void> => {
      let why: string | null = null;
      await this.choosing.begin(query.trim()).catch((error: unknown) => {
        why = codeOf(error) === "bad-request" ? t.test.badQuery(faultWords(error)) : faultWords(error);
      });
      if (asking !== this.looked) return;
      if (why !== null) this.choosing.clear();
      this.findError = why;
      this.searching = false;
    };
    if (after === 0) void find();
    else this.timer = setTimeout(() => void find(), after);
  }

  /** Shows a conversation that was found and lies in no file yet. */
  async showFound(conversation: Conversation): Promise<void> {
    this.witness = { ...conversation, id: WITNESS };
    await this.pick(WITNESS);
  }

  async refresh(): Promise<void> {
    try {
      const listed = await rpc("conversations.list", { doc: session.doc, most: MOST });
      this.list = listed.items;
      this.count = listed.count;
      this.unreadable = listed.unread ?? null;
    } catch (error) {
      this.list = [];
      this.count = 0;
      this.unreadable = faultWords(error);
    }
  }

  /** Finds a conversation that shows a problem and opens it at the place of the problem; says whether there is one. */
  async show(problem: Problem): Promise<boolean> {
    const { doc } = session;
    const { node, trigger, witness, path_to_it } = problem;
    await session.document?.settled();
    const found = await rpc("check.conversation", {
      doc,
      ...(node === undefined ? {} : { node }),
      ...(trigger === undefined ? {} : { trigger }),
      ...(witness === undefined ? {} : { witness }),
      ...(path_to_it === undefined ? {} : { path_to_it }),
    });
    if (found === null || session.doc !== doc) return false;
    if (this.listedFor !== doc) {
      this.listedFor = doc;
      await this.refresh();
    }
    this.witness = { ...(JSON.parse(found.text) as Conversation), id: WITNESS };
    session.drawer = "preview";
    await this.pick(WITNESS);
    this.goTo(node, trigger);
    return true;
  }

  /** The last step at a card, or by a trigger; without one the last that leads there. */
  private goTo(node: string | undefined, trigger: string | undefined): void {
    const steps = this.result?.steps ?? [];
    const here = steps.findLastIndex((step) => (node === undefined ? step.port === `trigger.${trigger ?? ""}` : step.node === node));
    const at = here >= 0 ? here : steps.findLastIndex((step) => step.to === node);
    if (at < 0) return;
    this.go(at);
    if (node !== undefined) session.canvas?.reveal(node);
  }

  /** Handoffs that had gone out by the step that is looked at. */
  get made(): number {
    return this.result === null ? 0 : handoffsBy(this.conversation, this.result, this.at).length;
  }

  /** The handoff before or after the one that is looked at. */
  stepHandoff(by: -1 | 1): void {
    const last = this.made - 1;
    this.handoff = Math.max(0, Math.min(last, Math.min(this.handoff ?? last, last) + by));
  }

  /** The name that is offered for what is kept. */
  get nameToKeep(): string {
    return this.picked === null || this.picked === WITNESS ? "talk-1" : `${this.picked}-2`;
  }

  /** Puts the conversation that is shown beside the flow, under a name of its own. */
  async keep(id: string, expectation: Expectation): Promise<void> {
    const { picked } = this;
    try {
      await rpc("conversations.save", { doc: session.doc, line: keptLine(this.conversation ?? {}, id, expectation.expect) });
      session.toast(t.talk.saved(id), "good");
      this.witness = null;
      await this.refresh();
      // Who went on to another one meanwhile stays there.
      if (this.picked === picked) await this.pick(id);
    } catch (error) {
      session.failed(t.talk.saveFailed, error, []);
    }
  }

  async pick(id: string): Promise<void> {
    this.picked = id;
    this.keeping = false;
    if (id === WITNESS && this.witness) {
      await this.begin(this.witness);
      return;
    }
    try {
      const { text } = await rpc("conversations.get", { doc: session.doc, id });
      if (this.picked !== id) return;
      await this.begin(JSON.parse(text) as Conversation);
    } catch (error) {
      if (this.picked === id) this.fail(error);
    }
  }

  private async begin(conversation: Conversation): Promise<void> {
    this.conversation = conversation;
    this.original = conversation;
    this.base = null;
    await this.run(true);
  }

  /** Writes what is shown as a vCon, where one wants it. */
  async saveVcon(): Promise<void> {
    const conversation = this.conversation;
    if (conversation === null) return;
    try {
      const { path } = await rpc("window.save_dialog", { title: t.files.vcon, name: `${this.picked ?? "conversation"}.vcon.json` });
      if (path === null) return;
      await session.document?.settled();
      await rpc("preview.vcon", { doc: session.doc, conversation, out: path });
      session.toast(t.export.written(path), "good");
    } catch (error) {
      session.toast(faultWords(error), "bad");
    }
  }

  change(turn: number, key: string, value: Plain | undefined): void {
    if (this.conversation) this.become(withTurn(this.conversation, turn, key, value));
  }

  /** Changes what is known before the first word. */
  changeTop(key: string, value: Plain | undefined): void {
    if (this.conversation) this.become(withKey(this.conversation, key, value));
  }

  /** Shows another conversation in the place of the one picked, as a change of it. */
  become(conversation: Conversation): void {
    // What is changed back by hand is as it was.
    this.conversation = this.original !== null && sameText(conversation, this.original) ? this.original : conversation;
    void this.replay();
  }

  back(): void {
    this.conversation = this.original;
    this.keeping = false;
    void this.replay();
  }

  /** A slider that is drawn asks more often than it is answered: what came between is left out. */
  private async replay(): Promise<void> {
    if (this.running) this.again = true;
    else await this.run(false);
  }

  /** Runs it again; a fresh one starts at its last step, a changed one stays where it was. */
  async run(fresh: boolean): Promise<void> {
    const conversation = this.conversation;
    if (!conversation || !session.open) return;
    const asking = ++this.asked;
    this.running = true;
    try {
      await session.document?.settled();
      const began = performance.now();
      const result = await rpc("preview.run", { doc: session.doc, conversation });
      if (asking !== this.asked) return;
      this.took = performance.now() - began;
      const atEnd = this.at >= this.last;
      this.result = result;
      if (!this.changed) this.base = result;
      this.error = null;
      if (fresh) this.handoff = null;
      this.at = fresh || atEnd ? this.last : Math.min(this.at, this.last);
      this.light();
    } catch (error) {
      if (asking === this.asked) this.fail(error);
    } finally {
      if (asking === this.asked) {
        this.running = false;
        if (this.again) {
          this.again = false;
          void this.run(false);
        }
      }
    }
  }

  go(at: number): void {
    this.at = Math.max(0, Math.min(at, this.last));
    this.handoff = null;
    this.light();
    const step = this.result?.steps[this.at];
    const node = (step?.to ?? step?.node)?.split("/")[0];
    if (node !== undefined) session.canvas?.reveal(node);
  }

  light(): void {
    session.litPath = this.result ? litBy(this.result.steps.slice(0, this.at + 1)) : null;
  }

  clear(): void {
    this.picked = null;
    this.keeping = false;
    this.conversation = null;
    this.original = null;
    this.base = null;
    this.result = null;
    this.error = null;
    this.at = 0;
  }

  private fail(error: unknown): void {
    this.result = null;
    this.error = { invalid: codeOf(error) === "invalid-flow", words: faultWords(error) };
    session.litPath = null;
  }
}

/** The same lines and keys, whatever their order. */
function sameText(a: Conversation, b: Conversation): boolean {
  return sorted(a) === sorted(b);
}

function sorted(value: Plain): string {
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(sorted).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value as { readonly [key: string]: Plain }).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${sorted(one)}`).join()}}`;
}

export const preview = new PreviewState();
