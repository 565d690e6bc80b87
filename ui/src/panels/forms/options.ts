/** What a picker offers, and which keys a map of entries probably wants. */
import { portsOf } from "../../document/ports";
import { SECTION_OF, type Name } from "../../document/schema";
import { humanise } from "../../kinds";
import { entries, get, keys, text, type Json, type Path } from "../../document/tree";

export interface Option {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}

const SHOWN = 50;

/** Entries of a section whose words hold the query, the first fifty. */
export function options(tree: Json, name: Name, query: string): Option[] {
  const wanted = query.trim().toLowerCase();
  const found: Option[] = [];
  for (const [id, entry] of entries(get(tree, [SECTION_OF[name]]))) {
    const title = text(entry, ["title"]);
    if (wanted !== "" && !`${title} ${id}`.toLowerCase().includes(wanted)) continue;
    found.push({ id, title: shownTitle(name, id, title), detail: name === "node" ? `${text(entry, ["kind"])} · ${id}` : title === "" ? "" : id });
    if (found.length >= SHOWN) break;
  }
  return found;
}

export function titleOf(tree: Json, name: Name, id: string): string {
  if (id === "") return "";
  return shownTitle(name, id, text(tree, [SECTION_OF[name], id, "title"]));
}

/** Cards and triggers without a title are called by their id made readable, as on the canvas. */
function shownTitle(name: Name, id: string, title: string): string {
  if (title !== "") return title;
  return name === "node" || name === "trigger" ? humanise(id) : id;
}

export function exists(tree: Json, name: Name, id: string): boolean {
  return get(tree, [SECTION_OF[name], id]) !== undefined;
}

export interface Incoming {
  readonly node: string;
  readonly port: string;
}

/** Every edge that leads to a card. */
export function incoming(tree: Json, id: string): Incoming[] {
  return entries(get(tree, ["nodes"])).flatMap(([node, entry]) =>
    portsOf(entry)
      .filter(({ to }) => to === id)
      .map(({ id: port }) => ({ node, port })),
  );
}

export function triggersTo(tree: Json, id: string): string[] {
  return entries(get(tree, ["triggers"]))
    .filter(([, trigger]) => text(trigger, ["to"]) === id)
    .map(([trigger]) => trigger);
}

/** Keys that a map of entries probably wants and does not have yet. */
export function suggestedKeys(tree: Json, path: Path): string[] {
  const have = new Set(keys(get(tree, path)));
  return wantedKeys(tree, path).filter((key) => !have.has(key));
}

function wantedKeys(tree: Json, path: Path): string[] {
  const [section = "", id = "", field = ""] = path;
  if (section === "nodes") {
    const call = text(tree, ["nodes", id, "call"]);
    if (field === "inputs") return keys(get(tree, ["calls", call, "inputs"]));
    if (field === "errors") return keys(get(tree, ["calls", call, "errors"]));
    if (field === "contact") return ["phone", "email", "name"];
    if (field === "reasons") return incoming(tree, id).map(({ node, port }) => `${node}.${port}`);
  }
  if (section === "targets") {
    if (field === "priority") return ["1", "2", "3", "4", "5"];
    if (field === "fields" || field === "too_big") return contextFields(tree);
  }
  return [];
}

function contextFields(tree: Json): string[] {
  const found = new Set<string>();
  for (const [, context] of entries(get(tree, ["contexts"]))) for (const key of keys(get(context, ["fields"]))) found.add(key);
  return [...found];
}

/** The words of a field: its own for a kind or section, else those of its key. */
export function labelOf(fields: { readonly [key: string]: string }, scope: string, key: string): string {
  return fields[`${scope}.${key}`] ?? fields[key] ?? key;
}

/** Where a condition stands, as the core is told: the list of its card, elsewhere the section. */
export function rowOf(path: Path): string | undefined {
  const [section, , field] = path;
  if (section === "triggers") return undefined;
  if (section !== "nodes") return section;
  return path.length > 3 ? field : undefined;
}
