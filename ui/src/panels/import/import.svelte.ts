/** Bringing in what other tools recorded: which file, what it is taken for, what its columns mean, what comes of it. */
import { rpc, type ImportMapping, type ImportPreviewed, type ImportSniffed } from "../../platform";
import { faultWords } from "../common/fault";
import { t } from "../../text";
import type { Conversation } from "../preview/chat";
import { session } from "../session.svelte";
import { Work } from "../test/work.svelte";
import { mappingOf, outOf } from "./mapping";

/** How many conversations are shown of a file. */
const FIRST = 50;
/** Typing is not asked about letter by letter. */
const WAIT_MS = 250;

class Importing {
  open = $state(false);
  path = $state<string | null>(null);
  sniffed = $state.raw<ImportSniffed | null>(null);
  kind = $state("");
  mapping = $state.raw<ImportMapping | null>(null);
  shown = $state.raw<ImportPreviewed | null>(null);
  at = $state(0);
  tab = $state<"talk" | "notes">("talk");
  looking = $state(false);
  error = $state<string | null>(null);
  keepMapping = $state(true);
  readonly writing = new Work((ticket) => rpc("import.stop", { ticket }));
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private done: () => void = () => undefined;

  /** The conversation that is read, as it will be written. */
  readonly conversation = $derived.by((): Conversation | null => {
    const line = this.shown?.conversations[this.at];
    return line === undefined ? null : (JSON.parse(line) as Conversation);
  });

  /** Asks for a file; `done` hears that conversations were written. */
  begin(done: () => void): void {
    this.done = done;
    void this.choose();
  }

  async choose(): Promise<void> {
    try {
      const { path } = await rpc("window.open_dialog", { title: t.imports.choose });
      if (path !== null) await this.take(path);
    } catch (error) {
      session.failed(t.imports.unreadable, error, []);
    }
  }

  async take(path: string): Promise<void> {
    this.open = true;
    this.path = path;
    this.sniffed = this.shown = this.mapping = null;
    this.kind = "";
    this.error = null;
    this.writing.forget();
    const asking = ++this.asked;
    this.looking = true;
    try {
      const sniffed = await rpc("import.sniff", { path });
      if (asking !== this.asked) return;
      this.sniffed = sniffed;
      this.kind = sniffed.guesses[0]?.kind ?? "";
      if (this.kind !== "") await this.propose(this.kind);
    } catch (error) {
      if (asking === this.asked) this.error = faultWords(error);
    } finally {
      if (asking === this.asked) this.looking = false;
    }
  }

  /** A mapping from the beginning, for a kind of file. */
  async propose(kind: string): Promise<void> {
    this.kind = kind;
    this.at = 0;
    await this.ask({ kind });
  }

  /** Looks at the file again, as it is now; a mapping that was corrected stays. */
  async lookAgain(): Promise<void> {
    const { path, mapping } = this;
    if (path === null) return;
    if (this.sniffed === null || mapping === null) {
      await this.take(path);
      return;
    }
    this.writing.forget();
    try {
      this.sniffed = await rpc("import.sniff", { path });
    } catch (error) {
      this.error = faultWords(error);
      return;
    }
    await this.ask({ mapping });
  }

  /** What comes of a mapping that was changed. */
  change(mapping: ImportMapping): void {
    this.mapping = mapping;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask({ mapping }), WAIT_MS);
  }

  async useSaved(): Promise<void> {
    const { path } = await rpc("window.open_dialog", { title: t.imports.saved, filters: [{ name: "JSON", extensions: ["json"] }] }).catch(() => ({ path: null }));
    if (path !== null) await this.ask({ mapping_path: path });
  }

  private async ask(by: { readonly kind: string } | { readonly mapping: ImportMapping } | { readonly mapping_path: string }): Promise<void> {
    if (this.path === null) return;
    const asking = ++this.asked;
    this.looking = true;
    try {
      const shown = await rpc("import.preview", { path: this.path, first: FIRST, ...by });
      if (asking !== this.asked) return;
      this.shown = shown;
      this.error = null;
      // What was typed meanwhile is newer than what comes back.
      if (!("mapping" in by)) this.mapping = shown.mapping;
      this.kind = shown.guess.kind;
      this.at = Math.min(this.at, Math.max(0, shown.conversations.length - 1));
    } catch (error) {
      if (asking === this.asked) this.error = faultWords(error);
    } finally {
      if (asking === this.asked) this.looking = false;
    }
  }

  walk(by: number): void {
    const count = this.shown?.conversations.length ?? 0;
    if (count > 0) this.at = (this.at + by + count) % count;
  }

  /** Writes the conversations where somebody says. */
  async save(): Promise<void> {
    const { path, mapping } = this;
    const stamp = this.sniffed?.stamp;
    if (path === null || mapping === null || stamp === undefined) return;
    const folder = session.path?.replace(/[^/\\]*$/, "");
    const filters = [{ name: t.imports.files, extensions: ["jsonl"] }];
    const chosen = await rpc("window.save_dialog", { title: t.imports.save, name: `${mapping.name}.conversations.jsonl`, filters, ...(folder === undefined ? {} : { folder }) }).catch(() => ({ path: null }));
    if (chosen.path === null) return;
    const out = outOf(chosen.path);
    const made = await this.writing.run((ticket, heard) => rpc("import.run", { path, mapping, out, force: true, stamp, ticket, ...(this.keepMapping ? { mapping_out: mappingOf(out) } : {}) }, heard));
    if (made === null) return;
    this.close();
    session.toast(t.imports.done(made.report.conversations, made.report.notes), "good");
    this.done();
  }

  close(): void {
    if (this.writing.running) void this.writing.stop();
    this.asked += 1;
    clearTimeout(this.timer);
    this.open = false;
    this.looking = false;
  }
}

export const importing = new Importing();
