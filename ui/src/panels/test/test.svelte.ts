/** The place where conversations are replayed: which sets, what came of them, what another version or value would do. */
import type { Plain } from "../../document/tree";
import { codeOf, rpc, type ConversationSet, type Preview, type Replayed, type ReplayCompared, type ReplayReached, type ReplaySwept } from "../../platform";
import { faultWords } from "../common/fault";
import { Listing } from "../common/listing.svelte";
import { importing } from "../import/import.svelte";
import { preview } from "../preview/preview.svelte";
import type { Conversation } from "../preview/chat";
import { FLOW_FILES, latest, session } from "../session.svelte";
import { t } from "../../text";
import { audit } from "./audit.svelte";
import * as core from "./core";
import { painted } from "./coverage";
import { best, knobs, pointFor, written } from "./sweep";
import type { Change, Move } from "./whatif";
import { Work } from "./work.svelte";

export type Tab = "replay" | "whatif" | "sweep" | "read" | "audit";
export const TABS: readonly Tab[] = ["replay", "whatif", "sweep", "read", "audit"];

/** A conversation beside what the flow makes of it. */
export interface Reading {
  readonly id: string;
  readonly conversation: Conversation;
  readonly result: Preview;
}

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
  tab = $state<Tab>("replay");
  query = $state("");
  tag = $state("");
  /** Why the query cannot be read. */
  findError = $state<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly lookingAt = latest();
  private readonly searchFor = latest();

  readonly replaying = new Work(core.stop);
  result = $state.raw<Replayed | null>(null);
  private madeOf = $state(-1);
  private madeFor = $state(-1);

  readonly finding = new Work(core.stop);
  reach = $state<string | null>(null);
  reaching = $state.raw<ReplayReached | null>(null);
  private small = $state<string | null>(null);
  private readonly shrinks = latest();

  readonly comparing = new Work(core.stop);
  /** The other version: a file, or none for this flow as it was saved. */
  other = $state<string | null>(null);
  compared = $state.raw<ReplayCompared | null>(null);
  move = $state<Move | null>(null);
  both = $state.raw<Both | null>(null);
  private readonly bothSides = latest();

  readonly sweeping = new Work(core.stop);
  knob = $state("");
  from = $state<number | null>(null);
  to = $state<number | null>(null);
  swept = $state.raw<ReplaySwept | null>(null);
  /** The flow that the curve was drawn for: its values are written into no other. */
  private sweptOf = -1;
  point = $state(0);

  picked = $state<string | null>(null);
  reading = $state.raw<Reading | null>(null);
  readError = $state<string | null>(null);
  private readonly reads = latest();
  private readonly walks = latest();
  /** What is written into files of conversations, one after the other. */
  private kept: Promise<void> = Promise.resolve();

  private listedFor = -1;

  /** Whether conversations of other tools can be brought in here. */
  readonly canImport = true;

  toImport(): void {
    importing.begin(() => void this.refresh());
  }

  get looking(): boolean {
    return this.lookingAt.running;
  }

  get searching(): boolean {
    return this.searchFor.running;
  }

  /** The one that is being made small. */
  get shrinking(): string | null {
    return this.shrinks.running ? this.small : null;
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
    this.findError = null;
    await this.searchFor.ask(
      () => this.listing.begin(this.asksFor),
      () => undefined,
      (error) => {
        this.listing.clear();
        this.findError = codeOf(error) === "bad-request" ? t.test.badQuery(faultWords(error)) : faultWords(error);
      },
    );
  }

  toTalk(): void {
    session.place = "design";
    session.drawer = "talk";
  }

  withSaved(): void {
    this.against(null);
  }

  /** What was made of another version is not about this one. */
  private against(other: string | null): void {
    this.comparing.drop();
    this.bothSides.drop();
    this.other = other;
    this.compared = null;
    this.both = null;
  }

  async chooseOther(): Promise<void> {
    const { other: before, doc } = { other: this.other, doc: session.doc };
    const { path } = await rpc("window.open_dialog", { title: t.test.otherFile, filters: FLOW_FILES }).catch(() => ({ path: null }));
    if (session.doc !== doc) return;
    // Waved away: the choice goes back to what it was.
    if (path === null) this.other = before;
    else {
      this.against(path);
      await this.compare();
    }
  }

  pickKnob(name: string): void {
    this.sweeping.drop();
    this.knob = name;
    this.from = null;
    this.to = null;
    this.swept = null;
  }

  /** The one before or after, in the list as it is searched. */
  async walk(by: -1 | 1): Promise<void> {
    const at = (this.picked === null ? null : this.listing.indexOf(this.picked)) ?? -1;
    const wanted = this.walks.begin();
    const next = await this.listing.have(Math.max(0, Math.min(this.listing.count - 1, at + by)));
    if (next && wanted()) await this.read(next.id);
  }

  /** The next that nobody labelled yet, round the end of the list. */
  async walkUnlabelled(): Promise<void> {
    const { listing } = this;
    const at = (this.picked === null ? null : listing.indexOf(this.picked)) ?? -1;
    const wanted = this.walks.begin();
    for (let step = 1; step <= listing.count; step += 1) {
      const next = await listing.have((at + step) % listing.count);
      if (next === undefined || !wanted()) return;
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
    await this.lookingAt.ask(
      () => Promise.all([core.sets(), this.listing.again()]),
      ([sets]) => {
        this.sets = sets;
        this.unreadable = null;
      },
      (error) => {
        this.sets = [];
        this.listing.clear();
        this.unreadable = faultWords(error);
      },
    );
  }

  /** Nothing is left of a former flow, and nothing that is asked of it is waited for. */
  private forget(): void {
    for (const work of [this.replaying, this.finding, this.comparing, this.sweeping]) work.drop();
    for (const asked of [this.lookingAt, this.searchFor, this.shrinks, this.bothSides, this.reads, this.walks]) asked.drop();
    clearTimeout(this.timer);
    this.readError = null;
    this.unreadable = null;
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
    const { chosen } = this;
    const found = await this.replaying.run(async (ticket, heard) => {
      const of = await session.settled();
      const made = session.version;
      return { result: await core.replay(chosen, ticket, heard), made, of };
    });
    if (found === null) return;
    this.result = found.result;
    this.madeFor = found.made;
    this.madeOf = found.of;
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
    this.reaching = null;
    const { chosen } = this;
    const found = await this.finding.run((ticket, heard) => core.reaching(chosen, what, ticket, heard));
    if (found !== null) this.reaching = found;
  }

  /** Opens one in Preview, beside the canvas. */
  async openInPreview(id: string): Promise<void> {
    session.place = "design";
    session.drawer = "preview";
    await preview.openAt(id);
  }

  /** Makes a failing one as small as it can be, and shows that in Preview. */
  async shrink(id: string): Promise<void> {
    this.small = id;
    const { chosen } = this;
    await this.shrinks.ask(
      () => core.shrink(chosen, id),
      (small) => {
        session.toast(t.test.shrunk(small.before, small.turns), "good");
        session.place = "design";
        session.drawer = "preview";
        void preview.showFound(JSON.parse(small.text) as Conversation);
      },
      (error) => session.toast(`${t.test.notShrunk} ${faultWords(error)}`, "bad"),
    );
  }

  async compare(): Promise<void> {
    if (this.comparing.running || this.chosen.length === 0) return;
    this.bothSides.drop();
    this.both = null;
    const { chosen, other } = this;
    const found = await this.comparing.run(async (ticket, heard) => {
      await session.settled();
      return core.against(chosen, other, ticket, heard);
    });
    if (found === null) return;
    this.compared = found;
    this.move = null;
  }

  /** One conversation through both versions. */
  async openBoth(change: Change): Promise<void> {
    const { other } = this;
    await this.bothSides.ask(
      async () => {
        const doc = await session.settled();
        const { text } = await rpc("conversations.get", { doc, id: change.id });
        const conversation = JSON.parse(text) as Conversation;
        const [before, after] = await Promise.all([core.previewOther(doc, other, conversation), rpc("preview.run", { doc, conversation })]);
        return { change, conversation, before, after };
      },
      (both) => (this.both = both),
      (error) => session.toast(faultWords(error), "bad"),
    );
  }

  async sweep(): Promise<void> {
    const knob = knobs(session.tree).find(({ name }) => name === this.knob) ?? knobs(session.tree)[0];
    if (!knob || this.sweeping.running || this.chosen.length === 0) return;
    this.knob = knob.name;
    const { chosen } = this;
    const [from, to] = [this.from ?? knob.from, this.to ?? knob.to];
    const found = await this.sweeping.run(async (ticket, heard) => {
      await session.settled();
      return core.sweep(chosen, knob.name, from, to, ticket, heard);
    });
    if (found === null) return;
    this.swept = found;
    this.sweptOf = session.doc;
    this.point = pointFor(found.points, found.value);
  }

  bestPoint(): void {
    const { swept } = this;
    if (swept === null) return;
    const at = best(swept.points, swept.labelled > 0, swept.value);
    if (at !== null) this.point = at;
  }

  /** Writes the value that is looked at into the flow that the curve was drawn for, as one step. */
  writePoint(): void {
    const value = this.swept?.points[this.point]?.value;
    if (value === undefined || this.swept === null || this.sweptOf !== session.doc) return;
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
    this.walks.drop();
    this.tab = "read";
    this.picked = id;
    await this.have(id);
  }

  /** Has a conversation as its file has it now, and what the flow makes of it. */
  private async have(id: string): Promise<void> {
    await this.reads.ask(
      async () => {
        const doc = await session.settled();
        const { text } = await rpc("conversations.get", { doc, id });
        const conversation = JSON.parse(text) as Conversation;
        return { id, conversation, result: await rpc("preview.run", { doc, conversation }) };
      },
      (reading) => {
        this.reading = reading;
        this.readError = null;
      },
      (error) => {
        this.reading = null;
        this.readError = codeOf(error) === "bad-request" ? t.test.gone(id) : faultWords(error);
      },
    );
  }

  /** Looks again at what there is, and reads the same one. */
  async readAgain(): Promise<void> {
    await this.refresh();
    if (this.picked !== null) await this.read(this.picked);
  }

  /** Adds a tag to the one that is read, or takes one off. */
  async tagAs(add: readonly string[], remove: readonly string[]): Promise<void> {
    const { reading } = this;
    if (reading !== null) await this.keep(reading.id, () => core.tag(reading.id, add, remove));
  }

  /** Says what should have happened; nothing takes the label away. */
  async label(expect: { readonly [key: string]: Plain } | null): Promise<void> {
    const { reading } = this;
    if (reading === null) return;
    await this.keep(reading.id, async () => {
      await core.label(reading.id, expect);
      session.toast(t.test.kept(reading.id), "good", undefined, "label");
    });
  }

  /** Writes something about the conversation that was shown when it was asked for; who went on to another one stays there. */
  private async keep(id: string, write: () => Promise<void>): Promise<void> {
    const { doc } = session;
    const written = this.kept.then(async () => {
      await session.settled(doc);
      await write();
    });
    this.kept = written.catch(() => undefined);
    try {
      await written;
    } catch (error) {
      session.failed(t.test.keepFailed, error, []);
      return;
    }
    if (session.doc !== doc) return;
    if (this.picked === id) await this.have(id);
    await this.refresh();
  }
}

export const test = new TestState();
