/**
 * Which language the window speaks, said on the page before a word of it is read: what was chosen, else that of the system.
 *
 * A system set to the locale `C` gives a language tag that is none, and a library that takes it at its word while it is
 * read keeps the whole window from opening. Read before anything else.
 */
import { recall } from ".";

try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}

document.documentElement.lang = recall("language") ?? navigator.language;
