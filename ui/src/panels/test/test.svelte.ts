/** The place where conversations are replayed: which sets, what came of them, what another version or value would do. */
import type { Plain } from "../../document/tree";
import { codeOf, rpc, type ConversationSet, type Preview, type Replayed, type ReplayCompared, type ReplayReached, type ReplaySwept } from "../../platform";
import { faultWords } from "../common/fault";
import { Listing } from "../common/listing.svelte";
import { importing } from "../import/import.svelte";
import { preview } from "../preview/preview.svelte";
import type { Conversation } from "../preview/chat";
import { FLOW_FILES, session } from "../session.svelte";
import { t } from "../../text";
import { audit } from "./audit.svelte";
import * as core from "./core";
import { painted } from "./coverage";
import { best, knobs, pointFor, written } from "./sweep";
import type { Change, Move } from "./whatif";
import { Work } from "./work.svelte";

export type Tab = "replay" | "whatif" | "sweep" | "read" | "audit";
export const TABS: readonly Tab[] = ["replay", "whatif", "sweep", "read", "audit"];

/** A change that is read from both sides. */
export interface Both {
  readonly change: Change;
  readonly conversation: Conversation;
  readonly before: Preview;
  readonly after: Preview;
}

const LOOK_MS = 200;

/** Each once, in the order of the alphabet. */
function namesOf(counts: readonly { readonly name: string }[]): readonly string[] {
  return [...new Set(counts.map(({ name }) => name))].sort();
}

class TestState {
  sets = $state.raw<readonly ConversationSet[]>([]);
  /** Files without a tick: what is new is replayed until somebody says otherwise. */
  left = $state.raw<ReadonlySet<string>>(new Set());
  /** What is listed at the left: all of them, or what a search found. */
  readonly listing = new Listing(core.list, () => {
    session.toast(t.test.filesChanged, "info", undefined, "files-changed");
    void this.refresh();
  });
  unreadable = $state<string | null>(null);
  looking = $state(false);
  tab = $state<Tab>("replay");
  query = $state("");
  tag = $state("");
  searching = $state(false);
  /** Why the query cannot be read. */
  findError = $state<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  readonly replaying = new Work(core.stop);
  result = $state.raw<Replayed | null>(null);
  private madeOf = $state(-1);
  private madeFor = $state(-1);

  readonly finding = new Work(core.stop);
  reach = $state<string | null>(null);
  reaching = $state.raw<ReplayReached | null>(null);
  shrinking = $state<string | null>(null);

  readonly comparing = new Work(core.stop);
  /** The other version: a file, or none for this flow as it was saved. */
  other = $state<string | null>(null);
  compared = $state.raw<ReplayCompared | null>(null);
  move = $state<Move | null>(null);
  both = $state.raw<Both | null>(null);

  readonly sweeping = new Work(core.stop);
  knob = $state("");
  from = $state<number | null>(null);
  to = $state<number | null>(null);
  swept = $state.raw<ReplaySwept | null>(null);
  point = $state(0);

  picked = $state<string | null>(null);
  reading = $state.raw<{ readonly conversation: Conversation; readonly result: Preview } | null>(null);
  readError = $state<string | null>(null);

  private listedFor = -1;

  /** Whether conversations of other tools can be brought in here. */
  readonly canImport = true;

  toImport(): void {
    importing.begin(() => void this.refresh());
  }

  get chosen(): readonly string[] {
    return this.sets.filter(({ conversations, unreadable }) => conversations + unreadable > 0).map(({ file }) => file).filter((file) => !this.left.has(file));
  }

  /** Whether there is nothing to replay, not even a line that cannot be read. */
  get empty(): boolean {
    return this.sets.every(({ conversations, unreadable, fault }) => conversations + unreadable === 0 && fault === undefined);
  }

  get stale(): boolean {
    return this.result !== null && this.madeFor !== session.version;
  }

  get tags(): readonly string[] {
    return namesOf(this.sets.flatMap(({ tags }) => tags));
  }

  /** Labels that say yes or no. */
  get labelNames(): readonly string[] {
    return namesOf(this.sets.flatMap(({ labels }) => labels));
  }

  get otherName(): string {
    return this.other === null ? t.test.savedVersion : (this.other.split(/[\\/]/).pop() ?? this.other);
  }

