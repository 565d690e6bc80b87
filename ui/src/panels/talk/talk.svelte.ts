/** A conversation that is being held: a list of lines that is run whole after each one. */
import { get, text } from "../../document/tree";
import { codeOf, rpc, type Preview } from "../../platform";
import { faultWords } from "../common/fault";
import { litBy } from "../graph";
import { preview as previewed } from "../preview/preview.svelte";
import type { Turn } from "../preview/chat";
import { latest, session } from "../session.svelte";
import { t } from "../../text";
import { customerTurn, savedLine, type Expectation, type Guessed } from "./events";

const UNKNOWN: Guessed = { intent: null, confidence: null, sentiment: null };
const GUESS_MS = 180;

class Talk {
  turns = $state.raw<readonly Turn[]>([]);
  result = $state.raw<Preview | null>(null);
  error = $state<{ readonly invalid: boolean; readonly words: string } | null>(null);
  draft = $state("");
  /** What was guessed of the draft; corrections are kept apart, so that no late answer can reach them. */
  private answer = $state.raw<{ readonly words: string; readonly guess: Guessed } | null>(null);
  private corrections = $state.raw<Partial<Guessed>>({});
  entities = $state.raw<{ readonly [entity: string]: string }>({});
  saving = $state(false);
  private readonly asking = latest();
  /** The talk that messages on their way belong to. */
  private readonly held = latest();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heldFor = -1;
  private shown = "";
  private sent: Promise<void> = Promise.resolve();

  get running(): boolean {
    return this.asking.running;
  }

  /** What the chips show: the guess, and what somebody corrected. */
  get guessed(): Guessed {
    return { ...(this.answer?.guess ?? UNKNOWN), ...this.corrections };
  }

  /** The slot that is asked for now, by its entity. */
  get askedEntity(): string {
    const node = this.result?.waiting?.kind === "ask" ? this.result.waiting.node : "";
    const slot = text(session.tree, ["nodes", node, "slot"]);
    return text(session.tree, ["slots", slot, "entity"]);
  }

  async open(): Promise<void> {
    if (!session.open) return;
    if (this.heldFor !== session.doc) {
      this.held.drop();
      this.turns = [];
      this.result = null;
      this.error = null;
      this.saving = false;
    }
    this.heldFor = session.doc;
    await this.run();
  }

  type(words: string): void {
    this.draft = words;
    clearTimeout(this.timer);
    if (words.trim() === "") this.forget();
    else this.timer = setTimeout(() => void this.guess(), GUESS_MS);
  }

  correct<K extends keyof Guessed>(key: K, value: Guessed[K]): void {
    this.corrections = { ...this.corrections, [key]: value };
  }

  tell(entity: string, value: string | undefined): void {
    const rest = Object.fromEntries(Object.entries(this.entities).filter(([name]) => name !== entity));
    this.entities = value === undefined ? rest : { ...rest, [entity]: value };
  }

  /** Says the draft as it stands now: what is typed or corrected while the guess is still on its way is the next message. */
  async send(): Promise<void> {
    const words = this.draft.trim();
    if (words === "") return;
    const { doc } = session;
    const held = this.held.same();
    const { corrections, entities } = this;
    const asked = this.askedEntity;
    // A short answer to the question that is asked is the answer, unless somebody said otherwise.
    const told = asked !== "" && entities[asked] === undefined && this.answers(words) ? { ...entities, [asked]: words } : entities;
    const known = this.answer?.words === words ? this.answer.guess : null;
    this.draft = "";
    this.forget();
    this.sent = this.sent.then(async () => {
      const guess = known ?? (await askGuess(doc, words)) ?? UNKNOWN;
      if (held()) await this.add(customerTurn(words, { ...guess, ...corrections }, told));
    });
    await this.sent;
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
    this.held.drop();
    this.turns = [];
    await this.run();
  }

  async change(index: number, turn: Turn): Promise<void> {
    this.turns = this.turns.map((old, at) => (at === index ? turn : old));
    await this.run();
  }

  async run(): Promise<void> {
    if (!session.open) return;
    const { turns } = this;
    await this.asking.ask(
      async () => rpc("talk.run", { doc: await session.settled(), conversation: { id: "talk", turns } }),
      (result) => {
        this.result = result;
        this.error = null;
        this.light();
      },
      (error) => {
        this.result = null;
        this.error = { invalid: codeOf(error) === "invalid-flow", words: faultWords(error) };
        session.litPath = null;
      },
    );
  }

  async save(id: string, expectation: Expectation): Promise<boolean> {
    const held = this.held.same();
    try {
      await rpc("conversations.save", { doc: session.doc, line: savedLine(id, this.turns, expectation.expect) });
      session.toast(t.talk.saved(id), "good");
      if (held()) this.saving = false;
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

  /** The next message has nothing of this one. */
  private forget(): void {
    clearTimeout(this.timer);
    this.answer = null;
    this.corrections = {};
    this.entities = {};
  }

  private async guess(): Promise<void> {
    const words = this.draft.trim();
    if (words === "" || !session.open) return;
    const held = this.held.same();
    const guess = await askGuess(session.doc, words);
    if (guess && held() && this.draft.trim() === words) this.answer = { words, guess };
  }
}

async function askGuess(doc: number, words: string): Promise<Guessed | null> {
  const found = await rpc("guess", { doc, text: words }).catch(() => null);
  return found && { intent: found.intent, confidence: found.confidence ?? null, sentiment: found.sentiment === null ? null : twoPlaces(found.sentiment) };
}

/** A guess is no more exact than what is shown of it. */
function twoPlaces(value: number): number {
  return Math.round(value * 100) / 100;
}

export const talk = new Talk();
