/** Worte über die Schlüssel von Prüfsummen und Rückgabe-Token. */
import type { keys as english } from "../en/keys";
import type { Part } from "../over";

export const keys: Part<typeof english> = {
  keyring: {
    title: "Schlüssel",
    open: "Schlüssel…",
    about: "Prüfsummen und Rückgabe-Token entstehen mit geheimen Schlüsseln. Ein Schlüssel bleibt auf diesem Rechner: Kein Ablauf, keine exportierte Datei und keine Seite enthält ihn.",
    names: { redaction: "Schlüssel für Prüfsummen", resume: "Schlüssel für die Rückgabe" },
    whatFor: { redaction: "bildet die Prüfsummen von Daten, die mit „hash“ verdeckt werden", resume: "unterschreibt das Token, mit dem eine Übergabe zurückkommt" },
    lacks: { redaction: "was als Prüfsumme hinausgehen soll, wird zurückgehalten", resume: "es gibt kein Rückgabe-Token" },
    looking: "Fragt den Schlüsselbund…",
    none: "Noch kein Schlüssel",
    notHad: "Der Schlüssel ist nicht zu haben",
    make: "Einen erzeugen",
    making: "Wartet auf den Schlüsselbund…",
    unlock: "Schlüsselbund entsperren",
    fingerprint: "Fingerabdruck",
    places: {
      keyring: (name: string) => `im Schlüsselbund dieses Rechners (${name})`,
      file: (path: string) => `in der Datei ${path}`,
      variable: (name: string) => `aus der Variablen ${name}`,
      nowhere: () => "Schlüssel sind abgeschaltet",
    },
    faults: {
      "no-keyring": "Auf diesem Rechner antwortet kein Schlüsselbund. Starten Sie einen (GNOME Keyring, KWallet, KeePassXC), oder starten Sie das Studio mit HANDOFF_KEYS_FILE, das eine eigene Datei nennt.",
      locked: "Der Schlüsselbund dieses Rechners ist gesperrt.",
      "not-unlocked": "Der Schlüsselbund dieses Rechners wurde nicht entsperrt. Versuchen Sie es noch einmal und geben Sie sein Passwort ein.",
      "no-answer": "Der Schlüsselbund dieses Rechners antwortet nicht. Sehen Sie nach, ob er nach seinem Passwort fragt, und versuchen Sie es noch einmal.",
      "switched-off": "Schlüssel sind abgeschaltet: Die Variable HANDOFF_KEYS_FILE ist leer. Starten Sie das Studio ohne sie, oder lassen Sie sie eine Datei nennen.",
    },
  },
};
