/**
 * What is open and what is looked at. Panels read this state and change the document
 * through `edit` alone; nothing here knows a component.
 */
import { tick } from "svelte";
import * as commands from "../document/commands";
import type { Diff } from "../document/diff";
import type { Step, Where } from "../document/history";
import type { Drawn, Problem } from "../document/problems";
import { get, EMPTY_MAP, pointer, text, type Json, type Path } from "../document/tree";
import { SECTION_OF, type Name } from "../document/schema";
import { OpenDocument, type Core, type Edit } from "../document/store";
import { codeOf, recall, remember, rpc, RpcError, startedWith, toRpcError, type AppStart, type DocOpen, type DocOpened, type ProjectImported } from "../platform";
import { t } from "../text";
import { said } from "../text/core";
import { Latest } from "./common/latest.svelte";
import { faultWords } from "./common/fault";
import type { Painted } from "./graph";

export type PlaceId = "design" | "register" | "test" | "routing" | "export" | "audit" | "history";
export type DrawerId = "problems" | "preview" | "talk";

export interface VocabularyAt {
  readonly name: Name;
  readonly id: string | null;
}

/** A field that should come into view and take the focus. */
export interface FocusRequest {
  readonly path: Path;
  readonly span: readonly [number, number] | null;
  readonly count: number;
}

export interface Toast {
  readonly id: number;
  /** A later toast about the same takes its place. */
  readonly about?: string;
  readonly words: string;
  readonly tone: "info" | "good" | "bad";
  readonly action?: { readonly title: string; run(): void };
}

export interface BannerAction {
  readonly title: string;
  readonly testid?: string;
  run(): void;
}

export interface Banner {
  readonly words: string;
  readonly detail?: string;
  readonly actions: readonly BannerAction[];
}

/** What the shell gives once the canvas stands. */
export interface CanvasPort {
  fit(): void;
  reveal(id: string): void;
  zoomTo(ids: readonly string[]): void;
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  center(): { readonly x: number; readonly y: number };
  focus(): void;
}

/** What dialogs show. */
export const FLOW_FILES = [{ name: t.shell.flowFiles, extensions: ["json"] }] as const;

class Session {
  app = $state.raw<AppStart | null>(null);
  document = $state.raw<OpenDocument | null>(null);
  doc = $state(-1);
  tree = $state.raw<Json>(EMPTY_MAP);
  problems = $state.raw<readonly Problem[]>([]);
  /** Edges that no values take. */
  infeasible = $state.raw<readonly Drawn[]>([]);
  path = $state<string | null>(null);
  dirty = $state(false);
  saving = $state(false);
  savedAt = $state<string | null>(null);
  undoTitle = $state<string | null>(null);
  redoTitle = $state<string | null>(null);
  readonly = $state(false);
  version = $state(0);

  place = $state<PlaceId>("design");
  drawer = $state<DrawerId | null>("problems");
  /** The drawer takes nearly all of the place, for who reads rather than draws. */
  drawerTall = $state(false);
  vocabularyOpen = $state(recall("vocabulary") === "open");
  vocabulary = $state.raw<VocabularyAt>({ name: "context", id: null });
  selection = $state.raw<readonly string[]>([]);
  trigger = $state<string | null>(null);
  /** Cards that are being drawn or edited and were not left yet: their badges stay hollow. */
  unfinished = $state.raw<ReadonlySet<string>>(new Set());
  focusOn = $state.raw<FocusRequest | null>(null);
  outline = $state(false);
  lanes = $state(recall("lanes") !== "off");
  litPath = $state.raw<{ readonly nodes: ReadonlySet<string>; readonly edges: ReadonlySet<string>; readonly triggers: ReadonlySet<string> } | null>(null);

  /** What an import says of itself; only while the flow that it gave is open. */
  imported = $state.raw<ProjectImported | null>(null);

  /** What a replay reached, painted on the canvas until it is taken off or another flow is opened. */
  coverage = $state.raw<Painted | null>(null);

  toasts = $state.raw<readonly Toast[]>([]);
  banner = $state.raw<Banner | null>(null);
  said = $state("");
  busy = $state<string | null>(null);
  canvas = $state.raw<CanvasPort | null>(null);

  private readonly byPath = $derived(indexProblems(this.problems));

  private stop: (() => void) | null = null;
  private nextToast = 1;
  private focusCount = 0;
  private readonly opening = new Latest(() => null);
  private readonly tidying = new Latest(() => this.doc);

