/** Files beside a request: what sets a contact centre up, a Postman collection, a vCon. Looked at, then written where one wants them. */
import { codeOf, rpc, type TargetFile } from "../../platform";
import { faultWords } from "../common/fault";
import { latest, session } from "../session.svelte";
import { windows } from "../windows.svelte";
import { t } from "../../text";
import type { Conversation } from "./chat";

export type FilesOf = "setup" | "postman";

class TargetFiles {
  files = $state.raw<readonly TargetFile[]>([]);
  file = $state<string | null>(null);
  error = $state<string | null>(null);
  private readonly asking = latest();

  get loading(): boolean {
    return this.asking.running;
  }

  /** Has the files made; nothing is written. */
  async look(of: FilesOf, target: string, conversation: Conversation): Promise<void> {
    await this.asking.ask(
      async () => this.make(await session.settled(), of, target, conversation),
      ({ files }) => {
        this.files = files;
        this.error = null;
        if (files.every(({ path }) => path !== this.file)) this.file = files[0]?.path ?? null;
      },
      (error) => {
        this.files = [];
        this.error = faultWords(error);
      },
    );
  }

  /** Writes them into a folder that is asked for; what is in the way is only replaced when that is said. */
  async write(of: FilesOf, target: string, conversation: Conversation): Promise<void> {
    const { doc } = session;
    const { path } = await rpc("window.folder_dialog", { title: t.files.write }).catch(() => ({ path: null }));
    if (path === null) return;
    try {
      await this.into(doc, of, target, conversation, path, false);
    } catch (error) {
      if (codeOf(error) !== "files-in-the-way") {
        session.toast(faultWords(error), "bad");
        return;
      }
      const answer = await windows.ask(t.files.inTheWay, faultWords(error), [{ id: "replace", title: t.export.replace, tone: "danger" }]);
      if (answer === "replace") await this.into(doc, of, target, conversation, path, true).catch((again: unknown) => session.toast(faultWords(again), "bad"));
    }
  }

  private async into(doc: number, of: FilesOf, target: string, conversation: Conversation, out: string, force: boolean): Promise<void> {
    await this.make(await session.settled(doc), of, target, conversation, out, force);
    session.toast(t.export.written(out), "good");
  }

  private make(doc: number, of: FilesOf, target: string, conversation: Conversation, out?: string, force = false): Promise<{ readonly files: readonly TargetFile[] }> {
    const where = { doc, target, ...(out === undefined ? {} : { out, force }) };
    return of === "setup" ? rpc("target.setup", where) : rpc("target.postman", { ...where, conversation });
  }
}

export const targetFiles = new TargetFiles();
