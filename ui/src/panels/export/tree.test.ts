import { describe, expect, it } from "vitest";
import { folderOf } from "./tree";

describe("exported files", () => {
  it("are a tree, folders first", () => {
    const file = (path: string) => ({ path, text: "", bytes: 0 });
    const root = folderOf([file("domain.yml"), file("data/rules.yml"), file("data/nlu.yml"), file("actions/policy.py")]);
    expect(root.folders.map(({ name }) => name)).toEqual(["actions", "data"]);
    expect(root.folders[1]?.files.map(({ path }) => path)).toEqual(["data/nlu.yml", "data/rules.yml"]);
    expect(root.files.map(({ path }) => path)).toEqual(["domain.yml"]);
  });
});