  get open(): boolean {
    return this.document !== null;
  }

  get title(): string {
    return text(this.tree, ["title"]) || text(this.tree, ["id"]) || t.shell.untitled;
  }

  get fileName(): string {
    return this.path === null ? t.shell.notSavedYet : (this.path.split(/[\\/]/).pop() ?? this.path);
  }

  /** The problems that stand exactly at a path. */
  problemsAt(path: Path): readonly Problem[] {
    return this.byPath.get(pointer(path)) ?? [];
  }

  async start(): Promise<void> {
    try {
      this.app = await rpc("app.start", {});
      const { path, template } = await startedWith(this.app.open);
      if (path !== null) await this.openDocument({ path });
      else if (template !== null) await this.openDocument({ template });
    } catch (error) {
      this.failed(t.shell.startFailed, error, [{ title: t.shell.tryAgain, run: () => void this.start() }]);
    }
  }

  openDocument(what: DocOpen): Promise<boolean> {
    return this.openBy(() => rpc("doc.open", what), t.shell.opening, t.shell.openFailed);
  }

  /** Opens the flow that another tool's project becomes; what it says of itself stands above the problems. */
  async importProject(path: string): Promise<boolean> {
    let found: ProjectImported | null = null;
    const read = async (): Promise<DocOpened> => {
      const imported = await rpc("project.import", { path });
      found = imported;
      return imported.opened;
    };
    const done = await this.openBy(read, t.projects.reading, t.projects.failed, true);
    if (!done || found === null) return false;
    this.imported = found;
    this.place = "design";
    this.drawer = "problems";
    return true;
  }

  /** What is `made` just now stands in no file yet: it is unsaved from the start. */
  private async openBy(read: () => Promise<DocOpened>, busy: string, failed: string, made = false): Promise<boolean> {
    const wanted = this.opening.begin();
    this.busy = busy;
    try {
      const opened = await read();
      if (wanted()) await this.leave();
      if (!wanted()) {
        // Another one was asked for meanwhile.
        await rpc("doc.close", { doc: opened.doc }).catch(() => null);
        return false;
      }
      this.enter(opened.doc, new OpenDocument(made ? { ...opened, recovered: true } : opened, this.core(opened.doc)));
      this.banner = null;
      if (opened.recovered) this.toast(t.shell.recovered, "good");
      return true;
    } catch (error) {
      if (wanted()) this.failed(failed, error, []);
      return false;
    } finally {
      if (wanted()) this.busy = null;
    }
  }

  async closeDocument(): Promise<void> {
    const wanted = this.opening.begin();
    this.busy = null;
    await this.leave();
    if (!wanted()) return;
    this.document = null;
    this.doc = -1;
    this.tree = EMPTY_MAP;
    this.place = "design";
    this.problems = [];
    this.infeasible = [];
    this.path = null;
    this.dirty = false;
    this.undoTitle = null;
    this.redoTitle = null;
  }

  /** Saves; says so, or says why not and what can be done. */
  async save(path?: string, overwrite = false): Promise<boolean> {
    const document = this.document;
    if (!document) return false;
    const target = path ?? (document.path === null ? await this.askPath() : undefined);
    if (target === null) return false;
    try {
      if (overwrite) await this.overwrite(target ?? document.path ?? "");
      else await document.save(target);
      this.banner = null;
      this.say(t.shell.savedNow(this.fileName));
      void this.refreshRecent();
      return true;
    } catch (error) {
      this.saveFailed(error);
      return false;
    }
  }

  async saveAs(): Promise<boolean> {
    const path = await this.askPath();
    return path === null ? false : this.save(path);
  }

  edit(edit: Edit): boolean {
    const before = this.tree;
    const done = this.document?.edit(edit) ?? false;
    if (done && edit.select) {
      this.select(edit.select);
      this.unfinished = new Set(edit.select.filter((id) => get(before, ["nodes", id]) === undefined));
    } else if (done) this.draw(edit);
    if (this.readonly && edit.diff.length > 0) this.toast(t.shell.readonly, "bad");
    return done;
  }

  /** A card that is edited while it is the one looked at is being drawn until it is left. */
  private draw({ diff, where }: Edit): void {
    const [only] = this.selection;
    if (only === undefined || this.selection.length > 1 || where.node !== only || this.unfinished.has(only)) return;
    if (diff.some(({ path: [section, id] }) => section === "nodes" && id === only)) this.unfinished = new Set([...this.unfinished, only]);
  }

  seal(): void {
    this.document?.seal();
  }

