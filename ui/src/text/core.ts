/** What the core says, in the language of the window. */
import type { Sentence } from "./en/core";
import { t } from ".";

/** A sentence of the core in these words; as it is where nobody knows it. */
export function translated(words: string, sentences: readonly Sentence[]): string {
  for (const [pattern, make] of sentences) {
    const found = pattern.exec(words);
    if (found) return make(...found.slice(1).map((part: string | undefined) => translated(part ?? "", sentences)));
  }
  return words;
}

export function said(words: string): string {
  return translated(words, t.core);
}
