/**
 * Sentences of the core in the language of the window: patterns of the whole sentence, and what it is called here. English is what
 * the core speaks. Parts in brackets are handed over, themselves in the language of the window where they are sentences.
 */
export type Sentence = readonly [RegExp, (...parts: string[]) => string];

export const core = {
  core: [] as readonly Sentence[],
};
