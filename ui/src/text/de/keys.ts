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
    failed: "Nach den Schlüsseln konnte nicht gefragt werden.",
    remove: {
      open: "Wegnehmen…",
      yes: "Schlüssel wegnehmen",
      title: { redaction: "Den Schlüssel für Prüfsummen wegnehmen?", resume: "Den Schlüssel für die Rückgabe wegnehmen?" },
      words: {
        redaction: "Nichts bringt ihn zurück. Prüfsummen werden von nun an anders als die, die schon hinausgingen: Derselbe Kunde, dieselbe Karte ist darin nicht mehr wiederzufinden, und ein Server mit diesem Schlüssel stimmt nicht mehr mit diesem Rechner überein. Bis es einen neuen gibt, werden Felder zurückgehalten, die mit „hash“ verdeckt werden.",
        resume: "Nichts bringt ihn zurück. Übergaben, die noch bei einem Menschen sind, kann die KI nicht mehr aufnehmen: Dieser Rechner erkennt ihre Rückgabe-Token nicht mehr als echt. Bis es einen neuen gibt, geht jede Übergabe ohne Token hinaus.",
      },
    },
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
      damaged: "Was unter diesem Namen liegt, ist kein Schlüssel. Nehmen Sie es weg und erzeugen Sie dann einen neuen.",
      "open-to-others": "Andere auf diesem Rechner dürfen die Datei der Schlüssel lesen. Machen Sie sie nur für sich lesbar (chmod 600) und versuchen Sie es noch einmal.",
      file: "Die Datei der Schlüssel ist nicht zu gebrauchen. Sehen Sie nach, ob Sie sie lesen und schreiben dürfen und ob es eine von Schlüsseln ist, oder lassen Sie HANDOFF_KEYS_FILE eine andere nennen, und versuchen Sie es noch einmal.",
      "not-kept": "Der Schlüsselbund nahm den Schlüssel und behielt ihn nicht. Sehen Sie nach, ob er beschrieben werden darf, und versuchen Sie es noch einmal.",
      short: "Was eine Variable angibt, ist kürzer als 16 Zeichen und lässt sich erraten. Starten Sie das Studio mit einem längeren Schlüssel oder ohne die Variable.",
      "switched-off": "Schlüssel sind abgeschaltet: Die Variable HANDOFF_KEYS_FILE ist leer. Starten Sie das Studio ohne sie, oder lassen Sie sie eine Datei nennen.",
    },
  },
};
