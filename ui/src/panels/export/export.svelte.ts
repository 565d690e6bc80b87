/** The export that is looked at: its options, its files beside the last ones, and what becomes of the flow. */
import { codeOf, rpc, toRpcError, type Exported, type ExportHow, type ExportOfPlatform, type ExportPlatform } from "../../platform";
import type { Problem } from "../../document/problems";
import { text } from "../../document/tree";
import { faultWords } from "../common/fault";
import { latest, session } from "../session.svelte";
import { t } from "../../text";
import { BEGUN, progressOf, type Progress } from "./progress";
import { reading } from "./reading.svelte";

/** What is done sooner needs no progress. */
const SLOW_MS = 250;

export const HOWS: readonly ExportHow[] = ["native", "code", "hand", "lost"];

/** Why there is no export, and what can be done. */
export interface Refused {
  readonly words: string;
  /** The flow has errors; these are the first of them. */
  readonly problems: readonly Problem[];
  /** Something is lost, and nothing was to be. */
  readonly loses: boolean;
  /** It was to be written there. */
  readonly out: string | null;
}

class ExportState {
  platforms = $state.raw<readonly ExportPlatform[]>([]);
  platform = $state<string | null>(null);
  zip = $state(false);
  strict = $state(false);
  /** The conversations that become tests: none where it is empty, the flow's own where it is null. */
  tests = $state<string | null>(null);
  /** Files of conversations beside the flow. */
  sets = $state.raw<readonly string[]>([]);
  result = $state.raw<Exported | null>(null);
  /** How the things are carried that are looked at. */
  how = $state<ExportHow>("lost");
  aside = $state<"carried" | "checked">("carried");
  refused = $state.raw<Refused | null>(null);
  progress = $state.raw<Progress>(BEGUN);
  stopping = $state(false);
  /** It takes so long that one wants to know how far it is. */
  slow = $state(false);
  /** Files of a folder that somebody changed, or that are somebody else's. */
  inTheWay = $state.raw<{ readonly folder: string; readonly words: string } | null>(null);
  madeFor = $state(-1);
  madeOf = $state(-1);
  private known: readonly ExportOfPlatform[] = [];
  private knownOf = -1;
  private choices = 0;
  // Numbers do not begin again with the page: a stop that came too late must not meet a later export.
  private ticket = Math.floor(Math.random() * 2 ** 31);
  private readonly asking = latest();

  get running(): boolean {
    return this.asking.running;
  }

  get stale(): boolean {
    return this.result !== null && (this.madeFor !== session.version || this.madeOf !== session.doc);
  }

  get title(): string {
    return this.platforms.find(({ id }) => id === this.platform)?.title ?? this.platform ?? "";
  }

  get chosen(): ExportPlatform | undefined {
    return this.platforms.find(({ id }) => id === this.platform);
  }

  async open(): Promise<void> {
    if (this.platforms.length === 0) this.platforms = await rpc("export.platforms", {}).catch(() => []);
    if (session.open && this.knownOf !== session.doc) await this.recall();
    if (this.platform !== null && session.open && !this.running && (this.result === null || this.stale)) await this.run();
  }

  /** What was chosen for this flow before; the only platform there is needs no choice. */
  private async recall(): Promise<void> {
    const { doc } = session;
    // What runs is about another flow.
    this.asking.drop();
    this.result = null;
    this.refused = null;
    this.inTheWay = null;
    reading.close();
    this.platform = null;
    this.known = [];
    const chosen = this.choices;
    const known = await rpc("export.known", { doc }).catch(() => ({ platform: null, platforms: [] }));
    const sets = await rpc("conversations.sets", { doc }).catch(() => []);
    if (doc !== session.doc) return;
    this.knownOf = doc;
    this.known = known.platforms;
    this.sets = sets.map(({ file }) => file);
    // What somebody chose meanwhile counts.
    if (chosen !== this.choices) return;
    const [only] = this.platforms;
    this.adopt(known.platform ?? (only && this.platforms.length === 1 ? only.id : null));
  }

  private adopt(platform: string | null): void {
    const known = this.known.find((one) => one.platform === platform);
    this.platform = platform;
    this.zip = known?.zip ?? false;
    this.strict = known?.strict ?? false;
    this.tests = known?.tests ?? null;
    if (this.tests !== null && this.tests !== "" && !this.sets.includes(this.tests)) this.tests = null;
  }

  async choose(platform: string): Promise<void> {
    if (platform === "") return;
    this.choices += 1;
    this.adopt(platform);
    this.result = null;
    reading.close();
    await this.keep();
    await this.run();
  }

