/** Paths of exported files as the rows of a tree: folders first, each in its own order, and how keys walk them. */
import type { ExportedFile } from "../../platform";

export interface Folder {
  readonly name: string;
  readonly path: string;
  readonly folders: readonly Folder[];
  readonly files: readonly ExportedFile[];
  /** Whether something in it is otherwise than in the last export. */
  readonly changed: boolean;
}

/** A row of the tree. */
export interface Row {
  /** The path; that of a folder ends in `/`. */
  readonly id: string;
  readonly name: string;
  /** From 1. */
  readonly level: number;
  /** Its place among those beside it, from 1, and how many these are. */
  readonly place: number;
  readonly size: number;
  /** The row of its folder; -1 at the top. */
  readonly parent: number;
  readonly open: boolean;
  readonly file: ExportedFile | null;
  readonly changed: boolean;
}

/** Trees of up to so many files are open at first. */
const OPEN_AT_ONCE = 150;

interface Making {
  readonly name: string;
  readonly path: string;
  readonly folders: Map<string, Making>;
  readonly files: ExportedFile[];
}

export function folderOf(files: readonly ExportedFile[]): Folder {
  const root: Making = { name: "", path: "", folders: new Map(), files: [] };
  for (const file of files) {
    let at = root;
    for (const name of file.path.split("/").slice(0, -1)) {
      const path = at.path === "" ? name : `${at.path}/${name}`;
      const inner = at.folders.get(name) ?? { name, path, folders: new Map(), files: [] };
      at.folders.set(name, inner);
      at = inner;
    }
    at.files.push(file);
  }
  return finished(root);
}

function finished(made: Making): Folder {
  const folders = [...made.folders.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(finished);
  const files = [...made.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const changed = folders.some((folder) => folder.changed) || files.some(isChanged);
  return { name: made.name, path: made.path, folders, files, changed };
}

export function isChanged({ change }: ExportedFile): boolean {
  return change !== null && change !== "same";
}

export function fileName(path: string): string {
  return path.split("/").pop() ?? path;
}

/** The files that a search and a wish for changes alone leave. */
export function wanted(files: readonly ExportedFile[], query: string, onlyChanges: boolean): readonly ExportedFile[] {
  const needle = query.trim().toLowerCase();
  if (needle === "" && !onlyChanges) return files;
  return files.filter((file) => (!onlyChanges || isChanged(file)) && file.path.toLowerCase().includes(needle));
}

/** Which folders are open before anybody says so: all of a small tree, else those where something changed a little. */
export function openAtFirst(files: readonly ExportedFile[]): ReadonlySet<string> {
  const changed = files.filter(isChanged);
  const shown = files.length <= OPEN_AT_ONCE ? files : changed.length <= OPEN_AT_ONCE ? changed : [];
  return new Set(shown.flatMap(({ path }) => foldersOf(path)));
}

/** The folders above a file, the outermost first. */
export function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The rows that are to be seen. */
export function rowsOf(root: Folder, open: ReadonlySet<string> | "all"): Row[] {
  const rows: Row[] = [];
  const add = (folder: Folder, level: number, parent: number): void => {
    const size = folder.folders.length + folder.files.length;
    folder.folders.forEach((inner, index) => {
      const isOpen = open === "all" || open.has(inner.path);
      const at = rows.push({ id: `${inner.path}/`, name: inner.name, level, place: index + 1, size, parent, open: isOpen, file: null, changed: inner.changed }) - 1;
      if (isOpen) add(inner, level + 1, at);
    });
    folder.files.forEach((file, index) => {
      rows.push({ id: file.path, name: fileName(file.path), level, place: folder.folders.length + index + 1, size, parent, open: false, file, changed: isChanged(file) });
    });
  };
  add(root, 1, -1);
  return rows;
}

/** What a key does: goes to a row, or opens or closes the folder at this one. */
export type Walk = { readonly to: number } | { readonly fold: "open" | "close" } | null;

/** Where a key leads from a row; `page` rows are in view. */
export function walk(rows: readonly Row[], at: number, key: string, page: number): Walk {
  const row = rows[at];
  if (row === undefined) return null;
  const to = (index: number): Walk => ({ to: Math.max(0, Math.min(rows.length - 1, index)) });
  switch (key) {
    case "ArrowDown":
      return to(at + 1);
    case "ArrowUp":
      return to(at - 1);
    case "PageDown":
      return to(at + page);
    case "PageUp":
      return to(at - page);
    case "Home":
      return to(0);
    case "End":
      return to(rows.length - 1);
    case "ArrowRight":
      if (row.file !== null) return null;
      return row.open ? to(at + 1) : { fold: "open" };
    case "ArrowLeft":
      if (row.file === null && row.open) return { fold: "close" };
      return row.parent < 0 ? null : to(row.parent);
    default:
      return null;
  }
}

/** The next row whose name begins so; from the row itself on while more is typed, from the next one for a first letter. */
export function typed(rows: readonly Row[], at: number, letters: string): number | null {
  const needle = letters.toLowerCase();
  if (needle === "") return null;
  // The same letter again and again goes from one to the next.
  const again = [...needle].every((letter) => letter === needle[0]);
  const wantedName = again ? (needle[0] ?? "") : needle;
  const first = again ? at + 1 : at;
  for (let step = 0; step < rows.length; step += 1) {
    const index = (first + step) % rows.length;
    if (rows[index]?.name.toLowerCase().startsWith(wantedName)) return index;
  }
  return null;
}
