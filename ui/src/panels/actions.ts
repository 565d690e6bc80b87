/** Every command of the window, with its key: menus, buttons, palette and keyboard read this list. */
import { tick } from "svelte";
import * as commands from "../document/commands";
import { inOrder, problemPath } from "../document/problems";
import { KINDS as KIND_IDS, SECTION_OF, type Name } from "../document/schema";
import { keys, get, text } from "../document/tree";
import { about, KINDS, kindName } from "../kinds";
import { remember, rpc } from "../platform";
import { language, t } from "../text";
import { keyLabel } from "./keys";
import { preview } from "./preview/preview.svelte";
import { register } from "./register/register.svelte";
import { FLOW_FILES, session, type DrawerId, type PlaceId } from "./session.svelte";
import { TABS, test } from "./test/test.svelte";
import { theme } from "./theme.svelte";
import { windows } from "./windows.svelte";

export type Group = "file" | "edit" | "view" | "preview" | "test" | "place" | "add";

export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  readonly keys?: string;
  /** The key works only while nothing is being typed. */
  readonly bare?: true;
  readonly enabled: boolean;
  run(): void;
}

export const PLACES: readonly PlaceId[] = ["design", "register", "test", "routing", "export", "audit", "history"];

/** Asks about unsaved changes; says whether the open flow may go. */
export async function mayLeave(): Promise<boolean> {
  if (!session.dirty) return true;
  const answer = await windows.ask(t.unsaved.title, t.unsaved.words(session.title), [
    { id: "save", title: t.unsaved.save, tone: "primary" },
    { id: "discard", title: t.unsaved.discard, tone: "danger" },
  ]);
  if (answer === "save") return session.save();
  return answer === "discard";
}

export async function openByDialog(): Promise<void> {
  try {
    const { path } = await rpc("window.open_dialog", { title: t.welcome.open, filters: FLOW_FILES });
    if (path !== null && (await mayLeave())) await session.openDocument({ path });
  } catch (error) {
    session.failed(t.shell.openFailed, error, []);
  }
}

/** Opens what another tool exported: a zip or one file, or a folder. */
export async function importByDialog(what: "file" | "folder"): Promise<void> {
  try {
    const title = what === "file" ? t.projects.importFile : t.projects.importFolder;
    const { path } = what === "file" ? await rpc("window.open_dialog", { title }) : await rpc("window.folder_dialog", { title });
    if (path !== null && (await mayLeave())) await session.importProject(path);
  } catch (error) {
    session.failed(t.projects.failed, error, []);
  }
}

/** What was dropped on the window: a flow is opened, anything else is another tool's project. What is asked comes first. */
export async function openDropped(paths: readonly string[]): Promise<void> {
  const [path] = paths;
  if (path === undefined || windows.question !== null || session.busy !== null) return;
  if (paths.length > 1) session.toast(t.projects.oneAtATime, "bad");
  else if (path.endsWith(".flow.json")) await openRecent(path);
  else if (await mayLeave()) await session.importProject(path);
}

export async function openRecent(path: string): Promise<void> {
  if (await mayLeave()) await session.openDocument({ path });
}

export async function newFrom(template: string | null): Promise<void> {
  if (!(await mayLeave())) return;
  windows.templates = false;
  const opened = await session.openDocument(template === null ? { text: EMPTY_FLOW, name: "new_flow" } : { template });
  // Nobody has drawn anything yet: what is missing is not held against them.
  if (opened && template === null) session.unfinished = new Set(["start"]);
}

const EMPTY_FLOW = `{
  "format": "handoff-flow/1",
  "id": "new_flow",
  "nodes": { "start": { "kind": "start" } },
  "layout": { "start": [0, 0] }
}
`;

async function close(): Promise<void> {
  if (await mayLeave()) await session.closeDocument();
}

export function addCard(kind: string, at = freePlace(session.canvas?.center() ?? { x: 0, y: 0 }), from?: commands.PortRef): void {
  const found = KINDS.find(({ id }) => id === kind);
  if (!found) return;
  const added = commands.addNode(session.tree, found.create(about(session.tree)), at, from);
  session.place = "design";
  session.edit(added.edit);
  // The canvas draws it first.
  void tick().then(() => session.canvas?.reveal(added.id));
}

/** So far apart two cards never lie over each other, in document units. */
const APART = { x: 208, y: 88 };
const MOST_TRIES = 60;

