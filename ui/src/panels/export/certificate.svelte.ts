/** An export held against the flow, on demand: every edge of the conditions and the flow's own conversations. */
import { codeOf, rpc, type ExportCertificate, type ExportDifference } from "../../platform";
import { faultWords } from "../common/fault";
import { integer } from "../common/format";
import type { Conversation } from "../preview/chat";
import { preview } from "../preview/preview.svelte";
import { session } from "../session.svelte";
import { t } from "../../text";
import { exporting } from "./export.svelte";

interface Told {
  readonly words: string;
  readonly share: number | null;
}

const BEGUN: Told = { words: t.export.certifying, share: null };

/** How far it is, as the core tells it. */
export function toldOf(told: unknown): Told {
  if (typeof told !== "object" || told === null || !("step" in told) || told.step !== "deciding") return BEGUN;
  const { done, of } = told as { readonly done?: unknown; readonly of?: unknown };
  if (typeof done !== "number" || typeof of !== "number" || of === 0) return BEGUN;
  return { words: t.export.deciding(integer(done), integer(of)), share: done / of };
}

class Certificate {
  result = $state.raw<ExportCertificate | null>(null);
  error = $state<string | null>(null);
  running = $state(false);
  stopping = $state(false);
  stopped = $state(false);
  told = $state.raw<Told>(BEGUN);
  private of = $state("");
  private version = $state(-1);
  private asked = Math.floor(Math.random() * 2 ** 31);

  /** What there is is about this flow and this platform. */
  get current(): boolean {
    return this.of === `${session.doc} ${exporting.platform}`;
  }

  get stale(): boolean {
    return this.version !== session.version;
  }

  async run(out?: string): Promise<void> {
    const { platform } = exporting;
    if (platform === null || !session.open || this.running) return;
    const asking = ++this.asked;
    const of = `${session.doc} ${platform}`;
    this.running = true;
    this.stopping = false;
    this.stopped = false;
    this.error = null;
    this.told = BEGUN;
    try {
      await session.document?.settled();
      const { version } = session;
      const wanted = { doc: session.doc, platform, ticket: asking, ...(out === undefined ? {} : { out }) };
      this.result = await rpc("export.certify", wanted, (told) => (this.told = toldOf(told)));
      this.version = version;
      if (out !== undefined) session.toast(t.export.savedCertificate(out), "good");
    } catch (error) {
      if (codeOf(error) === "stopped") this.stopped = true;
      else this.error = faultWords(error);
      this.result = null;
    }
    this.of = of;
    this.running = false;
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.stopping = true;
    await rpc("export.stop", { ticket: this.asked }).catch(() => null);
  }

  /** Writes it beside what it is about; it is made anew, so that it says what the flow is now. */
  async save(): Promise<void> {
    try {
      const name = `${exporting.platform ?? ""}-certificate.json`;
      const { path } = await rpc("window.save_dialog", { title: t.export.saveCertificate, name, filters: [{ name: "JSON", extensions: ["json"] }] });
      if (path !== null) await this.run(path);
    } catch (error) {
      this.error = faultWords(error);
    }
  }

  /** Plays the conversation that shows a difference. */
  async show(difference: ExportDifference): Promise<void> {
    session.place = "design";
    session.drawer = "preview";
    await preview.openNow();
    await preview.showFound(difference.conversation as unknown as Conversation);
  }
}

export const certificate = new Certificate();
