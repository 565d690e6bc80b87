/** The words of the window in the chosen language. English is the text of record; what another language lacks is said in English. */
import { de } from "./de";
import { en, type Text } from "./en";
import { over } from "./over";

export type { Text };

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that the page says it is in, where it is known here. */
function chosen(): Language {
  const said = typeof document === "undefined" ? "en" : document.documentElement.lang;
  return LANGUAGES.find((one) => one === said.split("-")[0]) ?? "en";
}

export const language: Language = chosen();
export const t: Text = language === "de" ? over<Text>(en, de) : en;
