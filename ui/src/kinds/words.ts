/** The words of cards and ports. The shell chooses the language once; English is the default. */
export interface KindWords {
  readonly kinds: Readonly<Record<string, string>>;
  /** What a kind is for, shown where one is chosen. */
  readonly hints: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, string>>;
  readonly newBranch: string;
  readonly and: string;
  readonly or: string;
  readonly not: string;
  readonly is: string;
  readonly isNot: string;
  readonly isOneOf: string;
  readonly start: string;
  readonly unnamedTier: string;
  silence(time: string): string;
  more(count: number): string;
  fills(slot: string, tries: string): string;
  modes(mode: string): string;
}

const en: KindWords = {
  kinds: {
    start: "Start",
    message: "Message",
    listen: "Listen",
    ask: "Ask",
    decision: "Decision",
    set: "Set",
    action: "Call",
    handoff: "Handoff",
    subflow: "Subflow",
    end: "End",
    todo: "To do",
    note: "Note",
  },
  hints: {
    message: "Say something",
    listen: "Wait for the customer and branch on what they want",
    ask: "Ask until a slot is filled",
    decision: "Branch on what is known, without waiting",
    set: "Change slots",
    action: "Call a back-end service",
    handoff: "Hand the customer to a person",
    subflow: "Run another flow and come back",
    end: "End the conversation with an outcome",
    todo: "A card to decide later",
    note: "A note for readers; never executed",
  },
  ports: {
    next: "",
    else: "else",
    filled: "filled",
    failed: "failed",
    ok: "ok",
    error: "error",
    timeout: "timeout",
    sent: "sent",
    resumed: "resumed",
    resolved: "resolved",
    escalated: "escalated",
    closed: "closed",
  },
  newBranch: "new branch",
  and: "and",
  or: "or",
  not: "not",
  is: "is",
  isNot: "is not",
  isOneOf: "is one of",
  start: "Every conversation begins here",
  unnamedTier: "no tier yet",
  silence: (time) => `silent ${time}`,
  more: (count) => `${count} more`,
  fills: (slot, tries) => `fills ${slot} · ${tries} ${tries === "1" ? "try" : "tries"}`,
  modes: (mode) => ({ transfer: "", copilot: "co-pilot", ticket: "ticket", callback: "callback" })[mode] ?? mode,
};

const de: KindWords = {
  ...en,
  kinds: {
    start: "Start",
    message: "Nachricht",
    listen: "Zuhören",
    ask: "Fragen",
    decision: "Entscheidung",
    set: "Setzen",
    action: "Aufruf",
    handoff: "Übergabe",
    subflow: "Teilablauf",
    end: "Ende",
    todo: "Offen",
    note: "Notiz",
  },
  hints: {
    message: "Etwas sagen",
    listen: "Auf den Kunden warten und nach Anliegen verzweigen",
    ask: "Fragen, bis ein Feld gefüllt ist",
    decision: "Verzweigen, ohne zu warten",
    set: "Felder ändern",
    action: "Einen Dienst aufrufen",
    handoff: "Den Kunden an einen Menschen übergeben",
    subflow: "Einen anderen Ablauf ausführen",
    end: "Das Gespräch mit einem Ergebnis beenden",
    todo: "Eine Karte für später",
    note: "Eine Notiz; wird nie ausgeführt",
  },
  ports: {
    next: "",
    else: "sonst",
    filled: "gefüllt",
    failed: "gescheitert",
    ok: "ok",
    error: "Fehler",
    timeout: "Zeit um",
    sent: "gesendet",
    resumed: "zurück",
    resolved: "gelöst",
    escalated: "eskaliert",
    closed: "geschlossen",
  },
  newBranch: "neuer Zweig",
  and: "und",
  or: "oder",
  not: "nicht",
  is: "ist",
  isNot: "ist nicht",
  isOneOf: "ist eines von",
  start: "Hier beginnt jedes Gespräch",
  unnamedTier: "noch keine Stufe",
  silence: (time) => `${time} still`,
  more: (count) => `${count} weitere`,
  fills: (slot, tries) => `füllt ${slot} · ${tries} ${tries === "1" ? "Versuch" : "Versuche"}`,
  modes: (mode) => ({ transfer: "", copilot: "Co-Pilot", ticket: "Ticket", callback: "Rückruf" })[mode] ?? mode,
};

const LANGUAGES: Readonly<Record<string, KindWords>> = { en, de };
let current = en;

export function kindWords(): KindWords {
  return current;
}

/** Takes a language tag (`de`, `de-AT`); an unknown one reads English. */
export function setKindLanguage(tag: string): void {
  current = LANGUAGES[tag.slice(0, 2)] ?? en;
}
