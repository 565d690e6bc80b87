/** The conversation that is previewed, run by the same interpreter as everything else. */
import type { Plain } from "../../document/tree";
import { codeOf, rpc, type ConversationInfo, type Preview } from "../../platform";
import { litBy } from "../graph";
import { faultWords } from "../common/fault";
import { Listing } from "../common/listing.svelte";
import { latest, session } from "../session.svelte";
import type { Problem } from "../../document/problems";
import type { Expectation } from "../talk/events";
import { t } from "../../text";
import { handoffsBy, keptLine, WITNESS, withKey, withTurn, type Conversation } from "./chat";

export { WITNESS };

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
  private readonly lists = latest();
  private readonly finds = latest();
  /** The number of the search for a conversation that goes on. */
  private seeking: number | null = null;
  private searches = Math.floor(Math.random() * 2 ** 31);
  private readonly picks = latest();
  private readonly plays = latest();
  private readonly looks = latest();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What is run was not shown before. */
  private fresh = false;
  /** A change came while the one before was being run. */
  private again = false;

  get running(): boolean {
    return this.plays.running;
  }

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
    // The same flow, read again, may have the same one.
    const { picked } = this;
    this.enter();
    if (!(await this.refresh()) || this.picked !== null) return;
    const first = this.list.find(({ id }) => id === picked) ?? this.list[0];
    if (first) await this.pick(first.id);
  }

  /** Nothing of a former flow is shown; says whether there was another one. */
  private enter(): boolean {
    if (this.listedFor === session.doc) return false;
    this.listedFor = session.doc;
    this.witness = null;
    this.list = [];
    this.count = 0;
    this.choosing.clear();
    this.chosen();
    this.clear();
    return true;
  }

  /** Has the list of this flow, without picking any. */
  async openNow(): Promise<void> {
    this.enter();
    await this.refresh();
  }

  /** Begins to choose: all are there until something is searched for. */
  choose(): void {
    if (this.query === null) this.search("", 0);
  }

  /** Nobody chooses any more. */
  chosen(): void {
    clearTimeout(this.timer);
    this.looks.drop();
    this.query = null;
    this.searching = false;
    this.findError = null;
  }

  /** Searches all conversations beside the flow, once the typing pauses. */
  search(query: string, after = LOOK_MS): void {
    this.query = query;
    this.searching = true;
    clearTimeout(this.timer);
    const wanted = this.looks.begin();
    const find = async (): Promise<void> => {
      let why: string | null = null;
      await this.choosing.begin(query.trim()).catch((error: unknown) => {
        why = codeOf(error) === "bad-request" ? t.test.badQuery(faultWords(error)) : faultWords(error);
      });
      if (!wanted()) return;
      if (why !== null) this.choosing.clear();
      this.findError = why;
      this.searching = false;
    };
    if (after === 0) void find();
    else this.timer = setTimeout(() => void find(), after);
  }

  /** Has the list of this flow, and picks one of it. */
  async openAt(id: string): Promise<void> {
    this.enter();
    const wanted = this.picks.begin();
    await this.refresh();
    if (wanted()) await this.pick(id);
  }

  /** Shows a conversation that was found and lies in no file yet. */
  async showFound(conversation: Conversation): Promise<void> {
    const entered = this.enter();
    const wanted = this.picks.begin();
    if (entered) await this.refresh();
    if (!wanted()) return;
    this.witness = { ...conversation, id: WITNESS };
    await this.load(WITNESS);
  }

  /** Lists them anew; says whether that is still wanted. */
  async refresh(): Promise<boolean> {
    return this.lists.ask(
      () => rpc("conversations.list", { doc: session.doc, most: MOST }),
      (listed) => {
        this.list = listed.items;
        this.count = listed.count;
        this.unreadable = listed.unread ?? null;
      },
      (error) => {
        this.list = [];
        this.count = 0;
        this.unreadable = faultWords(error);
      },
    );
  }

  /** Opens a conversation that shows a problem, at the place of the problem. */
  async showKnown({ node, trigger }: Problem, conversation: Conversation): Promise<void> {
    this.dropSearch();
    const wanted = this.finds.begin();
    session.drawer = "preview";
    await this.showFound(conversation);
    if (wanted()) this.goTo(node, trigger);
  }

  /** The same, ready to be kept beside the flow under a name. */
  async keepKnown(problem: Problem, conversation: Conversation): Promise<void> {
    await this.showKnown(problem, conversation);
    if (this.picked === WITNESS && this.conversation === this.witness) this.keeping = true;
  }

  /** Finds a conversation that shows a problem and opens it at the place of the problem; says whether there is one. */
  async show(problem: Problem): Promise<boolean> {
    const { node, trigger, witness, path_to_it } = problem;
    this.dropSearch();
    const wanted = this.finds.begin();
    const ticket = ++this.searches;
    this.seeking = ticket;
    try {
      const found = await rpc("check.conversation", {
        doc: await session.settled(),
        ticket,
        ...(node === undefined ? {} : { node }),
        ...(trigger === undefined ? {} : { trigger }),
        ...(witness === undefined ? {} : { witness }),
        ...(path_to_it === undefined ? {} : { path_to_it }),
      });
      // Something else was asked for meanwhile: there is nothing to tell.
      if (!wanted()) return true;
      if (found === null) return false;
      session.drawer = "preview";
      await this.showFound(JSON.parse(found.text) as Conversation);
      if (wanted()) this.goTo(node, trigger);
      return true;
    } catch (error) {
      if (wanted()) throw error;
      return true;
    } finally {
      if (this.seeking === ticket) this.seeking = null;
    }
  }

  /** What is searched for is not wanted any more: the core stops, and nothing comes of it. */
  private dropSearch(): void {
    this.finds.drop();
    if (this.seeking !== null) void rpc("check.stop", { ticket: this.seeking }).catch(() => null);
    this.seeking = null;
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
    const { doc } = session;
    try {
      await rpc("conversations.save", { doc: session.doc, line: keptLine(this.conversation ?? {}, id, expectation.expect) });
      session.toast(t.talk.saved(id), "good");
      if (session.doc !== doc) return;
      this.witness = null;
      await this.refresh();
      // Who went on to another one meanwhile stays there.
      if (session.doc === doc && this.picked === picked) await this.pick(id);
    } catch (error) {
      session.failed(t.talk.saveFailed, error, []);
    }
  }

  async pick(id: string): Promise<void> {
    this.dropSearch();
    await this.load(id);
  }

  private async load(id: string): Promise<void> {
    this.picked = id;
    this.keeping = false;
    // What comes of the one before is not wanted any more.
    this.plays.drop();
    this.again = false;
    if (id === WITNESS && this.witness) {
      this.picks.drop();
      await this.begin(this.witness);
      return;
    }
    let begun = Promise.resolve();
    await this.picks.ask(
      () => rpc("conversations.get", { doc: session.doc, id }),
      ({ text }) => (begun = this.begin(JSON.parse(text) as Conversation)),
      (error) => {
        this.conversation = this.original = this.base = null;
        this.fail(error);
      },
    );
    await begun;
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
      const { doc } = session;
      const name = typeof conversation["id"] === "string" ? conversation["id"] : (this.picked ?? "conversation");
      const { path } = await rpc("window.save_dialog", { title: t.files.vcon, name: `${name}.vcon.json` });
      if (path === null) return;
      await rpc("preview.vcon", { doc: await session.settled(doc), conversation, out: path });
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
    void this.rerun();
  }

  back(): void {
    this.conversation = this.original;
    this.keeping = false;
    void this.rerun();
  }

  /** A slider that is drawn, or a flow that is edited, asks more often than it is answered: what came between is left out. */
  async rerun(): Promise<void> {
    if (this.running) this.again = true;
    else await this.run(false);
  }

  /** Runs it again; a fresh one starts at its last step, a changed one stays where it was. */
  async run(fresh: boolean): Promise<void> {
    const conversation = this.conversation;
    if (!conversation || !session.open) return;
    this.fresh ||= fresh;
    const wanted = await this.plays.ask(
      async () => {
        const doc = await session.settled();
        const began = performance.now();
        return { result: await rpc("preview.run", { doc, conversation }), took: performance.now() - began };
      },
      ({ result, took }) => this.take(result, took),
      (error) => this.fail(error),
    );
    if (!wanted || !this.again) return;
    this.again = false;
    void this.run(false);
  }

  private take(result: Preview, took: number): void {
    this.took = took;
    const atEnd = this.at >= this.last;
    this.result = result;
    if (!this.changed) this.base = result;
    this.error = null;
    if (this.fresh) this.handoff = null;
    this.at = this.fresh || atEnd ? this.last : Math.min(this.at, this.last);
    this.fresh = false;
    this.light();
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
    for (const asked of [this.picks, this.plays]) asked.drop();
    this.again = false;
    this.fresh = false;
    this.handoff = null;
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
