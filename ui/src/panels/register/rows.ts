/** The table of ways as data: what stands in each cell for searching and sorting, and what can be edited from it. */
import type { RegisterEdit, RegisterRow } from "../../platform";

export const COLUMNS = ["card", "why", "to", "hears", "fields", "fallback", "promise", "behind", "tests"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  readonly column: Column;
  readonly down: boolean;
}

/** The cells of the core that a column shows. */
const CELLS: { readonly [column in Column]: readonly string[] } = {
  card: ["title", "mode"],
  why: ["reason"],
  to: ["to"],
  hears: ["say", "told", "waiting"],
  fields: ["fields"],
  fallback: ["fallback"],
  promise: ["promise"],
  behind: ["owner", "why"],
  tests: [],
};

/** No two ways have the same card and port. */
export function keyOf({ node, way }: RegisterRow): string {
  return `${node} ${way}`;
}

export function editsOf(row: RegisterRow, column: Column): readonly RegisterEdit[] {
  return row.edits.filter(({ cell }) => CELLS[column].includes(cell));
}

/** Everything that a cell says, as one line. */
export function cellText(row: RegisterRow, column: Column): string {
  switch (column) {
    case "card":
      return `${row.title} ${row.node} ${row.mode}`;
    case "why":
      return `${row.reason} ${row.where} ${row.kind} ${row.reasons.map(({ title, name }) => `${title} ${name}`).join(" ")}`;
    case "to":
      return row.to.map(({ title, tier, priority, hours, when }) => `${priority} ${title} ${tier} ${hours} ${when ?? ""}`).join(" ");
    case "hears":
      return `${row.hears} ${row.waiting.map(({ when, text }) => `${when} ${text}`).join(" ")}`;
    case "fields":
      return row.fields.map(({ title, name, class_title, redact }) => `${title} ${name} ${class_title ?? ""} ${redact}`).join(" ");
    case "fallback":
      return row.fallback.map(({ when, leads }) => `${when} ${leads}`).join(" ");
    case "promise":
      return promises(row).join(" ");
    case "behind":
      return [row.owner ?? "", ...row.why].join(" ");
    case "tests":
      return row.tests.map(({ id }) => id).join(" ");
  }
}

/** What the tiers promise, each once, and the card itself. */
export function promises(row: RegisterRow): string[] {
  const of = row.to.flatMap(({ title, promise }) => (promise === null ? [] : [`${title}: ${promise}`]));
  return [...new Set(of), ...(row.promise === null ? [] : [row.promise])];
}

/** The rows that hold every word of a search. */
export function found(rows: readonly RegisterRow[], query: string): RegisterRow[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  return rows.filter((row) => {
    const all = COLUMNS.map((column) => cellText(row, column)).join(" ").toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** The rows in an order; without one, as the document has them. Rows that are alike stay as they stood. */
export function sorted(rows: readonly RegisterRow[], sorting: Sorting | null): readonly RegisterRow[] {
  if (sorting === null) return rows;
  const { column, down } = sorting;
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const of = (row: RegisterRow): string => (column === "tests" ? String(row.tests.length) : cellText(row, column));
  return rows.map((row) => ({ row, text: of(row) })).sort((a, b) => collator.compare(a.text, b.text) * (down ? -1 : 1)).map(({ row }) => row);
}

/** What a click on a heading makes of the order: up, down, and as the document has it. */
export function next(sorting: Sorting | null, column: Column): Sorting | null {
  if (sorting?.column !== column) return { column, down: false };
  return sorting.down ? null : { column, down: true };
}
