/** What the command palette finds: commands, cards, triggers, names, texts, conditions, problems. */
import { SECTION_FIELDS, type Section } from "../document/schema";
import { entries, get, isList, isMap, text, type Json, type Path } from "../document/tree";
import { inOrder, problemPath, type Problem } from "../document/problems";
import { told } from "../text/core";

export type FoundIn = "command" | "card" | "trigger" | "name" | "text" | "problem";

export interface Found {
  readonly key: string;
  readonly in: FoundIn;
  readonly title: string;
  readonly detail: string;
  readonly keys?: string;
  /** What the words are matched with, in small letters. */
  readonly words: string;
  readonly enabled: boolean;
  run(): void;
}

export interface Going {
  goTo(path: Path, span: readonly [number, number] | null): void;
}

const TEXT_KEYS = new Set(["text", "prompt", "reprompt", "say", "else_say", "suggest", "when", "summary", "told", "from", "requires"]);

/** Everything of a document that can be found by its words. */
export function inDocument(tree: Json, sectionTitles: { readonly [section in Section]: string }, going: Going): Found[] {
  const found: Found[] = [];
  const go = (path: Path) => () => going.goTo(path, null);
  for (const [id, node] of entries(get(tree, ["nodes"]))) {
    found.push(entry("card", ["nodes", id], title(node, id), `${text(node, ["kind"])} · ${id}`, go(["nodes", id])));
    found.push(...texts(node, ["nodes", id], title(node, id), go));
  }
  for (const section of Object.keys(SECTION_FIELDS) as Exclude<Section, "nodes">[]) {
    for (const [id, value] of entries(get(tree, [section]))) {
      const of = section === "triggers" ? "trigger" : "name";
      found.push(entry(of, [section, id], title(value, id), `${sectionTitles[section]} · ${id}`, go([section, id])));
      found.push(...texts(value, [section, id], title(value, id), go));
    }
  }
  return found;
}

function title(value: Json, id: string): string {
  return text(value, ["title"]) || id;
}

function entry(of: FoundIn, path: Path, shown: string, detail: string, run: () => void): Found {
  return { key: `${of}:${path.join("/")}`, in: of, title: shown, detail, words: `${shown} ${detail}`.toLowerCase(), enabled: true, run };
}

function texts(value: Json, path: Path, owner: string, go: (path: Path) => () => void): Found[] {
  if (isList(value)) return value.l.flatMap((item, index) => texts(item, [...path, String(index)], owner, go));
  if (!isMap(value)) return [];
  return value.m.flatMap(([key, inner]) => {
    const at = [...path, key];
    if (typeof inner !== "string") return texts(inner, at, owner, go);
    return TEXT_KEYS.has(key) && inner !== "" ? [entry("text", at, inner, `${owner} · ${key}`, go(at))] : [];
  });
}

export function inProblems(problems: readonly Problem[], going: Going): Found[] {
  return inOrder(problems).map((problem, index) => ({
    key: `problem:${index}`,
    in: "problem" as const,
    title: told(problem),
    detail: problem.code,
    words: `${told(problem)} ${problem.code} ${problem.path}`.toLowerCase(),
    enabled: true,
    run: () => going.goTo(problemPath(problem), problem.span ?? null),
  }));
}

const WEIGHT: { readonly [of in FoundIn]: number } = { command: 6, card: 5, trigger: 5, name: 4, problem: 2, text: 1 };
const SHOWN = 60;

/** The best matches of all words, in any order. */
export function search(all: readonly Found[], query: string): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all.filter((one) => one.in === "command" && one.enabled).slice(0, SHOWN);
  const scored: { readonly one: Found; readonly score: number }[] = [];
  for (const one of all) {
    const score = scoreOf(one, words);
    if (score > 0) scored.push({ one, score });
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN)
    .map(({ one }) => one);
}

function scoreOf(one: Found, words: readonly string[]): number {
  let score = WEIGHT[one.in] + (one.enabled ? 1 : 0);
  const heading = one.title.toLowerCase();
  for (const word of words) {
    const at = one.words.indexOf(word);
    if (at < 0) return 0;
    if (heading.startsWith(word)) score += 12;
    else if (heading.includes(` ${word}`)) score += 8;
    else if (heading.includes(word)) score += 4;
    else score += 1;
  }
  return score;
}
