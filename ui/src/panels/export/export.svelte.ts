/** The export that is looked at: files, losses and what checked them, for one platform. */
import { rpc, toRpcError, type Exported, type ExportPlatform } from "../../platform";
import { session } from "../session.svelte";
import { t } from "../../text";

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
  madeFor = $state(-1);
  madeOf = $state(-1);
  private asked = 0;

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

  async run(out?: string): Promise<void> {
    if (this.platform === null || !session.open) return;
    const asking = ++this.asked;
    this.running = true;
    this.error = null;
    try {
      await session.document?.settled();
      const made = session.version;
      const result = await rpc("export.run", {
        doc: session.doc,
        platform: this.platform,
        ...(out === undefined ? {} : { out }),
        ...(this.env === "" ? {} : { env: this.env }),
      });
      if (asking !== this.asked) return;
      this.result = result;
      this.madeFor = made;
      this.madeOf = session.doc;
      if (result.files.every(({ path }) => path !== this.file)) this.file = result.files[0]?.path ?? null;
      if (result.written !== null) session.toast(t.export.written(result.written), "good");
    } catch (error) {
      if (asking === this.asked) this.error = toRpcError(error).message;
    } finally {
      if (asking === this.asked) this.running = false;
    }
  }

  async write(): Promise<void> {
    try {
      const { path } = await rpc("window.folder_dialog", { title: t.export.write });
      if (path !== null) await this.run(path);
    } catch (error) {
      this.error = toRpcError(error).message;
    }
  }
}

export const exporting = new ExportState();
