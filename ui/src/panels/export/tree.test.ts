import { describe, expect, it } from "vitest";
import type { ExportChange, ExportedFile } from "../../platform";
import { folderOf, openAtFirst, rowsOf, typed, walk, wanted } from "./tree";

const file = (path: string, change: ExportChange | null = null): ExportedFile => ({ path, bytes: 0, change, edited: false, foreign: false });
const FILES = [file("domain.yml"), file("data/rules.yml", "changed"), file("data/nlu.yml"), file("actions/policy.py")];

describe("exported files", () => {
  it("are a tree, folders first", () => {
    const root = folderOf(FILES);
    expect(root.folders.map(({ name }) => name)).toEqual(["actions", "data"]);
    expect(root.folders[1]?.files.map(({ path }) => path)).toEqual(["data/nlu.yml", "data/rules.yml"]);
    expect(root.files.map(({ path }) => path)).toEqual(["domain.yml"]);
    expect([root.changed, root.folders[0]?.changed, root.folders[1]?.changed]).toEqual([true, false, true]);
  });

  it("become rows, with the place of each among those beside it", () => {
    const rows = rowsOf(folderOf(FILES), new Set(["data"]));
    expect(rows.map(({ id, level, place, size, parent }) => [id, level, place, size, parent])).toEqual([
      ["actions/", 1, 1, 3, -1],
      ["data/", 1, 2, 3, -1],
      ["data/nlu.yml", 2, 1, 2, 1],
      ["data/rules.yml", 2, 2, 2, 1],
      ["domain.yml", 1, 3, 3, -1],
    ]);
    expect(rowsOf(folderOf(FILES), "all")).toHaveLength(6);
  });

  it("are walked by keys as a tree is", () => {
    const rows = rowsOf(folderOf(FILES), new Set(["data"]));
    expect(walk(rows, 0, "ArrowRight", 10)).toEqual({ fold: "open" });
    expect(walk(rows, 1, "ArrowRight", 10)).toEqual({ to: 2 });
    expect(walk(rows, 1, "ArrowLeft", 10)).toEqual({ fold: "close" });
    expect(walk(rows, 3, "ArrowLeft", 10)).toEqual({ to: 1 });
    expect(walk(rows, 4, "ArrowLeft", 10)).toBeNull();
    expect(walk(rows, 4, "ArrowRight", 10)).toBeNull();
    expect(walk(rows, 0, "PageDown", 3)).toEqual({ to: 3 });
    expect(walk(rows, 2, "End", 3)).toEqual({ to: 4 });
    expect(walk(rows, 0, "ArrowUp", 3)).toEqual({ to: 0 });
    expect(walk(rows, 9, "ArrowUp", 3)).toBeNull();
    expect(walk(rows, 0, "x", 3)).toBeNull();
  });

  it("are found by their first letters", () => {
    const rows = rowsOf(folderOf(FILES), "all");
    const named = (at: number | null): string | undefined => (at === null ? undefined : rows[at]?.name);
    expect(named(typed(rows, 0, "d"))).toBe("data");
    expect(named(typed(rows, 2, "dd"))).toBe("domain.yml");
    expect(named(typed(rows, 2, "do"))).toBe("domain.yml");
    expect(named(typed(rows, 5, "POL"))).toBe("policy.py");
    expect(typed(rows, 0, "zz")).toBeNull();
    expect(typed([], 0, "a")).toBeNull();
  });

  it("are searched, and those that changed can be seen alone", () => {
    expect(wanted(FILES, " POLICY ", false).map(({ path }) => path)).toEqual(["actions/policy.py"]);
    expect(wanted(FILES, "", true).map(({ path }) => path)).toEqual(["data/rules.yml"]);
    expect(wanted(FILES, "nlu", true)).toEqual([]);
  });

  it("open at first where they are few, else where something changed", () => {
    expect([...openAtFirst(FILES)]).toEqual(["data", "actions"]);
    const many = Array.from({ length: 2000 }, (_, index) => file(`pages/${index}/a.json`, index === 7 ? "added" : "same"));
    expect([...openAtFirst(many)]).toEqual(["pages", "pages/7"]);
    expect(openAtFirst(many.map(({ path }) => file(path))).size).toBe(0);
  });

  it("are rows in a moment, two thousand of them", () => {
    const many = Array.from({ length: 2000 }, (_, index) => file(`flows/main/pages/page ${index}.json`));
    expect(rowsOf(folderOf(many), "all")).toHaveLength(2003);
  });
});
