/** What the core says, in the language of the window. */
import type { Sentence } from "../bindings/rpc";
import { platforms } from "./de/platforms";
import { rules } from "./de/rules";
import { sentences as german } from "./de/sentences";
import type { Sentence as Pattern } from "./en/core";
import { language, t } from ".";

/** Words for sentences of the core, by their English ones. */
export type Sentences = { readonly [english: string]: string };

/** What the manual says of rules and platforms, by its English words. */
export const PAGES: Sentences = { ...platforms, ...rules, nothing: "nichts" };

const SENTENCES: Sentences = language === "de" ? { ...PAGES, ...german } : {};

/** A sentence of the core, by its words or by a pattern of them; as it is where nobody knows it. */
export function translated(words: string, patterns: readonly Pattern[], sentences: Sentences = {}): string {
  // A single word may be somebody's own, as the name of a card.
  const known = words.includes(" ") ? sentences[words] : undefined;
  if (known !== undefined) return known;
  for (const [pattern, make] of patterns) {
    const found = pattern.exec(words);
    if (found) return make(...found.slice(1).map((part: string | undefined) => translated(part ?? "", patterns, sentences)));
  }
  return words;
}

/** A sentence with its parts, in words of this language; in English where it has none. */
export function inWords(sentence: Sentence, sentences: Sentences): string {
  const parts = new Map(sentence.parts.map(([name, part]) => [name, typeof part === "string" ? part : inWords(part, sentences)]));
  const words = sentences[sentence.words] ?? sentence.words;
  return words.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name: string | undefined) => (name === undefined ? found.charAt(0) : (parts.get(name) ?? "")));
}

/** A paragraph, a cell or a heading of the manual, and what the table of a platform says. */
export function paragraph(words: string): string {
  return language === "de" ? (PAGES[words] ?? said(words)) : words;
}

/** What the core says; with its parts where they came along. */
export function said(words: string, sentence?: Sentence): string {
  if (language === "en") return words;
  if (sentence !== undefined) return inWords(sentence, SENTENCES);
  return translated(words, t.core, SENTENCES);
}

/** The message of a problem, a fault or a trouble. */
export function told(one: { readonly message: string; readonly said?: Sentence }): string {
  return said(one.message, one.said);
}
