/**
 * Every place of a document where something is named, found by walking the schema. Usage
 * counts, "where used", renaming and deleting all stand on this one walk.
 */
import { compared, placeholders, quote, replaceAll, tokens, type Replacement, type Token } from "./names";
import {
  isFields,
  isKind,
  NODE_FIELDS,
  SECTION_FIELDS,
  type Field,
  type Key,
  type Name,
  type Section,
  type Shape,
} from "./schema";
import { entries, get, isMap, items, keys, text, type Json, type Path } from "./tree";

export interface Reference {
  readonly name: Name;
  readonly id: string;
  readonly path: Path;
  /** How it is written there: as the value, as the key, within the text, or as `node.port`. */
  readonly form: "value" | "key" | "span" | "edge" | "within";
  readonly start?: number;
  readonly end?: number;
  /** For a span: how a new name is written there. */
  readonly write?: (id: string) => string;
}

/** What the names of expressions can mean in this document. */
interface Vocabulary {
  readonly nodes: ReadonlySet<string>;
  readonly signals: ReadonlySet<string>;
  readonly scores: ReadonlySet<string>;
}

const known = new WeakMap<object, readonly Reference[]>();

export function references(tree: Json): readonly Reference[] {
  if (!isMap(tree)) return [];
  const before = known.get(tree);
  if (before) return before;
  const found = walk(tree);
  known.set(tree, found);
  return found;
}

export function usesOf(tree: Json, name: Name, id: string): Reference[] {
  return references(tree).filter((use) => use.name === name && use.id === id && use.path[0] !== "layout");
}

/** Uses by id, for the counts of a whole table. */
export function usage(tree: Json, name: Name): ReadonlyMap<string, readonly Reference[]> {
  const found = new Map<string, Reference[]>();
  for (const use of references(tree)) {
    if (use.name !== name || use.path[0] === "layout") continue;
    const list = found.get(use.id);
    if (list) list.push(use);
    else found.set(use.id, [use]);
  }
  return found;
}

function walk(tree: Json): Reference[] {
  const vocabulary = vocabularyOf(tree);
  const found: Reference[] = [];
  for (const section of Object.keys(SECTION_FIELDS) as Exclude<Section, "nodes">[]) {
    for (const [id, entry] of entries(get(tree, [section]))) push(found, inEntry(SECTION_FIELDS[section], entry, [section, id], vocabulary));
  }
  for (const [id, node] of entries(get(tree, ["nodes"]))) {
    const kind = text(node, ["kind"]);
    if (isKind(kind)) push(found, inEntry(NODE_FIELDS[kind], node, ["nodes", id], vocabulary));
  }
  for (const id of keys(get(tree, ["layout"]))) {
    found.push({ name: "node", id, path: ["layout", id], form: "key" });
  }
  return found;
}

function push(found: Reference[], more: readonly Reference[]): void {
  for (const one of more) found.push(one);
}

interface Remembered {
  readonly section: string;
  readonly id: string;
  readonly vocabulary: Vocabulary;
  readonly found: readonly Reference[];
}

/** What an entry names, remembered as long as neither it nor the names around it change: a keystroke walks one card. */
const remembered = new WeakMap<object, Remembered>();

function inEntry(fields: readonly Field[], entry: Json, path: readonly [string, string], vocabulary: Vocabulary): readonly Reference[] {
  if (!isMap(entry)) return [];
  const [section, id] = path;
  const before = remembered.get(entry);
  if (before && before.section === section && before.id === id && before.vocabulary === vocabulary) return before.found;
  const found: Reference[] = [];
  walkFields(fields, entry, path, vocabulary, found);
  remembered.set(entry, { section, id, vocabulary, found });
  return found;
}

let latest: { readonly nodes: readonly string[]; readonly signals: Json | undefined; readonly scores: Json | undefined; readonly vocabulary: Vocabulary } | undefined;

function vocabularyOf(tree: Json): Vocabulary {
  const nodes = keys(get(tree, ["nodes"]));
  const signals = get(tree, ["signals"]);
  const scores = get(tree, ["scores"]);
  const same = latest && latest.signals === signals && latest.scores === scores && latest.nodes.length === nodes.length && latest.nodes.every((id, at) => id === nodes[at]);
  if (latest && same) return latest.vocabulary;
  const vocabulary = { nodes: new Set(nodes), signals: new Set(keys(signals)), scores: new Set(keys(scores)) };
  latest = { nodes, signals, scores, vocabulary };
  return vocabulary;
}

function walkFields(fields: readonly Field[], value: Json, path: Path, vocabulary: Vocabulary, found: Reference[]): void {
  for (const { key, shape } of fields) {
    const inner = get(value, [key]);
    if (inner !== undefined) walkShape(shape, inner, [...path, key], vocabulary, found);
  }
}

