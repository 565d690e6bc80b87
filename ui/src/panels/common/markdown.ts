/** The little Markdown of a rule's page as blocks of text; never as HTML. */
export type Block =
  | { readonly is: "heading"; readonly text: string }
  | { readonly is: "item"; readonly text: string }
  | { readonly is: "code"; readonly text: string }
  | { readonly is: "text"; readonly text: string };

export interface Span {
  readonly text: string;
  readonly code: boolean;
}

export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let paragraph: string[] = [];
  let code: string[] | null = null;
  const flush = (): void => {
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
    } else if (line.trim() === "") flush();
    else paragraph.push(line.trim());
  }
  if (code) found.push({ is: "code", text: code.join("\n") });
  flush();
  return found;
}

/** Text with its `code` told apart; emphasis marks are dropped. */
export function spans(text: string): Span[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("`") && part.endsWith("`") && part.length > 1 ? { text: part.slice(1, -1), code: true } : { text: part.replace(/\*\*([^*]+)\*\*/g, "$1"), code: false }));
}