  undo(): void {
    const step = this.document?.undo();
    if (step) this.told(t.shell.undone(step.title), step);
  }

  redo(): void {
    const step = this.document?.redo();
    if (step) this.told(t.shell.redone(step.title), step);
  }

  select(ids: readonly string[]): void {
    this.selection = ids;
    this.trigger = null;
    if (this.unfinished.size > 0) this.unfinished = new Set([...this.unfinished].filter((id) => ids.includes(id)));
  }

  selectTrigger(id: string | null): void {
    this.select([]);
    this.trigger = id;
  }

  /** Shows the card, trigger or entry that a path belongs to, and its field. */
  goTo(path: Path, span: readonly [number, number] | null = null): void {
    const [section, id] = path;
    this.place = "design";
    if (section === "nodes" && id !== undefined) this.reveal(id);
    else if (section === "triggers" && id !== undefined) this.selectTrigger(id);
    else if (section !== undefined) this.showVocabulary(section, id ?? null);
    this.focusCount += 1;
    this.focusOn = { path, span, count: this.focusCount };
  }

  reveal(id: string): void {
    if (get(this.tree, ["nodes", id]) === undefined) return;
    this.place = "design";
    this.select([id]);
    this.canvas?.reveal(id);
  }

  showVocabulary(section: string, id: string | null): void {
    const found = (Object.entries(SECTION_OF) as [Name, string][]).find(([, name]) => name === section);
    if (!found) return;
    this.vocabulary = { name: found[0], id };
    this.setVocabularyOpen(true);
  }

  setVocabularyOpen(open: boolean): void {
    this.vocabularyOpen = open;
    remember("vocabulary", open ? "open" : "closed");
  }

  setLanes(on: boolean): void {
    this.lanes = on;
    remember("lanes", on ? "on" : "off");
  }

  applyFix(problem: Problem): void {
    const fix = problem.fix;
    if (!fix) return;
    const where: Where = { ...(problem.node ? { node: problem.node } : {}), ...(problem.trigger ? { trigger: problem.trigger } : {}) };
    const { unfinished } = this;
    const title = said(fix.title, fix.said);
    const done = this.edit({ title: t.edits.fixed(title), where, diff: fix.diff as Diff });
    // A fix is whole: it leaves nothing half drawn.
    this.unfinished = unfinished;
    if (done) this.toast(t.edits.fixed(title), "good", { title: t.shell.undo, run: () => this.undo() });
  }

  async tidy(): Promise<void> {
    if (!this.open) return;
    const tidied = await this.tidying.ask(
      async () => rpc("layout.tidy", { doc: await this.settled() }),
      ({ positions }) => this.edit(commands.tidy(this.tree, positions)),
      (error) => this.failed(t.shell.tidyFailed, error, []),
    );
    if (!tidied) return;
    await tick();
    this.canvas?.fit();
  }

  /** Waits until the core has every edit of the flow that was open, and gives its number; fails where another one is open by then. */
  async settled(doc = this.doc): Promise<number> {
    await this.document?.settled();
    if (this.doc !== doc) throw new RpcError("other-flow", t.shell.otherFlow);
    return doc;
  }

