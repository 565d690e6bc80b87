/** The words of the window in the chosen language. English is the text of record; what another language lacks is said in English. */
import { recall } from "../platform";
import { de } from "./de";
import { en, type Text } from "./en";
import { over } from "./over";

export type { Text };

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What was chosen, else the language of the system where it is known here. */
function chosen(): Language {
  const system = typeof navigator === "undefined" ? "en" : navigator.language;
  const wanted = recall("language") ?? system.split("-")[0];
  return LANGUAGES.find((one) => one === wanted) ?? "en";
}

export const language: Language = chosen();
export const t: Text = language === "de" ? over<Text>(en, de) : en;
