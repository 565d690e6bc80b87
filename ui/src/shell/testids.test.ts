import { describe, expect, it } from "vitest";
import { TEST_IDS } from "./testids";

const sources = import.meta.glob(["../**/*.svelte"], { query: "?raw", import: "default", eager: true });

/** `field-…` stands for any name that begins so. */
function listed(): { readonly whole: ReadonlySet<string>; readonly stems: readonly string[] } {
  const all = Object.values(TEST_IDS).flat() as string[];
  return { whole: new Set(all), stems: all.filter((id) => id.includes("…")).map((id) => id.slice(0, id.indexOf("…"))) };
}

describe("the names for tests of the window", () => {
  it("are all listed", () => {
    const { whole, stems } = listed();
    const used = Object.entries(sources).flatMap(([file, source]) =>
      file.includes("/canvas/") ? [] : Array.from(String(source).matchAll(/(?:data-)?testid="([^"]+)"/g), (hit) => hit[1] ?? ""),
    );
    expect(used.length).toBeGreaterThan(80);
    const missing = used.filter((id) => !id.startsWith("{") && !whole.has(id) && !stems.some((stem) => id.startsWith(stem)));
    expect(missing).toEqual([]);
  });

  it("are all there", () => {
    const text = Object.values(sources).map(String).join("\n");
    const gone = [...listed().whole].filter((id) => {
      const stem = id.includes("…") ? id.slice(0, id.indexOf("…")) : id;
      return !text.includes(`testid="${stem}`) && !text.includes(`testid={\`${stem}`) && !text.includes(`testid: "${stem}"`) && !text.includes(`prefix="${stem.slice(0, -1)}"`) && !/^(answer|count|problems|banner|field|option|new|menu)-/.test(id);
    });
    expect(gone).toEqual([]);
  });
});
