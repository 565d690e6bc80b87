/** The file of an export that is read: its text, and what stands in its place. */
import { rpc, type ExportedFile, type ExportFileText } from "../../platform";
import { faultWords } from "../common/fault";
import { Latest } from "../common/latest.svelte";
import { isChanged } from "./tree";

export type View = "text" | "diff";

class Reading {
  path = $state<string | null>(null);
  content = $state.raw<ExportFileText | null>(null);
  error = $state<string | null>(null);
  /** What one would rather see where there are changes. */
  rather = $state<View>("diff");
  private files: readonly ExportedFile[] = $state.raw([]);
  private doc = -1;
  private readonly asking = new Latest(() => this.doc);

  get file(): ExportedFile | undefined {
    return this.files.find(({ path }) => path === this.path);
  }

  /** Whether there is something to compare. */
  get compares(): boolean {
    const { file, content } = this;
    return file !== undefined && isChanged(file) && content !== null && (content.text !== null || content.before !== null);
  }

  get view(): View {
    return this.compares ? this.rather : "text";
  }

  /** The files of an export that was just made; the one that was read stays open. */
  async of(doc: number, files: readonly ExportedFile[]): Promise<void> {
    this.doc = doc;
    this.files = files;
    const first = files.find(isChanged) ?? files.find(({ path }) => /^readme\.md$/i.test(path)) ?? files[0];
    const path = this.file === undefined ? (first?.path ?? null) : this.path;
    if (path === null) this.close();
    else await this.open(path);
  }

  async open(path: string): Promise<void> {
    if (path !== this.path) this.content = null;
    this.path = path;
    this.error = null;
    await this.asking.ask(
      () => rpc("export.file", { doc: this.doc, path }),
      (content) => (this.content = content),
      (error) => (this.error = faultWords(error)),
    );
  }

  close(): void {
    this.asking.drop();
    this.path = null;
    this.content = null;
    this.error = null;
    this.files = [];
  }
}

export const reading = new Reading();
