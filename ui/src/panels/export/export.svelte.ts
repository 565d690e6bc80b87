/** The export that is looked at: files, losses and what checked them, for one platform. */
import { codeOf, rpc, type Exported, type ExportPlatform } from "../../platform";
import { faultWords } from "../common/fault";
import { session } from "../session.svelte";
import { t } from "../../text";
import { BEGUN, progressOf, type Progress } from "./progress";

/** What is done sooner needs no progress. */
const SLOW_MS = 250;

class ExportState {
  platforms = $state.raw<readonly ExportPlatform[]>([]);
  platform = $state<string | null>(null);
  /** Environments of the folder; names in double braces take their values from one. */
  environments = $state.raw<readonly string[]>([]);
  env = $state("");
  result = $state.raw<Exported | null>(null);
  file = $state<string | null>(null);
  error = $state<string | null>(null);
  running = $state(false);
  progress = $state.raw<Progress>(BEGUN);
  stopping = $state(false);
  /** It takes so long that one wants to know how far it is. */
  slow = $state(false);
  /** Files of a folder that somebody changed, or that are somebody else's. */
  inTheWay = $state.raw<{ readonly folder: string; readonly words: string } | null>(null);
  madeFor = $state(-1);
  madeOf = $state(-1);
  // Numbers do not begin again with the page: a stop that came too late must not meet a later export.
  private asked = Math.floor(Math.random() * 2 ** 31);

  get stale(): boolean {
    return this.result !== null && (this.madeFor !== session.version || this.madeOf !== session.doc);
  }

  async open(): Promise<void> {
    if (this.platforms.length === 0) this.platforms = await rpc("export.platforms", {}).catch(() => []);
    if (this.madeOf !== session.doc) this.result = null;
    this.environments = session.open ? await rpc("environments.list", { doc: session.doc }).catch(() => []) : [];
    if (!this.environments.includes(this.env)) this.env = "";
    const [first] = this.platforms;
    if (this.platform === null && first && this.platforms.length === 1) this.platform = first.id;
    if (this.platform !== null && session.open && (this.result === null || this.stale)) await this.run();
  }

  async choose(platform: string): Promise<void> {
    this.platform = platform;
    this.result = null;
    await this.run();
  }

  async within(env: string): Promise<void> {
    this.env = env;
    await this.run();
  }

  async run(out?: string, force = false): Promise<void> {
    if (this.platform === null || !session.open) return;
    const asking = ++this.asked;
    this.running = true;
    this.progress = BEGUN;
    this.stopping = false;
    this.slow = false;
    setTimeout(() => {
      if (asking === this.asked) this.slow = this.running;
    }, SLOW_MS);
    this.error = null;
    this.inTheWay = null;
    try {
      await session.document?.settled();
      const made = session.version;
      const wanted = {
        doc: session.doc,
        platform: this.platform,
        ticket: asking,
        ...(out === undefined ? {} : { out, force }),
        ...(this.env === "" ? {} : { env: this.env }),
      };
      const result = await rpc("export.run", wanted, (told) => {
        if (asking === this.asked) this.progress = progressOf(told);
      });
      if (asking !== this.asked) return;
      this.result = result;
      this.madeFor = made;
      this.madeOf = session.doc;
      if (result.files.every(({ path }) => path !== this.file)) this.file = result.files[0]?.path ?? null;
      if (result.written !== null) session.toast(t.export.written(result.written), "good");
    } catch (error) {
      if (asking !== this.asked) return;
      if (codeOf(error) === "stopped") session.toast(t.export.stopped);
      else if (codeOf(error) === "files-in-the-way" && out !== undefined) this.inTheWay = { folder: out, words: faultWords(error) };
      else this.error = faultWords(error);
    } finally {
      if (asking === this.asked) this.running = false;
    }
  }

  /** Stops what runs; the folder is then as it was. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.stopping = true;
    await rpc("export.stop", { ticket: this.asked }).catch(() => null);
  }

  async write(): Promise<void> {
    try {
      const { path } = await rpc("window.folder_dialog", { title: t.export.write });
      if (path !== null) await this.run(path);
    } catch (error) {
      this.error = faultWords(error);
    }
  }
}

export const exporting = new ExportState();
