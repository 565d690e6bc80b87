/** The sections of the vocabulary in the order people need them, and what each row shows beside the name. */
import type { Name } from "../../document/schema";

export interface Column {
  readonly name: Exclude<Name, "node" | "trigger">;
  /** The field that is edited in the row itself. */
  readonly inline: string;
}

export const COLUMNS: readonly Column[] = [
  { name: "context", inline: "title" },
  { name: "constant", inline: "value" },
  { name: "intent", inline: "title" },
  { name: "signal", inline: "type" },
  { name: "slot", inline: "type" },
  { name: "score", inline: "title" },
  { name: "tier", inline: "title" },
  { name: "target", inline: "title" },
  { name: "call", inline: "title" },
  { name: "hours", inline: "zone" },
  { name: "class", inline: "redact" },
];

/** Rows of a spreadsheet: a name, and its title after a tab or a comma. */
export function pastedRows(source: string): { readonly id: string; readonly title: string }[] {
  if (!/[\n\t]/.test(source.trim())) return [];
  return source
    .split(/\r?\n/)
    .map((line) => line.split(/\t|,\s*/))
    .filter(([id = ""]) => id.trim() !== "")
    .map(([id = "", ...rest]) => ({ id: id.trim(), title: rest.join(", ").trim() }));
}
