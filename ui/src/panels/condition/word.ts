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