  /** An option was changed; what depends on it is made again. */
  async set(options: { readonly zip?: boolean; readonly strict?: boolean; readonly tests?: string | null }): Promise<void> {
    if (options.zip !== undefined) this.zip = options.zip;
    if (options.strict !== undefined) this.strict = options.strict;
    if (options.tests !== undefined) this.tests = options.tests;
    await this.keep();
    if (options.tests !== undefined) await this.run();
  }

  private async keep(): Promise<void> {
    const { platform, zip, strict, tests } = this;
    if (platform === null || !session.open) return;
    const before = this.known.find((one) => one.platform === platform);
    this.known = [...this.known.filter((one) => one !== before), { platform, zip, strict, tests, out: before?.out ?? null, at: before?.at ?? null }];
    await rpc("export.remember", { doc: session.doc, platform, zip, strict, ...(tests === null ? {} : { tests }) }).catch(() => null);
  }

  async run(out?: string, force = false, strict = this.strict): Promise<void> {
    if (this.platform === null || !session.open) return;
    const ticket = ++this.ticket;
    this.begin(ticket);
    await this.asking.ask(
      () => this.make(ticket, out === undefined ? {} : { out, force, strict }),
      ({ result, made, doc }) => this.show(result, made, doc),
      (error) => this.refuse(error, out ?? null),
    );
  }

  /** Makes it of the flow as it is by now. */
  private async make(ticket: number, written: { readonly out?: string; readonly force?: boolean; readonly strict?: boolean }): Promise<{ readonly result: Exported; readonly made: number; readonly doc: number }> {
    const doc = await session.settled();
    const made = session.version;
    const wanted = { doc, platform: this.platform ?? "", ticket, ...written, ...(this.tests === null ? {} : { tests: this.tests }) };
    const result = await rpc("export.run", wanted, (told) => {
      if (ticket === this.ticket) this.progress = progressOf(told);
    });
    return { result, made, doc };
  }

  private begin(ticket: number): void {
    this.progress = BEGUN;
    this.stopping = false;
    this.slow = false;
    setTimeout(() => {
      if (ticket === this.ticket) this.slow = this.running;
    }, SLOW_MS);
    this.refused = null;
    this.inTheWay = null;
  }

  private show(result: Exported, made: number, doc: number): void {
    const fresh = this.result === null;
    this.result = result;
    this.madeFor = made;
    this.madeOf = doc;
    const is = (how: ExportHow): boolean => result.carried.some((group) => group.how === how);
    if (fresh || !is(this.how)) this.how = (["lost", "hand", "code", "native"] as const).find(is) ?? "native";
    void reading.of(doc, result.files);
    if (result.written !== null) session.toast(t.export.written(result.written), "good");
  }

  private refuse(error: unknown, out: string | null): void {
    const message = faultWords(error);
    switch (codeOf(error)) {
      case "stopped":
        session.toast(t.export.stopped);
        return;
      case "files-in-the-way":
        if (out !== null) {
          this.inTheWay = { folder: out, words: message };
          return;
        }
        break;
      case "invalid-flow":
        this.result = null;
        this.refused = { words: message, problems: problemsOf(toRpcError(error).details), loses: false, out: null };
        return;
      default:
        break;
    }
    this.refused = { words: message, problems: [], loses: codeOf(error) === "loses-something", out };
  }

  /** Stops what runs; the folder is then as it was. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.stopping = true;
    await rpc("export.stop", { ticket: this.ticket }).catch(() => null);
  }

  /** Asks where to, and writes it there. */
  async write(): Promise<void> {
    try {
      const path = this.zip ? await this.askFile() : (await rpc("window.folder_dialog", { title: t.export.write })).path;
      if (path !== null) await this.run(path);
    } catch (error) {
      this.refused = { words: faultWords(error), problems: [], loses: false, out: null };
    }
  }

  private async askFile(): Promise<string | null> {
    const name = `${text(session.tree, ["id"]) || "flow"}-${this.platform ?? ""}.zip`;
    const { path } = await rpc("window.save_dialog", { title: t.export.writeZip, name, filters: [{ name: t.export.zip, extensions: ["zip"] }] });
    return path === null || /\.zip$/i.test(path) ? path : `${path}.zip`;
  }
}

/** The problems of a refusal, errors alone. */
function problemsOf(details: unknown): readonly Problem[] {
  if (typeof details !== "object" || details === null || !("problems" in details) || !Array.isArray(details.problems)) return [];
  return (details.problems as readonly Problem[]).filter(({ severity }) => severity === "error");
}

export const exporting = new ExportState();
