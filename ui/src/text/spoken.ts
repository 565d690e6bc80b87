/** What the register says of a flow, in the language of the window. What stands in quotes is the flow's own and stays. */
import { t } from ".";
import { translated } from "./core";
import type { spoken as english } from "./en/spoken";

type Spoken = (typeof english)["spoken"];

export function spokenIn(words: string, { quotes, phrases }: Spoken): string {
  if (phrases.length === 0) return words;
  const pieces = words.split(/“([^”]*)”/);
  return pieces.map((piece, index) => (index % 2 === 1 ? quotes.join(piece) : phrased(piece, phrases))).join("");
}

/** Each phrase where a word begins; what nobody knows stays. */
function phrased(words: string, phrases: Spoken["phrases"]): string {
  let made = "";
  let at = 0;
  while (at < words.length) {
    const begins = at === 0 || !/[\p{L}\p{N}'’]/u.test(words[at - 1] ?? "");
    const [taken, german] = (begins ? phraseAt(words, at, phrases) : null) ?? [1, words[at] ?? ""];
    made += german;
    at += taken;
  }
  return made;
}

function phraseAt(words: string, at: number, phrases: Spoken["phrases"]): readonly [number, string] | null {
  for (const [pattern, make] of phrases) {
    pattern.lastIndex = at;
    const found = pattern.exec(words);
    if (found) return [found[0].length, make(...found.slice(1).map((part: string | undefined) => part ?? ""))];
  }
  return null;
}

export function spoken(words: string): string {
  return spokenIn(words, t.spoken);
}

/** The label of a field behind a cell. */
export function label(words: string): string {
  return translated(words, t.spoken.labels);
}
