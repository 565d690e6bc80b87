import { describe, expect, it } from "vitest";

/** Node's own file reader; the window's sources know no types of Node. */
const node: string = "node:fs";
const { readFileSync } = (await import(/* @vite-ignore */ node)) as { readFileSync(path: URL, encoding: "utf8"): string };
const STYLES = ["../design/tokens.css", "./canvas.css"].map((file) => readFileSync(new URL(file, import.meta.url), "utf8"));

/** The custom properties of a theme, from the very files that the window loads. */
function tokens(dark: boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const css of STYLES) {
    for (const [, selector = "", body = ""] of css.matchAll(/(:root[^{]*)\{([^}]*)\}/g)) {
      if (selector.includes("dark") && !dark) continue;
      for (const [, name = "", value = ""] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g)) found.set(name, value.trim());
    }
  }
  return found;
}

function color(all: ReadonlyMap<string, string>, name: string): number {
  const value = all.get(name) ?? "";
  const other = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  if (other !== undefined) return color(all, other);
  const hex = /^#([0-9a-f]{6})$/i.exec(value)?.[1];
  if (hex === undefined) throw new Error(`${name} is ${value || "not there"}`);
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

const LANES = ["--cv-lane-1", "--cv-lane-2", "--cv-lane-3", "--cv-lane-4", "--cv-paper"];
const KINDS = ["start", "message", "listen", "ask", "decision", "set", "action", "handoff", "subflow", "end", "todo", "note"].map((kind) => `--kind-${kind}`);

describe.each([["light", false], ["dark", true]] as const)("in the %s theme", (_, dark) => {
  const all = tokens(dark);
  const ratio = (a: string, b: string): number => {
    const [high = 0, low = 0] = [color(all, a), color(all, b)].sort((x, y) => y - x);
    return Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100;
  };
  const below = (pairs: readonly (readonly [string, string])[], least: number): string[] =>
    pairs.flatMap(([a, b]) => (ratio(a, b) < least ? [`${a} on ${b}: ${ratio(a, b)}`] : []));

  it("words can be read: 4.5 to 1", () => {
    const words: (readonly [string, string])[] = [
      ["--cv-text", "--cv-card"],
      ["--cv-dim", "--cv-card"],
      ["--cv-text", "--cv-accent-soft"],
      ["--cv-chip-text", "--cv-chip"],
      ...LANES.flatMap((lane) => [["--cv-dim", lane], ["--cv-text", lane], ["--cv-lit", lane]] as const),
      ...["--cv-error", "--cv-warning", "--cv-info"].map((severity) => ["--cv-on-badge", severity] as const),
    ];
    expect(below(words, 4.5)).toEqual([]);
  });
  it("edges, icons and frames can be seen: 3 to 1", () => {
    const shapes: (readonly [string, string])[] = [
      ...LANES.flatMap((lane) => [["--cv-edge", lane], ["--cv-edge-near", lane], ["--cv-edge-dead", lane], ["--cv-lit", lane], ["--cv-accent", lane]] as const),
      ...KINDS.map((kind) => ["--cv-on-kind", kind] as const),
      ["--cv-accent", "--cv-card"],
      ["--cv-covered", "--cv-card"],
      ["--focus", "--cv-paper"],
    ];
    expect(below(shapes, 3)).toEqual([]);
  });
  it("kinds stand out from the paper when cards are blocks of colour", () => {
    const least = dark ? 2 : 3;
    expect(below(KINDS.map((kind) => [kind, "--cv-paper"] as const), least)).toEqual([]);
  });
});