  toast(words: string, tone: Toast["tone"] = "info", action?: Toast["action"], about?: string): void {
    const id = this.nextToast++;
    const others = this.toasts.filter((toast) => about === undefined || toast.about !== about).slice(-2);
    this.toasts = [...others, { id, words, tone, ...(action ? { action } : {}), ...(about === undefined ? {} : { about }) }];
    this.say(words);
    setTimeout(() => this.dismiss(id), action ? 9000 : about === undefined ? 5000 : 3000);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  /** Words for the screen reader's live region. */
  say(words: string): void {
    this.said = this.said === words ? `${words}\u00a0` : words;
  }

  failed(words: string, error: unknown, actions: readonly BannerAction[]): void {
    const detail = detailOf(error);
    this.banner = { words, detail, actions };
    this.say(`${words} ${detail}`);
  }

  async refreshRecent(): Promise<void> {
    const app = this.app;
    if (!app) return;
    const fresh = await rpc("app.start", {}).catch(() => null);
    if (fresh) this.app = { ...app, recent: fresh.recent };
  }

  private told(words: string, step: Step): void {
    this.toast(words, "info", undefined, "history");
    // The register shows what it undoes by itself.
    if (this.place === "register") return;
    const { node, trigger, path } = step.where;
    if (node !== undefined && get(this.tree, ["nodes", node]) !== undefined) this.reveal(node);
    else if (trigger !== undefined && get(this.tree, ["triggers", trigger]) !== undefined) this.selectTrigger(trigger);
    else if (path !== undefined && path.length > 1) this.showVocabulary(path[0] ?? "", path[1] ?? null);
  }

  private core(doc: number): Core {
    return {
      apply: (diff, revision) => rpc("doc.apply", { doc, diff, revision }),
      save: (path) => rpc("doc.save", path === undefined ? { doc } : { doc, path }),
    };
  }

  private enter(doc: number, document: OpenDocument): void {
    this.document = document;
    this.doc = doc;
    this.stop = document.subscribe(() => this.pull());
    this.select([]);
    this.litPath = null;
    this.coverage = null;
    this.place = "design";
    this.pull();
    this.say(t.shell.opened(this.title));
    void this.refreshRecent();
  }

  private async leave(): Promise<void> {
    this.stop?.();
    this.stop = null;
    if (this.document) await rpc("doc.close", { doc: this.doc }).catch(() => null);
  }

  private pull(): void {
    const document = this.document;
    if (!document) return;
    this.tree = document.tree;
    this.problems = document.problems;
    this.infeasible = document.infeasible;
    this.path = document.path;
    this.dirty = document.dirty;
    this.saving = document.saving;
    this.savedAt = document.savedAt;
    this.readonly = document.readonly;
    this.version = document.version;
    this.undoTitle = document.past[document.past.length - 1]?.title ?? null;
    this.redoTitle = document.future[document.future.length - 1]?.title ?? null;
    const left = this.selection.filter((id) => get(this.tree, ["nodes", id]) !== undefined);
    if (left.length !== this.selection.length) this.selection = left;
    if (this.trigger !== null && get(this.tree, ["triggers", this.trigger]) === undefined) this.trigger = null;
    if (document.outOfStep) this.failed(t.shell.outOfStep, document.outOfStep, [{ title: t.shell.sendAgain, run: () => void this.resend() }]);
  }

  private async resend(): Promise<void> {
    this.banner = null;
    await this.document?.resend();
  }

  private async askPath(): Promise<string | null> {
    const suggested = `${text(this.tree, ["id"]) || "flow"}.flow.json`;
    try {
      return (await rpc("window.save_dialog", { title: t.shell.saveAs, name: suggested, filters: FLOW_FILES })).path;
    } catch (error) {
      this.failed(t.shell.saveFailed, error, []);
      return null;
    }
  }

  private async overwrite(path: string): Promise<void> {
    const { doc, document } = this;
    if (!document) return;
    await document.settled();
    await document.saveBy(() => rpc("doc.save", path === "" ? { doc, overwrite: true } : { doc, path, overwrite: true }));
  }

  private saveFailed(error: unknown): void {
    if (codeOf(error) !== "file-changed-on-disk") {
      this.failed(t.shell.saveFailed, error, [{ title: t.shell.saveAs, testid: "banner-save-as", run: () => void this.saveAs() }]);
      return;
    }
    this.failed(t.shell.changedOnDisk, error, [
      { title: t.shell.saveAs, testid: "banner-save-as", run: () => void this.saveAs() },
      { title: t.shell.overwrite, testid: "banner-overwrite", run: () => void this.save(undefined, true) },
      { title: t.shell.reload, testid: "banner-reload", run: () => void this.reload() },
    ]);
  }

  private async reload(): Promise<void> {
    if (this.path !== null) await this.openDocument({ path: this.path });
  }
}

/** A refusal in words, with the places in a file that cannot be read. */
function detailOf(error: unknown): string {
  const refused = toRpcError(error);
  const problems = placed(refused.details);
  return problems.length === 0 ? faultWords(error) : problems.join("\n");
}

function placed(details: unknown): string[] {
  if (typeof details !== "object" || details === null || !("problems" in details) || !Array.isArray(details.problems)) return [];
  return (details.problems as readonly Partial<Problem>[])
    .filter(({ severity }) => severity === "error")
    .slice(0, MOST_TOLD)
    .map(({ message = "", line, column }) => (line === undefined ? message : `${t.shell.at(line, column ?? 1)} ${message}`));
}

const MOST_TOLD = 5;

function indexProblems(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) found.set(problem.path, [...(found.get(problem.path) ?? []), problem]);
  return found;
}

export const session = new Session();

/** Answers about the flow that is open. */
export function latest(): Latest {
  return new Latest(() => session.doc);
}
