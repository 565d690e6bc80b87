/**
 * A system set to the locale `C` gives a language tag that is none, and a library that takes it at its word while it is
 * read keeps the whole window from opening. Read before anything else.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}

export {};