/** The nearest place below `at` that no card has. */
function freePlace(at: commands.Point): commands.Point {
  const taken = nodeIds().flatMap((id) => commands.positionOf(session.tree, id) ?? []);
  const over = (y: number) => taken.some((other) => Math.abs(other.x - at.x) < APART.x && Math.abs(other.y - y) < APART.y);
  let { y } = at;
  for (let tries = 0; tries < MOST_TRIES && over(y); tries += 1) y += APART.y;
  return { x: at.x, y };
}

export function addTrigger(): void {
  const added = commands.addName(session.tree, "trigger");
  session.place = "design";
  session.edit(added.edit);
  session.selectTrigger(added.id);
}

export function addName(name: Name, wanted?: string): void {
  const added = commands.addName(session.tree, name, wanted);
  session.edit(added.edit);
  session.showVocabulary(SECTION_OF[name], added.id);
}

export function removeSelected(): void {
  if (session.trigger !== null) session.edit(commands.removeName(session.tree, "trigger", session.trigger));
  else if (session.selection.length > 0) session.edit(commands.removeNodes(session.tree, session.selection));
}

export function duplicateSelected(): void {
  const copied = commands.duplicate(session.tree, session.selection);
  if (copied) session.edit(copied.edit);
}

export function copySelected(): string | null {
  if (session.selection.length === 0) return null;
  session.say(t.shell.copied(session.selection.length));
  return commands.copyText(session.tree, session.selection);
}

export function pasteText(source: string): boolean {
  const pasted = commands.paste(session.tree, source, session.canvas?.center());
  if (!pasted) return false;
  return session.edit(pasted.edit);
}

let problemAt = -1;

export function nextProblem(): void {
  const problems = inOrder(session.problems);
  if (problems.length === 0) return;
  problemAt = (problemAt + 1) % problems.length;
  const problem = problems[problemAt];
  if (problem) session.goTo(problemPath(problem), problem.span ?? null);
}

export function showDrawer(drawer: DrawerId): void {
  session.place = "design";
  session.drawer = session.drawer === drawer ? null : drawer;
}

/** The list as it is now; titles say what undo would undo. */
export function actions(): Action[] {
  return [...fileActions(), ...editActions(), ...viewActions(), ...previewActions(), ...testActions(), ...placeActions(), ...addActions()];
}

function fileActions(): Action[] {
  const open = session.open;
  return [
    { id: "file.new", title: t.actions.newFlow, group: "file", keys: "Mod+N", enabled: true, run: () => (windows.templates = true) },
    { id: "file.open", title: t.actions.openFlow, group: "file", keys: "Mod+O", enabled: true, run: () => void openByDialog() },
    { id: "file.import-file", title: t.projects.importFile, group: "file", enabled: true, run: () => void importByDialog("file") },
    { id: "file.import-folder", title: t.projects.importFolder, group: "file", enabled: true, run: () => void importByDialog("folder") },
    { id: "file.save", title: t.actions.save, group: "file", keys: "Mod+S", enabled: open, run: () => void session.save() },
    { id: "file.save-as", title: t.actions.saveAs, group: "file", keys: "Mod+Shift+S", enabled: open, run: () => void session.saveAs() },
    { id: "file.register-csv", title: t.register.csv, group: "file", enabled: open, run: () => void register.writeTable("csv") },
    { id: "file.register-html", title: t.register.html, group: "file", enabled: open, run: () => void register.writeTable("html") },
    { id: "file.deck-out", title: t.register.deckOut, group: "file", enabled: open, run: () => void register.deckOut() },
    { id: "file.deck-in", title: t.register.deckIn, group: "file", enabled: open && !session.readonly, run: () => void register.deckIn() },
    { id: "file.publish", title: t.register.publish, group: "file", enabled: open, run: () => void register.publish() },
    { id: "file.close", title: t.actions.closeFlow, group: "file", keys: "Mod+W", enabled: open, run: () => void close() },
  ];
}

