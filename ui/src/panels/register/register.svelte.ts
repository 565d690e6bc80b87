/** The register of the open flow, and what leaves from here: tables, the copy deck, the page. */
import { get, parsePointer } from "../../document/tree";
import { codeOf, rpc, type CopyChange, type CopyChanges, type Register, type RegisterRow } from "../../platform";
import { faultWords } from "../common/fault";
import { t } from "../../text";
import { integer } from "../common/format";
import { latest, session } from "../session.svelte";
import { rowInWords } from "./spoken";
import { found, keyOf, next, sorted, type Column, type Sorting } from "./rows";

/** So long nobody types before the table is made anew. */
const PAUSE_MS = 250;

export interface Deck {
  readonly path: string;
  readonly back: CopyChanges;
}

class RegisterState {
  register = $state.raw<Register | null>(null);
  error = $state<string | null>(null);
  query = $state("");
  sorting = $state.raw<Sorting | null>(null);
  /** The cell that is being edited. */
  editing = $state.raw<{ readonly key: string; readonly column: Column } | null>(null);
  /** Rows that are shown whole; the others show the first lines of each cell. */
  whole = $state.raw<ReadonlySet<string>>(new Set());
  withConversations = $state(true);
  deck = $state.raw<Deck | null>(null);
  /** The ids of the deck whose words are taken. */
  taken = $state.raw<ReadonlySet<string>>(new Set());

  private madeOf = -1;
  private readonly making = latest();
  private readonly reading = latest();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The order while a cell is edited: a row does not leave under one's hands. */
  private held: readonly string[] | null = null;

  readonly shown: readonly RegisterRow[] = $derived.by(() => this.arranged());

  get all(): readonly RegisterRow[] {
    return this.register?.rows ?? [];
  }

  /** Looks at the flow as it is now; soon after it changed, else at once. */
  look(): void {
    clearTimeout(this.timer);
    const fresh = this.madeOf !== session.doc;
    if (fresh) {
      this.register = null;
      this.editing = null;
      this.deck = null;
      this.held = null;
    }
    if (!session.open) return;
    this.timer = setTimeout(() => void this.make(), fresh ? 0 : PAUSE_MS);
  }

  async make(): Promise<void> {
    await this.making.ask(
      async () => rpc("register.rows", { doc: await session.settled(), replay: true }),
      (register) => {
        this.register = { ...register, rows: register.rows.map((row) => rowInWords(row, session.tree)) };
        this.madeOf = session.doc;
        this.error = null;
      },
      (error) => (this.error = faultWords(error)),
    );
  }

  sort(column: Column): void {
    this.sorting = next(this.sorting, column);
  }

  /** Shows a row whole, or its first lines again. */
  toggle(row: RegisterRow): void {
    const whole = new Set(this.whole);
    if (!whole.delete(keyOf(row))) whole.add(keyOf(row));
    this.whole = whole;
  }

  edit(row: RegisterRow, column: Column): void {
    this.held = this.shown.map(keyOf);
    this.editing = { key: keyOf(row), column };
  }

  /** Leaves the cell: what was typed there is one step. */
  leave(): void {
    session.seal();
    this.held = null;
    this.editing = null;
  }

  /** Shows the card, or the card that calls the flow it stands in. */
  toCard(node: string): void {
    session.goTo(["nodes", node.split("/")[0] ?? node]);
  }

  toWay({ way, from }: RegisterRow): void {
    if (way.startsWith("trigger.")) session.goTo(["triggers", way.slice("trigger.".length)]);
    else if (from !== null) this.toCard(from);
  }

  async writeTable(form: "csv" | "html"): Promise<void> {
    const { doc } = session;
    const path = await this.ask(form === "csv" ? t.register.csv : t.register.html, `register.${form}`, form === "csv" ? t.register.csvFiles : t.register.pages, [form]);
    if (path !== null) await this.write(doc, () => rpc(form === "csv" ? "register.csv" : "register.html", { doc, path }));
  }

