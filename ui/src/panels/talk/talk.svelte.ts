/** A conversation that is being held: a list of lines that is run whole after each one. */
import { get, text } from "../../document/tree";
import { codeOf, rpc, toRpcError, type Preview } from "../../platform";
import { litBy } from "../graph";
import { preview as previewed } from "../preview/preview.svelte";
import type { Turn } from "../preview/chat";
import { session } from "../session.svelte";
import { t } from "../../text";
import { customerTurn, savedLine, type Expectation, type Guessed } from "./events";

const UNKNOWN: Guessed = { intent: null, confidence: null, sentiment: null };
const GUESS_MS = 180;

class Talk {
  turns = $state.raw<readonly Turn[]>([]);
  result = $state.raw<Preview | null>(null);
  error = $state<{ readonly invalid: boolean; readonly words: string } | null>(null);
  draft = $state("");
  guessed = $state.raw<Guessed>(UNKNOWN);
  /** Chips that somebody corrected are not guessed again. */
  corrected = $state.raw<ReadonlySet<keyof Guessed>>(new Set());
  entities = $state.raw<{ readonly [entity: string]: string }>({});
  running = $state(false);
  saving = $state(false);
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heldFor = -1;
  private shown = "";

  /** The slot that is asked for now, by its entity. */
  get askedEntity(): string {
    const node = this.result?.waiting?.kind === "ask" ? this.result.waiting.node : "";
    const slot = text(session.tree, ["nodes", node, "slot"]);
    return text(session.tree, ["slots", slot, "entity"]);
  }

  async open(): Promise<void> {
    if (!session.open) return;
    if (this.heldFor !== session.doc) this.turns = [];
    this.heldFor = session.doc;
    await this.run();
  }

  type(words: string): void {
    this.draft = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.guess(), GUESS_MS);
  }

  correct<K extends keyof Guessed>(key: K, value: Guessed[K]): void {
    this.guessed = { ...this.guessed, [key]: value };
    this.corrected = new Set([...this.corrected, key]);
  }

  tell(entity: string, value: string | undefined): void {
    const rest = Object.fromEntries(Object.entries(this.entities).filter(([name]) => name !== entity));
    this.entities = value === undefined ? rest : { ...rest, [entity]: value };
  }

  async send(): Promise<void> {
    const words = this.draft.trim();
    if (words === "") return;
    clearTimeout(this.timer);
    await this.guess();
    const asked = this.askedEntity;
    // A short answer to the question that is asked is the answer, unless somebody said otherwise.
    const told = asked !== "" && this.entities[asked] === undefined && this.answers(words) ? { ...this.entities, [asked]: words } : this.entities;
    const turn = customerTurn(words, this.guessed, told);
    this.draft = "";
    this.guessed = UNKNOWN;
    this.corrected = new Set();
    this.entities = {};
    await this.add(turn);
  }

  /** What follows as the answer where nothing else was said about it. */
  answers(words: string): boolean {
    return words.length > 0 && words.split(/\s+/).length <= 4 && !words.endsWith("?");
  }

  async sayAsPerson(words: string): Promise<void> {
    if (words.trim() !== "") await this.add({ who: "agent", text: words.trim() });
  }

  async add(turn: Turn): Promise<void> {
    this.turns = [...this.turns, turn];
    await this.run();
  }

  async back(): Promise<void> {
    this.turns = this.turns.slice(0, -1);
    await this.run();
  }

  async restart(): Promise<void> {
    this.turns = [];
    await this.run();
  }

  async change(index: number, turn: Turn): Promise<void> {
    this.turns = this.turns.map((old, at) => (at === index ? turn : old));
    await this.run();
  }

  async run(): Promise<void> {
    if (!session.open) return;
    const asking = ++this.asked;
    this.running = true;
    try {
      await session.document?.settled();
      const result = await rpc("talk.run", { doc: session.doc, conversation: { id: "talk", turns: this.turns } });
      if (asking !== this.asked) return;
      this.result = result;
      this.error = null;
      this.light();
    } catch (error) {
      if (asking !== this.asked) return;
      this.result = null;
      this.error = { invalid: codeOf(error) === "invalid-flow", words: toRpcError(error).message };
      session.litPath = null;
    } finally {
      if (asking === this.asked) this.running = false;
    }
  }

  async save(id: string, expectation: Expectation): Promise<boolean> {
    try {
      await rpc("conversations.save", { doc: session.doc, line: savedLine(id, this.turns, expectation.expect) });
      session.toast(t.talk.saved(id), "good");
      this.saving = false;
      await previewed.refresh();
      return true;
    } catch (error) {
      session.failed(t.talk.saveFailed, error, []);
      return false;
    }
  }

  light(): void {
    session.litPath = this.result ? litBy(this.result.steps) : null;
    const node = this.result?.waiting?.node.split("/")[0];
    // An edit runs the talk again; it does not pull the canvas away from what is edited.
    const now = `${session.doc} ${this.turns.length} ${node}`;
    if (node === undefined || now === this.shown || get(session.tree, ["nodes", node]) === undefined) return;
    this.shown = now;
    session.canvas?.reveal(node);
  }

  private async guess(): Promise<void> {
    const words = this.draft.trim();
    if (words === "" || !session.open) {
      this.guessed = UNKNOWN;
      this.corrected = new Set();
      return;
    }
    const found = await rpc("guess", { doc: session.doc, text: words }).catch(() => null);
    if (!found || this.draft.trim() !== words) return;
    const kept = this.guessed;
    this.guessed = {
      intent: this.corrected.has("intent") ? kept.intent : found.intent,
      confidence: this.corrected.has("confidence") ? kept.confidence : (found.confidence ?? null),
      sentiment: this.corrected.has("sentiment") ? kept.sentiment : found.sentiment,
    };
  }
}

export const talk = new Talk();
