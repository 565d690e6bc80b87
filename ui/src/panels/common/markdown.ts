/** The little Markdown of a page of the manual as blocks of text; never as HTML. */
export type Block =
  | { readonly is: "heading"; readonly text: string }
  | { readonly is: "item"; readonly text: string }
  | { readonly is: "code"; readonly text: string }
  | { readonly is: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly is: "text"; readonly text: string };

export interface Span {
  readonly text: string;
  readonly code: boolean;
}

export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let paragraph: string[] = [];
  let code: string[] | null = null;
  let table: string[][] = [];
  const flush = (): void => {
    const [head, , ...rows] = table;
    if (head) found.push({ is: "table", head, rows });
    table = [];
    if (paragraph.length > 0) found.push({ is: "text", text: paragraph.join(" ") });
    paragraph = [];
  };
  for (const line of markdown.split(/\r?\n/)) {
    if (line.startsWith("```")) {
      flush();
      if (code) found.push({ is: "code", text: code.join("\n") });
      code = code ? null : [];
    } else if (code) code.push(line);
    else if (/^#+\s/.test(line)) {
      flush();
      found.push({ is: "heading", text: line.replace(/^#+\s+/, "") });
    } else if (/^[-*]\s/.test(line)) {
      flush();
      found.push({ is: "item", text: line.slice(2) });
    } else if (line.startsWith("|")) {
      if (paragraph.length > 0) flush();
      table.push(cells(line));
    } else if (line.trim() === "") flush();
    else paragraph.push(line.trim());
  }
  if (code) found.push({ is: "code", text: code.join("\n") });
  flush();
  return found;
}

/** The cells of a row; `\\|` is a sign of a cell. */
function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  const kept = inner.replaceAll("\\|", "\u0000").split("|");
  return kept.map((cell) => cell.trim().replaceAll("\u0000", "|"));
}

/** Text with its `code` told apart; emphasis marks are dropped. */
export function spans(text: string): Span[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("`") && part.endsWith("`") && part.length > 1 ? { text: part.slice(1, -1), code: true } : { text: part.replace(/\*\*([^*]+)\*\*/g, "$1"), code: false }));
}
