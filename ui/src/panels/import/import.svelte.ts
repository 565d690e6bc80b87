/** Bringing in what other tools recorded: which file, what it is taken for, what its columns mean, what comes of it. */
import { rpc, RpcError, toRpcError, type ImportMapping, type ImportPreviewed, type Imported, type ImportSniffed } from "../../platform";
import { fileOf, faultWords } from "../common/fault";
import { Latest } from "../common/latest.svelte";
import { t } from "../../text";
import type { Conversation } from "../preview/chat";
import { session } from "../session.svelte";
import { Work, type Begin } from "../test/work.svelte";
import { windows } from "../windows.svelte";
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
  error = $state<string | null>(null);
  keepMapping = $state(true);
  /** It is about the file that is brought in, whatever flow is open. */
  readonly writing = new Work((ticket) => rpc("import.stop", { ticket }), () => this.path);
  private readonly asking = new Latest(() => this.path);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private done: () => void = () => undefined;

  /** The conversation that is read, as it will be written. */
  readonly conversation = $derived.by((): Conversation | null => {
    const line = this.shown?.conversations[this.at];
    return line === undefined ? null : (JSON.parse(line) as Conversation);
  });

  get looking(): boolean {
    return this.asking.running;
  }

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
    clearTimeout(this.timer);
    const wanted = await this.asking.ask(
      () => rpc("import.sniff", { path }),
      (sniffed) => {
        this.sniffed = sniffed;
        this.kind = sniffed.guesses[0]?.kind ?? "";
      },
      (error) => (this.error = faultWords(error)),
    );
    if (wanted && this.kind !== "") await this.propose(this.kind);
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
    clearTimeout(this.timer);
    let readable = false;
    const wanted = await this.asking.ask(
      () => rpc("import.sniff", { path }),
      (sniffed) => {
        this.sniffed = sniffed;
        readable = true;
      },
      (error) => (this.error = faultWords(error)),
    );
    if (wanted && readable) await this.ask({ mapping });
  }

  /** What comes of a mapping that was changed. */
  change(mapping: ImportMapping): void {
    this.mapping = mapping;
    // What was asked before answers with a mapping that is older than this one.
    this.asking.drop();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask({ mapping }), WAIT_MS);
  }

  async useSaved(): Promise<void> {
    const of = this.path;
    const { path } = await rpc("window.open_dialog", { title: t.imports.saved, filters: [{ name: "JSON", extensions: ["json"] }] }).catch(() => ({ path: null }));
    if (path !== null && this.path === of) await this.ask({ mapping_path: path });
  }

  private async ask(by: { readonly kind: string } | { readonly mapping: ImportMapping } | { readonly mapping_path: string }): Promise<void> {
    const { path } = this;
    if (path === null) return;
    clearTimeout(this.timer);
    await this.asking.ask(
      () => rpc("import.preview", { path, first: FIRST, ...by }),
      (shown) => {
        this.shown = shown;
        this.error = null;
        if (!("mapping" in by)) this.mapping = shown.mapping;
        this.kind = shown.guess.kind;
        this.at = Math.min(this.at, Math.max(0, shown.conversations.length - 1));
      },
      (error) => (this.error = faultWords(error)),
    );
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
    const mapping_out = this.keepMapping ? { mapping_out: mappingOf(out) } : {};
    // The dialog asked about the file that was chosen, and about no other.
    let force = out === chosen.path;
    let force_mapping = false;
    const begin: Begin<Imported> = async (ticket, heard) => {
      for (;;) {
        try {
          return await rpc("import.run", { path, mapping, out, force, force_mapping, stamp, ticket, ...mapping_out }, heard);
        } catch (error) {
          const file = fileOf(toRpcError(error).details);
          const known = file?.path === out ? force : force_mapping;
          if (file?.code !== "exists" || known) throw error;
          const answer = await windows.ask(t.files.inTheWay, faultWords(error), [{ id: "replace", title: t.talk.replace, tone: "danger" }]);
          if (answer !== "replace") throw new RpcError("stopped", t.imports.stopped);
          if (file.path === out) force = true;
          else force_mapping = true;
        }
      }
    };
    const made = await this.writing.run(begin);
    if (made === null) return;
    this.close();
    session.toast(t.imports.done(made.report.conversations, made.report.notes), "good");
    this.done();
  }

  close(): void {
    if (this.writing.running) void this.writing.stop();
    this.asking.drop();
    clearTimeout(this.timer);
    this.open = false;
  }
}

export const importing = new Importing();
