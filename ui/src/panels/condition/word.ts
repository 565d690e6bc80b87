/** Where the word or the open string under the cursor begins; the cursor itself where there is none. */
export function wordStart(text: string, at: number): number {
  let quote = "";
  let from = 0;
  for (let index = 0; index < at; index += 1) {
    const sign = text[index] ?? "";
    if (quote !== "" && sign === "\\") index += 1;
    else if (sign === quote) quote = "";
    else if (quote === "" && (sign === '"' || sign === "'")) [quote, from] = [sign, index];
  }
  if (quote !== "") return from;
  return at - (/[A-Za-z_][A-Za-z0-9_.]*$/.exec(text.slice(0, at))?.[0].length ?? 0);
}

/**
 * The characters that a fault is drawn under. A fault at the very end, like a missing operand, stands
 * under the last thing written: a line under a space or under nothing cannot be seen.
 */
export function marked(text: string, start: number, end: number): readonly [number, number] {
  const from = Math.min(Math.max(0, start), text.length);
  const to = Math.min(Math.max(from, end), text.length);
  if (text.slice(from, to).trim() !== "") return [from, to];
  const before = text.slice(0, from).trimEnd().length;
  if (before > 0) return [before - 1, before];
  const behind = text.length - text.trimStart().length;
  return behind < text.length ? [behind, behind + 1] : [from, to];
}
