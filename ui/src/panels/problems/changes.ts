/** A diff in words, before it is made: what is added, taken away or changed, where, and the value before and after. */
import { fieldName, ownerName } from "../../document/commands/fields";
import { applyOp } from "../../document/diff";
import type { Diff, Op } from "../../bindings/rpc";
import { SECTION_OF, type Name } from "../../document/schema";
import { get, isList, isMap, keys, listIndex, pointer, write, type Json, type Path } from "../../document/tree";
import { humanise } from "../../kinds";
import { t } from "../../text";

export interface Change {
  readonly words: string;
  /** JSON pointer of what changes. */
  readonly path: string;
  /** Its values as one line each; absent where there is none. */
  readonly before?: string;
  readonly after?: string;
}

/** A value longer than this is cut. */
const LONGEST = 160;

/** One change an operation, each seen in the document as the earlier ones leave it. */
export function changes(tree: Json, diff: Diff): Change[] {
  let now = tree;
  return diff.map((op) => {
    const change = changeOf(now, op);
    now = applyOp(now, op);
    return change;
  });
}

function changeOf(tree: Json, op: Op): Change {
  const old = get(tree, op.path);
  const where = placeWords(tree, op.path);
  const path = pointer(op.path);
  switch (op.op) {
    case "remove":
      return { words: t.changes.removes(where), path, ...before(old) };
    case "insert":
      return { words: t.changes.adds(where), path, after: short(op.value) };
    case "set":
      return old === undefined
        ? { words: t.changes.adds(where), path, after: short(op.value) }
        : { words: t.changes.sets(where), path, before: short(old), after: short(op.value) };
    case "move":
      return { words: t.changes.moves(where, op.to + 1), path };
    case "rename":
      return { words: t.changes.renames(where), path, before: op.path[op.path.length - 1] ?? "", after: op.key };
  }
}

function before(old: Json | undefined): { readonly before?: string } {
  return old === undefined ? {} : { before: short(old) };
}

/** A text as it is, anything else as JSON. */
function short(value: Json): string {
  const words = typeof value === "string" ? value : write(value);
  return words.length <= LONGEST ? words : `${words.slice(0, LONGEST - 1)}…`;
}

/** `branch 2 of Main`, `when of branch 2 of Main`, `trigger Unsure`. */
export function placeWords(tree: Json, path: Path): string {
  const [section, id, ...inner] = path;
  if (section === undefined) return t.changes.flow;
  const name = nameOf(section);
  if (name === undefined) return t.changes.of(fieldName(path), t.changes.flow);
  if (id === undefined) return t.sections[SECTION_OF[name]].toLowerCase();
  const owner = ownerOf(tree, name, section, id);
  return innerWords(tree, [section, id], inner).reduceRight((outer, step) => t.changes.of(step, outer), owner);
}

function nameOf(section: string): Name | undefined {
  return (Object.entries(SECTION_OF) as [Name, string][]).find(([, known]) => known === section)?.[0];
}

function ownerOf(tree: Json, name: Name, section: string, id: string): string {
  const title = ownerName(tree, [section, id]);
  if (name === "node") return title === id ? humanise(id) : title;
  return t.changes.named(t.names[name], name === "trigger" && title === id ? humanise(id) : title);
}

/** The steps below an entry, the innermost first: an index is told with the name of its list. */
function innerWords(tree: Json, at: Path, inner: Path): string[] {
  const words: string[] = [];
  let path = at;
  for (const [index, step] of inner.entries()) {
    const parent = get(tree, path);
    path = [...path, step];
    const row = listIndex(step);
    if (row !== undefined && !(isMap(parent) && keys(parent).includes(step))) {
      words.pop();
      words.push(t.changes.row(rowName(inner[index - 1] ?? ""), row + 1));
    } else if (isList(get(tree, path)) || !isEntry(inner, index)) words.push(fieldName([step]).toLowerCase());
    else words.push(step);
  }
  return words.reverse();
}

/** A key that the author chose is shown as it is. */
function isEntry(inner: Path, index: number): boolean {
  return index > 0 && FREE.has(inner[index - 1] ?? "");
}

const FREE: ReadonlySet<string> = new Set(["because", "errors", "inputs", "outputs", "assign", "outcomes", "returns", "fields", "reasons", "contact", "tiers", "priority", "too_big", "checks"]);

function rowName(list: string): string {
  return (t.changes.rows as Readonly<Record<string, string>>)[list] ?? fieldName([list]).toLowerCase();
}