function editActions(): Action[] {
  const open = session.open;
  const some = session.selection.length > 0;
  return [
    { id: "edit.undo", title: t.actions.undo(session.undoTitle), group: "edit", keys: "Mod+Z", enabled: session.undoTitle !== null, run: () => session.undo() },
    { id: "edit.redo", title: t.actions.redo(session.redoTitle), group: "edit", keys: "Mod+Shift+Z", enabled: session.redoTitle !== null, run: () => session.redo() },
    { id: "edit.duplicate", title: t.actions.duplicate, group: "edit", keys: "Mod+D", enabled: some, run: duplicateSelected },
    { id: "edit.remove", title: t.actions.remove, group: "edit", keys: "Delete", bare: true, enabled: some || session.trigger !== null, run: removeSelected },
    { id: "edit.tidy", title: t.actions.tidy, group: "edit", keys: "Mod+Shift+T", enabled: open, run: () => void session.tidy() },
    {
      id: "edit.next-problem",
      title: t.actions.nextProblem,
      group: "edit",
      keys: "F8",
      enabled: session.problems.length > 0,
      run: nextProblem,
    },
  ];
}

function viewActions(): Action[] {
  const open = session.open;
  const canvas = session.canvas;
  const design = canvas !== null && session.place === "design";
  return [
    { id: "view.palette", title: t.actions.palette, group: "view", keys: "Mod+K", enabled: true, run: () => (windows.palette = true) },
    { id: "view.vocabulary", title: t.actions.vocabulary, group: "view", keys: "Mod+B", enabled: open, run: () => session.setVocabularyOpen(!session.vocabularyOpen) },
    { id: "view.problems", title: t.actions.problems, group: "view", keys: "Mod+Shift+M", enabled: open, run: () => showDrawer("problems") },
    { id: "view.preview", title: t.actions.preview, group: "view", keys: "Mod+P", enabled: open, run: () => showDrawer("preview") },
    { id: "view.talk", title: t.actions.talk, group: "view", keys: "Mod+T", enabled: open, run: () => showDrawer("talk") },
    { id: "view.drawer", title: t.actions.drawer, group: "view", keys: "Mod+J", enabled: open, run: () => showDrawer(session.drawer ?? "problems") },
    { id: "view.drawer-tall", title: t.actions.drawerTall, group: "view", keys: "Mod+Shift+J", enabled: open && session.drawer !== null, run: () => (session.drawerTall = !session.drawerTall) },
    { id: "view.outline", title: t.actions.outline, group: "view", keys: "Mod+Shift+O", enabled: design, run: () => (session.outline = !session.outline) },
    { id: "view.fit", title: t.actions.fit, group: "view", keys: "Mod+0", enabled: design, run: () => canvas?.fit() },
    { id: "view.zoom-in", title: t.actions.zoomIn, group: "view", keys: "Mod+=", enabled: design, run: () => canvas?.zoomIn() },
    { id: "view.zoom-out", title: t.actions.zoomOut, group: "view", keys: "Mod+-", enabled: design, run: () => canvas?.zoomOut() },
    { id: "view.zoom-reset", title: t.actions.zoomReset, group: "view", keys: "Mod+Alt+0", enabled: design, run: () => canvas?.zoomReset() },
    { id: "view.lanes", title: t.actions.lanes, group: "view", keys: "Mod+L", enabled: open, run: () => session.setLanes(!session.lanes) },
    { id: "view.focus-canvas", title: t.actions.focusCanvas, group: "view", keys: "F6", enabled: design, run: () => canvas?.focus() },
    { id: "view.theme", title: t.actions.theme, group: "view", keys: "Mod+Shift+L", enabled: true, run: () => theme.toggle() },
    { id: "view.language", title: t.actions.language, group: "view", enabled: true, run: otherLanguage },
    { id: "view.keys", title: t.keyring.open, group: "view", enabled: true, run: () => (windows.keys = true) },
    { id: "view.shortcuts", title: t.actions.shortcuts, group: "view", keys: "F1", enabled: true, run: () => (windows.shortcuts = true) },
  ];
}

/** Words are read once, at the start; what is open stays as it is. */
function otherLanguage(): void {
  remember("language", language === "de" ? "en" : "de");
  session.toast(t.actions.languageNext);
}

