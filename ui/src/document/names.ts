/**
 * Names inside written conditions, expressions and texts. This reads just enough of the
 * language to find names and the text compared with them; what is right or wrong about a
 * condition is said by the core alone.
 */
export interface Token {
  readonly is: "name" | "string" | "other";
  /** The name, or the decoded string, or the sign. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[0-9]+(?:\.[0-9]+)?|[<>=!&|]{1,2}|\S/g;

const WORDS = new Set(["true", "false", "null", "in", "has"]);
const METHODS = /\.(startsWith|endsWith|contains)$/;

export function tokens(source: string): Token[] {
  return Array.from(source.matchAll(TOKEN), (found) => token(found[0], found.index, source));
}

function token(raw: string, start: number, source: string): Token {
  const end = start + raw.length;
  if (raw.startsWith('"') || raw.startsWith("'")) return { is: "string", text: unquote(raw), start, end };
  if (!/^[A-Za-z_]/.test(raw) || WORDS.has(raw)) return { is: "other", text: raw, start, end };
  const called = /^\s*\(/.test(source.slice(end));
  if (!called) return { is: "name", text: raw, start, end };
  const subject = raw.replace(METHODS, "");
  if (subject === raw) return { is: "other", text: raw, start, end };
  return { is: "name", text: subject, start, end: start + subject.length };
}

function unquote(raw: string): string {
  const quote = raw[0] ?? '"';
  const closed = raw.length > 1 && raw.endsWith(quote);
  const inner = raw.slice(1, closed ? -1 : undefined);
  return inner.replace(/\\(["'\\])/g, "$1");
}

export function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n").replace(/\t/g, "\\t")}"`;
}

export interface Compared {
  readonly name: string;
  readonly token: Token;
}

/** Strings compared with a name by `==`, `!=` or `in [..]`, in either order. */
export function compared(found: readonly Token[]): Compared[] {
  const pairs: Compared[] = [];
  found.forEach((here, index) => {
    if (here.is !== "name") return;
    const next = found[index + 1];
    const after = found[index + 2];
    const before = found[index - 1];
    const earlier = found[index - 2];
    if (isEquality(next) && after?.is === "string") pairs.push({ name: here.text, token: after });
    if (isEquality(before) && earlier?.is === "string") pairs.push({ name: here.text, token: earlier });
    if (next?.text === "in" && after?.text === "[") pairs.push(...inList(found, index + 3, here.text));
  });
  return pairs;
}

function isEquality(found: Token | undefined): boolean {
  return found?.is === "other" && (found.text === "==" || found.text === "!=");
}

function inList(found: readonly Token[], from: number, name: string): Compared[] {
  const pairs: Compared[] = [];
  for (let at = from; at < found.length; at += 1) {
    const here = found[at];
    if (here === undefined || here.text === "]") break;
    if (here.is === "string") pairs.push({ name, token: here });
  }
  return pairs;
}

const PLACEHOLDER = /\{\{|\}\}|\{([^{}|:]*)([^{}]*)\}/g;

/** The names in `{name}`, `{name|fallback}` and `{name:form|fallback}`. */
export function placeholders(source: string): Token[] {
  const found: Token[] = [];
  for (const hit of source.matchAll(PLACEHOLDER)) {
    const name = hit[1];
    if (name === undefined || name.trim() === "") continue;
    const start = hit.index + 1;
    found.push({ is: "name", text: name, start, end: start + name.length });
  }
  return found;
}

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function replaceAll(source: string, replacements: readonly Replacement[]): string {
  const ordered = [...replacements].sort((a, b) => b.start - a.start);
  return ordered.reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source);
}