function walkShape(shape: Shape, value: Json, path: Path, vocabulary: Vocabulary, found: Reference[]): void {
  switch (shape.is) {
    case "name":
      if (typeof value === "string") found.push({ name: shape.of, id: value, path, form: "value" });
      return;
    case "condition":
    case "expression":
      if (typeof value === "string") found.push(...inExpression(value, path, vocabulary));
      return;
    case "words":
    case "line":
      if (typeof value === "string") found.push(...inWords(value, path, vocabulary));
      return;
    case "lines":
      if (shape.of !== undefined) pushItems(shape.of, value, path, found);
      return;
    case "within":
      pushWithin(value, path, found);
      return;
    case "group":
      walkFields(shape.fields, value, path, vocabulary, found);
      return;
    case "rows":
      items(value).forEach((row, index) => walkFields(shape.fields, row, [...path, String(index)], vocabulary, found));
      return;
    case "entries":
      walkEntries(shape.key, shape.value, value, path, vocabulary, found);
      return;
    case "because":
      walkBecause(value, path, vocabulary, found);
      return;
    default:
  }
}

function pushItems(name: Name, value: Json, path: Path, found: Reference[]): void {
  items(value).forEach((item, index) => {
    if (typeof item === "string") found.push({ name, id: item, path: [...path, String(index)], form: "value" });
  });
}

function pushWithin(value: Json, path: Path, found: Reference[]): void {
  items(value).forEach((item, index) => {
    if (typeof item !== "string" || item === "*") return;
    const id = item.replace(/^!/, "");
    if (id.startsWith("group:") || id === "*") return;
    found.push({ name: "node", id, path: [...path, String(index)], form: "within" });
  });
}

function walkEntries(
  key: Key,
  shape: Shape | readonly Field[],
  value: Json,
  path: Path,
  vocabulary: Vocabulary,
  found: Reference[],
): void {
  for (const [id, entry] of entries(value)) {
    const at = [...path, id];
    if (key === "edge") pushEdge(id, at, found);
    else if (key !== "free") found.push({ name: key, id, path: at, form: "key" });
    if (isFields(shape)) walkFields(shape, entry, at, vocabulary, found);
    else walkShape(shape, entry, at, vocabulary, found);
  }
}

/** `reasons` are keyed by `<node>.<port>`. */
function pushEdge(key: string, path: Path, found: Reference[]): void {
  const id = key.split(".")[0];
  if (id !== undefined && id !== "") found.push({ name: "node", id, path, form: "edge" });
}

function walkBecause(value: Json, path: Path, vocabulary: Vocabulary, found: Reference[]): void {
  for (const [id, entry] of entries(value)) {
    if (typeof entry === "string") found.push(...inExpression(entry, [...path, id], vocabulary));
    const when = get(entry, ["when"]);
    if (typeof when === "string") found.push(...inExpression(when, [...path, id, "when"], vocabulary));
  }
}

const COMPARED: { readonly [name: string]: Name } = {
  intent: "intent",
  "trigger.id": "trigger",
  "error.action": "node",
};

function inExpression(source: string, path: Path, vocabulary: Vocabulary): Reference[] {
  const all = tokens(source);
  const found = all.filter(({ is }) => is === "name").flatMap((token) => named(token, path, vocabulary));
  for (const { name, token } of compared(all)) {
    const of = COMPARED[name];
    if (of === undefined) continue;
    found.push({ name: of, id: token.text, path, form: "span", start: token.start, end: token.end, write: quote });
  }
  return found;
}

function inWords(source: string, path: Path, vocabulary: Vocabulary): Reference[] {
  return placeholders(source).flatMap((token) => named(token, path, vocabulary));
}

function named(token: Token, path: Path, vocabulary: Vocabulary): Reference[] {
  const parts = token.text.split(".");
  const [head = "", second = ""] = parts;
  const part = (name: Name, index: number): Reference[] => {
    const id = parts[index] ?? "";
    const start = token.start + parts.slice(0, index).join(".").length + (index === 0 ? 0 : 1);
    return [{ name, id, path, form: "span", start, end: start + id.length, write: (to) => to }];
  };
  if (vocabulary.signals.has(token.text)) {
    return [{ name: "signal", id: token.text, path, form: "span", start: token.start, end: token.end, write: (to) => to }];
  }
  if (parts.length === 1) return vocabulary.scores.has(head) ? part("score", 0) : [];
  if (head === "const") return part("constant", 1);
  if (head === "slots") return part("slot", 1);
  if (head === "queue" && parts.length === 3) return part("tier", 1);
  if (head === "handoffs" && second !== "") return part("tier", 1);
  return vocabulary.nodes.has(head) ? part("node", 0) : [];
}

/** The text at a path with some of its spans written anew. */
export function rewrite(source: string, uses: readonly Reference[], id: string): string {
  const replacements = uses.flatMap((use): Replacement[] =>
    use.start === undefined || use.end === undefined || use.write === undefined
      ? []
      : [{ start: use.start, end: use.end, text: use.write(id) }],
  );
  return replaceAll(source, replacements);
}
