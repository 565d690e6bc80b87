/** What a mapping says, changed one thing at a time; the core alone says what comes of it. */
import type { ImportColumn, ImportMapping, ImportValue } from "../../platform";

/** Roles that go on with a name of one's own: `entities.amount`. */
const NAMED = /^(entities|signals|customer|labels|data|slots|x)\.(.+)$/;

/** The role as it is offered, and its own name: `entities.amount` is `entities.NAME` and `amount`. */
export function roleOf(to: string): { readonly role: string; readonly name: string } {
  const found = NAMED.exec(to);
  return found ? { role: `${found[1] ?? ""}.NAME`, name: found[2] ?? "" } : { role: to, name: "" };
}

/** The role with its name; the last part of the column's name where it has none yet. */
export function toOf(role: string, name: string, from: string): string {
  if (!role.endsWith(".NAME")) return role;
  const own = name.trim() === "" ? (from.split(/\[\]\.|\./).at(-1) ?? from) : name.trim();
  return role.slice(0, -"NAME".length) + own;
}

/** A column of the file beside what the mapping says of it; one that is said to be several things stands there several times. */
export interface Line {
  readonly from: string;
  /** Where it stands in the mapping; -1 where the mapping does not speak of it. */
  readonly at: number;
  readonly to: string;
  readonly kept: string;
}

export function linesOf(mapping: ImportMapping, seen: readonly { readonly from: string }[]): Line[] {
  const line = (column: ImportColumn, at: number): Line => ({ from: column.from, at, to: column.to, kept: column.as });
  const lines = seen.flatMap(({ from }): Line[] => {
    const found = mapping.columns.map(line).filter((one) => one.from === from);
    return found.length === 0 ? [{ from, at: -1, to: "", kept: "plain" }] : found;
  });
  const known = new Set(seen.map(({ from }) => from));
  // What the start of the file does not have may come later in it.
  return [...lines, ...mapping.columns.map(line).filter(({ from }) => !known.has(from))];
}

/** Says what a column means; nothing takes it out of the mapping. */
export function withColumn(mapping: ImportMapping, { from, at, kept }: Line, to: string): ImportMapping {
  const columns = [...mapping.columns];
  if (to === "") {
    if (at >= 0) columns.splice(at, 1);
  } else if (at >= 0) {
    columns[at] = { from, to, as: kept };
  } else {
    columns.push({ from, to, as: kept });
  }
  return { ...mapping, columns };
}

export function withKept(mapping: ImportMapping, { from, at, to }: Line, kept: string): ImportMapping {
  return at < 0 ? mapping : { ...mapping, columns: mapping.columns.map((column, index) => (index === at ? { from, to, as: kept } : column)) };
}

type Table = "who" | "calls" | "intents";

/** Says what a value stands for; nothing takes it out of the mapping. */
export function withValue(mapping: ImportMapping, table: Table, value: string, means: string): ImportMapping {
  const before: readonly ImportValue[] = mapping[table];
  const others = before.filter((entry) => entry.value !== value);
  if (means === "") return { ...mapping, [table]: others };
  const known = before.some((entry) => entry.value === value);
  const changed = known ? before.map((entry) => (entry.value === value ? { value, means } : entry)) : [...before, { value, means }];
  return { ...mapping, [table]: changed };
}

/** A mapping without a key that is not wanted. */
export function withOption<K extends keyof ImportMapping>(mapping: ImportMapping, key: K, value: ImportMapping[K] | undefined): ImportMapping {
  const others: Record<string, unknown> = { ...mapping };
  delete others[key];
  return (value === undefined ? others : { ...others, [key]: value }) as unknown as ImportMapping;
}

/** Whether the kept form of a role's values is a question. */
export function hasKept(to: string): boolean {
  return ["confidence", "frustration", "sentiment"].includes(to) || /^(customer|labels|signals|data|slots|entities)\../.test(to);
}

const ENDING = ".conversations.jsonl";

/** The path of a conversations file, whatever was typed. */
export function outOf(path: string): string {
  return path.endsWith(ENDING) ? path : `${path.replace(/\.(jsonl|json|conversations)$/, "")}${ENDING}`;
}

/** Where the mapping is kept: beside the conversations. */
export function mappingOf(out: string): string {
  return `${out.slice(0, -ENDING.length)}.mapping.json`;
}