/** Walking through a previewed conversation. */
function previewActions(): Action[] {
  const shown = session.place === "design" && session.drawer === "preview" && preview.result !== null;
  const walk = (id: string, title: string, keys: string, to: number): Action => ({ id: `preview.${id}`, title, group: "preview", keys, enabled: shown, run: () => preview.go(to) });
  return [
    walk("first", t.preview.first, "Alt+Home", 0),
    walk("previous", t.preview.previous, "Alt+PageUp", preview.at - 1),
    walk("next", t.preview.next, "Alt+PageDown", preview.at + 1),
    walk("last", t.preview.last, "Alt+End", preview.last),
    { id: "preview.handoff-previous", title: t.preview.earlier, group: "preview", keys: "Alt+Shift+PageUp", enabled: shown && preview.made > 1, run: () => preview.stepHandoff(-1) },
    { id: "preview.handoff-next", title: t.preview.later, group: "preview", keys: "Alt+Shift+PageDown", enabled: shown && preview.made > 1, run: () => preview.stepHandoff(1) },
    { id: "preview.why-not", title: t.whyNot.ask, group: "preview", keys: "Alt+W", enabled: shown, run: () => (preview.wonders += 1) },
    { id: "preview.vcon", title: t.files.vcon, group: "preview", enabled: shown, run: () => void preview.saveVcon() },
    { id: "preview.reset", title: t.preview.reset, group: "preview", keys: "Alt+Backspace", enabled: shown && preview.changed, run: () => preview.back() },
  ];
}

/** The place where conversations are replayed. */
function testActions(): Action[] {
  const here = session.place === "test" && session.open;
  const some = here && test.chosen.length > 0;
  const reading = here && test.tab === "read" && test.reading !== null;
  const tabs = TABS.map((tab, index) => ({ id: `test.${tab}-tab`, title: t.test.tab[tab], group: "test" as const, keys: `Alt+Shift+${index + 1}`, enabled: here, run: () => (test.tab = tab) }));
  return [
    { id: "test.replay", title: t.test.replay, group: "test", keys: "Mod+Enter", enabled: some && !test.replaying.running, run: () => void test.replay() },
    { id: "test.import", title: t.test.import, group: "test", keys: "Alt+I", enabled: here, run: () => test.toImport() },
    { id: "test.paint", title: t.test.paint, group: "test", keys: "Mod+Shift+P", enabled: session.open && test.result !== null, run: () => test.show() },
    { id: "test.coverage-off", title: t.test.unpaint, group: "test", enabled: session.coverage !== null, run: () => (session.coverage = null) },
    { id: "test.compare", title: t.test.compare, group: "test", enabled: some, run: () => test.startCompare() },
    { id: "test.draw", title: t.test.sweep, group: "test", enabled: some, run: () => test.startSweep() },
    { id: "test.previous", title: t.test.previous, group: "test", keys: "Alt+ArrowUp", enabled: reading, run: () => void test.walk(-1) },
    { id: "test.next", title: t.test.next, group: "test", keys: "Alt+ArrowDown", enabled: reading, run: () => void test.walk(1) },
    { id: "test.unlabelled", title: t.test.nextUnlabelled, group: "test", keys: "Alt+N", enabled: reading, run: () => void test.walkUnlabelled() },
    ...tabs,
  ];
}

function placeActions(): Action[] {
  return PLACES.map((id, index) => ({
    id: `place.${id}`,
    title: t.actions.place(t.places[id]),
    group: "place" as const,
    keys: `Mod+${index + 1}`,
    enabled: true,
    run: () => (session.place = id),
  }));
}

function addActions(): Action[] {
  const open = session.open;
  const cards = KIND_IDS.map((kind) => ({
    id: `add.${kind}`,
    title: t.actions.addCard(kindName(kind)),
    group: "add" as const,
    enabled: open,
    run: () => addCard(kind),
  }));
  const names = (Object.keys(SECTION_OF) as Name[])
    .filter((name) => name !== "node" && name !== "trigger")
    .map((name) => ({ id: `add.${name}`, title: t.actions.addName(t.names[name]), group: "add" as const, enabled: open, run: () => addName(name) }));
  const trigger = { id: "add.trigger", title: t.actions.addTrigger, group: "add" as const, keys: "Mod+Shift+A", enabled: open, run: addTrigger };
  return [...cards, trigger, ...names];
}

/** `Save (Ctrl+S)` for a tooltip. */
export function tooltip(id: string, title?: string): string {
  const action = actions().find((one) => one.id === id);
  if (!action) return title ?? "";
  return action.keys === undefined ? (title ?? action.title) : `${title ?? action.title} (${keyLabel(action.keys)})`;
}

/** The ids of all cards, in the order of the file. */
export function nodeIds(): string[] {
  return keys(get(session.tree, ["nodes"]));
}

export function entryTitle(section: string, id: string): string {
  return text(session.tree, [section, id, "title"]) || id;
}
