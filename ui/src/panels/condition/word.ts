/** Where the word or the open string under the cursor begins; the cursor itself where there is none. */
export function wordStart(text: string, at: number): number {
  let open: { readonly quote: string; readonly from: number } | null = null;
  for (let index = 0; index < at; index += 1) {
    const sign = text[index] ?? "";
    if (open !== null && sign === "\\") index += 1;
    else if (open?.quote === sign) open = null;
    else if (open === null && (sign === '"' || sign === "'")) open = { quote: sign, from: index };
  }
  if (open !== null) return open.from;
  return at - (/[A-Za-z_][A-Za-z0-9_.]*$/.exec(text.slice(0, at))?.[0].length ?? 0);
}
