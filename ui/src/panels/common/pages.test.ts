import { describe, expect, it } from "vitest";
import { blocks } from "./markdown";
import { PAGES } from "../../text/core";

const rules = import.meta.glob("../../../../docs/manual/rules/*.md", { query: "?raw", import: "default", eager: true });
const platforms = import.meta.glob("../../../../docs/manual/platforms/*.md", { query: "?raw", import: "default", eager: true });

/** A piece of code is the same in every language. */
function isCode(words: string): boolean {
  return words === "" || /^`[^`]*`\.?$/.test(words);
}

describe("the pages of the manual that the window shows", () => {
  it("have German words for every paragraph of a rule", () => {
    const all = Object.values(rules).flatMap((page) => blocks(String(page)).slice(1).flatMap((block) => ("text" in block ? [block.text] : [])));
    expect(all.length).toBeGreaterThan(300);
    expect([...new Set(all)].filter((words) => !isCode(words) && PAGES[words] === undefined)).toEqual([]);
  });

  it("have German words for every cell and every check of a platform", () => {
    const said = (page: unknown): readonly string[] => blocks(String(page)).flatMap((block) => (block.is === "table" ? block.rows.flat() : block.is === "item" ? [block.text] : []));
    const all = new Set(Object.values(platforms).flatMap(said));
    expect(all.size).toBeGreaterThan(300);
    expect([...all].filter((words) => !isCode(words) && PAGES[words] === undefined)).toEqual([]);
  });
});