  /** Words or a tag are looked for once the typing pauses. */
  look(query: string): void {
    this.query = query;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.find(), LOOK_MS);
  }

  lookTag(tag: string): void {
    this.tag = tag;
    void this.find();
  }

  private get asksFor(): string {
    const tag = this.tag === "" ? "" : `tag:${/[\s"]/.test(this.tag) ? JSON.stringify(this.tag) : this.tag}`;
    return [this.query.trim(), tag].filter(Boolean).join(" ");
  }

  private async find(): Promise<void> {
    const asking = ++this.asked;
    this.findError = null;
    this.searching = true;
    try {
      await this.listing.begin(this.asksFor);
    } catch (error) {
      if (asking === this.asked) {
        this.listing.clear();
        this.findError = codeOf(error) === "bad-request" ? t.test.badQuery(faultWords(error)) : faultWords(error);
      }
    }
    if (asking === this.asked) this.searching = false;
  }

  toTalk(): void {
    session.place = "design";
    session.drawer = "talk";
  }

  withSaved(): void {
    this.other = null;
    this.compared = null;
  }

  async chooseOther(): Promise<void> {
    const before = this.other;
    const { path } = await rpc("window.open_dialog", { title: t.test.otherFile, filters: FLOW_FILES }).catch(() => ({ path: null }));
    // Waved away: the choice goes back to what it was.
    this.other = path ?? before;
    if (path !== null) await this.compare();
  }

  pickKnob(name: string): void {
    this.knob = name;
    this.from = null;
    this.to = null;
    this.swept = null;
  }

  /** The one before or after, in the list as it is searched. */
  async walk(by: -1 | 1): Promise<void> {
    const at = (this.picked === null ? null : this.listing.indexOf(this.picked)) ?? -1;
    const next = await this.listing.have(Math.max(0, Math.min(this.listing.count - 1, at + by)));
    if (next) await this.read(next.id);
  }

  /** The next that nobody labelled yet, round the end of the list. */
  async walkUnlabelled(): Promise<void> {
    const { listing } = this;
    const at = (this.picked === null ? null : listing.indexOf(this.picked)) ?? -1;
    for (let step = 1; step <= listing.count; step += 1) {
      const next = await listing.have((at + step) % listing.count);
      if (next === undefined) return;
      if (!next.expect) {
        await this.read(next.id);
        return;
      }
    }
  }

  async open(): Promise<void> {
    if (!session.open) return;
    if (this.listedFor !== session.doc) this.forget();
    this.listedFor = session.doc;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    this.looking = true;
    try {
      const [sets] = await Promise.all([core.sets(), this.listing.again()]);
      this.sets = sets;
      this.unreadable = null;
    } catch (error) {
      this.sets = [];
      this.listing.clear();
      this.unreadable = faultWords(error);
    } finally {
      this.looking = false;
    }
  }

  private forget(): void {
    this.query = "";
    this.tag = "";
    this.findError = null;
    this.sets = [];
    this.left = new Set();
    this.listing.clear();
    audit.forget();
    this.result = null;
    this.compared = null;
    this.both = null;
    this.swept = null;
    this.reaching = null;
    this.reach = null;
    this.picked = null;
    this.reading = null;
    this.other = null;
    this.knob = "";
  }

  tick(file: string, on: boolean): void {
    this.left = new Set(on ? [...this.left].filter((one) => one !== file) : [...this.left, file]);
  }

  tickAll(on: boolean): void {
    this.left = new Set(on ? [] : this.sets.map(({ file }) => file));
  }

  async replay(): Promise<void> {
    if (!session.open || this.chosen.length === 0 || this.replaying.running) return;
    this.tab = "replay";
    await session.document?.settled();
    const [made, of] = [session.version, session.doc];
    const result = await this.replaying.run((ticket, heard) => core.replay(this.chosen, ticket, heard));
    if (result === null) return;
    this.result = result;
    this.madeFor = made;
    this.madeOf = of;
    this.reaching = null;
    // What is painted already is painted anew.
    if (session.coverage !== null) this.paint();
  }

  /** Paints what was reached and shows the canvas. */
  show(): void {
    this.paint();
    session.place = "design";
  }

  private paint(): void {
    if (this.result !== null && this.madeOf === session.doc) session.coverage = painted(this.result.conversations, this.result.coverage);
  }

  async who(what: string): Promise<void> {
    this.reach = what;
    const found = await this.finding.run((ticket, heard) => core.reaching(this.chosen, what, ticket, heard));
    if (found !== null) this.reaching = found;
  }

  /** Opens one in Preview, beside the canvas. */
  async openInPreview(id: string): Promise<void> {
    session.place = "design";
    session.drawer = "preview";
    await preview.openNow();
    await preview.pick(id);
  }

  /** Makes a failing one as small as it can be, and shows that in Preview. */
  async shrink(id: string): Promise<void> {
    this.shrinking = id;
    try {
      const small = await core.shrink(this.chosen, id);
      session.toast(t.test.shrunk(small.before, small.turns), "good");
      session.place = "design";
      session.drawer = "preview";
      await preview.openNow();
      await preview.showFound(JSON.parse(small.text) as Conversation);
    } catch (error) {
      session.toast(`${t.test.notShrunk} ${faultWords(error)}`, "bad");
    } finally {
      this.shrinking = null;
    }
  }

  async compare(): Promise<void> {
    if (this.comparing.running || this.chosen.length === 0) return;
    await session.document?.settled();
    this.both = null;
    const found = await this.comparing.run((ticket, heard) => core.against(this.chosen, this.other, ticket, heard));
    if (found === null) return;
    this.compared = found;
    this.move = null;
  }

  /** One conversation through both versions. */
  async openBoth(change: Change): Promise<void> {
    try {
      const { text } = await rpc("conversations.get", { doc: session.doc, id: change.id });
      const conversation = JSON.parse(text) as Conversation;
      const [before, after] = await Promise.all([core.previewOther(this.other, conversation), rpc("preview.run", { doc: session.doc, conversation })]);
      this.both = { change, conversation, before, after };
    } catch (error) {
      session.toast(faultWords(error), "bad");
    }
  }

  async sweep(): Promise<void> {
    const knob = knobs(session.tree).find(({ name }) => name === this.knob) ?? knobs(session.tree)[0];
    if (!knob || this.sweeping.running || this.chosen.length === 0) return;
    this.knob = knob.name;
    await session.document?.settled();
    const found = await this.sweeping.run((ticket, heard) => core.sweep(this.chosen, knob.name, this.from ?? knob.from, this.to ?? knob.to, ticket, heard));
    if (found === null) return;
    this.swept = found;
    this.point = pointFor(found.points, found.value);
  }

  bestPoint(): void {
    const { swept } = this;
    if (swept === null) return;
    const at = best(swept.points, swept.labelled > 0, swept.value);
    if (at !== null) this.point = at;
  }

  /** Writes the value that is looked at into the flow, as one step. */
  writePoint(): void {
    const value = this.swept?.points[this.point]?.value;
    if (value === undefined || this.swept === null) return;
    const name = this.swept.constant.replace(/^const\./, "");
    if (!session.edit(written(session.tree, name, value))) return;
    this.swept = { ...this.swept, value };
    session.toast(t.test.wrote(name, String(value)), "good", { title: t.shell.undo, run: () => session.undo() });
  }

  startCompare(): void {
    this.tab = "whatif";
    void this.compare();
  }

  startSweep(): void {
    this.tab = "sweep";
    void this.sweep();
  }

  async read(id: string): Promise<void> {
    this.tab = "read";
    this.picked = id;
    try {
      const { text } = await rpc("conversations.get", { doc: session.doc, id });
      const conversation = JSON.parse(text) as Conversation;
      const result = await rpc("preview.run", { doc: session.doc, conversation });
      if (this.picked !== id) return;
      this.reading = { conversation, result };
      this.readError = null;
    } catch (error) {
      if (this.picked !== id) return;
      this.reading = null;
      this.readError = codeOf(error) === "bad-request" ? t.test.gone(id) : faultWords(error);
    }
  }

  /** Looks again at what there is, and reads the same one. */
  async readAgain(): Promise<void> {
    await this.refresh();
    if (this.picked !== null) await this.read(this.picked);
  }

  /** Adds a tag to the one that is read, or takes one off. */
  async tagAs(add: readonly string[], remove: readonly string[]): Promise<void> {
    const { picked } = this;
    if (picked === null) return;
    try {
      await core.tag(picked, add, remove);
      await this.read(picked);
      await this.refresh();
    } catch (error) {
      session.failed(t.test.keepFailed, error, []);
    }
  }

  /** Says what should have happened; nothing takes the label away. */
  async label(expect: { readonly [key: string]: Plain } | null): Promise<void> {
    const { picked, reading } = this;
    if (picked === null || reading === null) return;
    try {
      await core.label(picked, expect);
      session.toast(t.test.kept(picked), "good", undefined, "label");
      await this.read(picked);
      await this.refresh();
    } catch (error) {
      session.failed(t.test.keepFailed, error, []);
    }
  }
}

export const test = new TestState();