  async deckOut(): Promise<void> {
    const { doc } = session;
    const path = await this.ask(t.register.deckOut, "texts.xlsx", t.register.decks, ["xlsx", "csv"]);
    if (path !== null) await this.write(doc, () => rpc("copy.write", { doc, path }));
  }

  async publish(): Promise<void> {
    const { doc } = session;
    const path = await this.ask(t.register.publish, "html", t.register.pages, ["html"]);
    if (path === null) return;
    await this.write(doc, async () => {
      const made = await rpc("publish.html", { doc, path, conversations: this.withConversations ? null : [], date: null });
      if (made.left > 0) session.toast(t.register.left(integer(made.left)));
      return made;
    });
  }

  /** Reads a deck, and shows what it would change before anything is changed. */
  async deckIn(): Promise<void> {
    const { doc } = session;
    try {
      const filters = [{ name: t.register.decks, extensions: ["xlsx", "csv"] }];
      const { path } = await rpc("window.open_dialog", { title: t.register.deckIn, filters });
      if (path !== null) await this.readDeck(path, doc);
    } catch (error) {
      session.failed(t.deck.failed, error, []);
    }
  }

  async readDeck(path: string, doc = session.doc): Promise<void> {
    await this.reading.ask(
      async () => rpc("copy.read", { doc: await session.settled(doc), path, take: [] }),
      (back) => {
        this.deck = { path, back };
        this.taken = new Set(back.changes.filter(({ applied }) => applied).map(({ id }) => id));
        session.place = "register";
      },
      (error) => session.failed(t.deck.failed, error, []),
    );
  }

  take(change: CopyChange, on: boolean): void {
    const taken = new Set(this.taken);
    if (on) taken.add(change.id);
    else taken.delete(change.id);
    this.taken = taken;
  }

  /** Puts the chosen words into the flow, as one step. */
  applyDeck(): void {
    const deck = this.deck;
    if (deck === null) return;
    const chosen = deck.back.changes.filter(({ id, known }) => known && this.taken.has(id));
    // Undone or edited meanwhile: what was looked at is not what would be changed.
    if (chosen.some(({ id, before }) => get(session.tree, parsePointer(id)) !== before)) {
      session.toast(t.deck.changed);
      void this.readDeck(deck.path);
      return;
    }
    const diff = chosen.map(({ id, after }) => ({ op: "set" as const, path: parsePointer(id), value: after }));
    const title = t.deck.applied(integer(diff.length));
    if (session.edit({ title, where: {}, diff })) {
      session.seal();
      session.toast(title, "good", { title: t.shell.undo, run: () => session.undo() });
    }
    this.deck = null;
  }

  private arranged(): readonly RegisterRow[] {
    const rows = found(this.all, this.query);
    if (this.editing === null || this.held === null) return sorted(rows, this.sorting);
    const held = this.held;
    const place = (row: RegisterRow): number => (held.includes(keyOf(row)) ? held.indexOf(keyOf(row)) : held.length);
    return this.all.filter((row) => held.includes(keyOf(row)) || rows.includes(row)).sort((a, b) => place(a) - place(b));
  }

  private async ask(title: string, ending: string, name: string, extensions: readonly string[]): Promise<string | null> {
    const stem = session.path === null ? "flow" : session.fileName.replace(/\.flow\.json$/, "");
    try {
      return (await rpc("window.save_dialog", { title, name: `${stem}.${ending}`, filters: [{ name, extensions }] })).path;
    } catch (error) {
      session.failed(t.register.writeFailed, error, []);
      return null;
    }
  }

  private async write(doc: number, what: () => Promise<{ readonly path: string }>): Promise<void> {
    try {
      await session.settled(doc);
      const { path } = await what();
      session.banner = null;
      session.toast(t.register.written(path), "good");
    } catch (error) {
      const words = codeOf(error) === "invalid-flow" ? t.test.notValid : t.register.writeFailed;
      session.failed(words, error, []);
    }
  }
}

export const register = new RegisterState();

