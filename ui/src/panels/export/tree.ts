/** Paths of exported files as a tree, folders first, each in its own order. */
import type { ExportedFile } from "../../platform";

export interface Folder {
  readonly name: string;
  readonly path: string;
  readonly folders: readonly Folder[];
  readonly files: readonly ExportedFile[];
}

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
  return { name: made.name, path: made.path, folders, files };
}

export function fileName(path: string): string {
  return path.split("/").pop() ?? path;
}
