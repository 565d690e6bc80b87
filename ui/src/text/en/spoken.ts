/** What the register says of a flow; English is what the core speaks. */
import type { Sentence } from "./core";

export const spoken = {
  spoken: {
    quotes: ["“", "”"] as readonly [string, string],
    /** Phrases outside of quotes, the longer one first; each pattern is tried where a word begins. */
    phrases: [] as readonly Sentence[],
    /** Labels of fields. */
    labels: [] as readonly Sentence[],
  },
};
