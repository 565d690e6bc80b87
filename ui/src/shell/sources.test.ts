import { describe, expect, it } from "vitest";

const components = import.meta.glob(["../**/*.svelte"], { query: "?raw", import: "default", eager: true });
const modules = import.meta.glob(["../**/*.ts", "!../**/*.test.ts", "!../bindings/**"], { query: "?raw", import: "default", eager: true });

function holding(sources: Record<string, unknown>, pattern: RegExp): string[] {
  return Object.entries(sources)
    .filter(([, source]) => pattern.test(String(source)))
    .map(([file]) => file);
}

describe("the sources of the window", () => {
  it("never put text from a document into a page as HTML", () => {
    expect(holding(components, /\{@html/)).toEqual([]);
    expect(holding({ ...components, ...modules }, /\.innerHTML\s*=|insertAdjacentHTML/)).toEqual([]);
  });

  it("carry no styles that the content security policy stops", () => {
    expect(holding(components, /<[a-z][^>]*\sstyle="/)).toEqual([]);
  });

  it("reach Tauri in one place", () => {
    expect(holding({ ...components, ...modules }, /@tauri-apps\//)).toEqual(["../platform/tauri.ts"]);
  });

  it("mirror for scripts that run from right to left", () => {
    const styles = Object.fromEntries(Object.entries(components).filter(([file]) => !file.includes("/canvas/")).map(([file, source]) => [file, String(source).split("<style>")[1] ?? ""]));
    expect(holding(styles, /\b(margin|padding|border)-(left|right)\b|text-align:\s*(left|right)/)).toEqual([]);
  });
});
