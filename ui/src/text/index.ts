/** The words of the window in the chosen language. English is the text of record. */
import { en, type Text } from "./en";

export type { Text };
export const t: Text = en;
