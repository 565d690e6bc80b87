/** What a file is, by its name: the language it is highlighted as. */
export type Kind = "json" | "yaml" | "python" | "markdown" | "plain";

const ENDINGS: ReadonlyMap<string, Kind> = new Map([
  ["json", "json"],
  ["jsonl", "json"],
  ["yml", "yaml"],
  ["yaml", "yaml"],
  ["py", "python"],
  ["md", "markdown"],
]);

export function kindOf(path: string): Kind {
  const ending = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return ENDINGS.get(ending) ?? "plain";
}
