import { describe, expect, it } from "vitest";
import { translated } from "./core";
import { de } from "./de";
import { sentences } from "./de/sentences";
import { en } from "./en";

function german(words: string): string {
  return translated(words, de.core ?? [], sentences);
}

describe("what the core says", () => {
  it("is said in German, with its parts", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["it holds: confidence 0.62 < 0.8, not sentiment < 0", "trifft zu: confidence 0.62 < 0.8, not sentiment < 0"],
      ["trigger uncertain_dispute: always", "Auslöser uncertain_dispute: immer"],
      ["VIP desk is open, priority 2, wait 30 s: the request goes out", "VIP desk ist offen, Priorität 2, Wartezeit 30 s: die Anfrage geht hinaus"],
      ["phone was not given in 3 tries", "phone wurde in 3 Versuchen nicht genannt"],
      ["no handoff (end), and one was expected", "keine Übergabe (end), und eine war erwartet"],
      ['payload.phone is null, not "+49"', 'payload.phone ist null, nicht "+49"'],
      ["the id long-3 was seen before, so it is not replayed", "long-3 kam schon vor, deshalb wird es nicht gespielt"],
      ['"clock" is more than a hundred years (3155760000 s)', "„clock“ ist mehr als hundert Jahre (3155760000 s)"],
      ["its time is 120 s before that of the row above; rows stay in the order of the file", "ihre Zeit liegt 120 s vor der Zeile darüber; die Zeilen bleiben in der Reihenfolge der Datei"],
      ["the request goes out", "die Anfrage geht hinaus"],
      ['c-1: turns[4] is passed over: "clock" is no number of seconds', "c-1: turns[4] wird übergangen: „clock“ ist keine Zahl von Sekunden"],
      ["it is not JSON at column 3: a key in double quotes is expected", "in Spalte 3 ist es kein JSON: hier sollte ein Schlüssel in Anführungszeichen stehen"],
      ["it is not JSON at column 3: a comma or `}` is expected", "in Spalte 3 ist es kein JSON: hier sollte ein Komma oder „}“ stehen"],
      ['it has no "turns" list; it is left out', "„turns“ fehlt; es wird ausgelassen"],
      ["its lines have 7 columns with semicolons between them", "ihre Zeilen haben 7 Spalten, getrennt durch Semikolons"],
      ["it holds the value of card: it is a card, password or key, which no chat may hold", "enthält den Wert von card: ist eine Karte, ein Passwort oder ein Schlüssel, was in keinem Chat stehen darf"],
      ["it is data of the class pii", "gehört zur Datenklasse pii"],
      ["it holds what looks like an e-mail address", "enthält, was aussieht wie eine E-Mail-Adresse"],
      ["the conversation is over", "das Gespräch ist vorbei"],
      ["the mapping does not say what it is, so the row is left out", "die Zuordnung sagt nicht, was das ist; die Zeile wird ausgelassen"],
      ["it is no number from 0 to 1, so it is left out", "es ist keine Zahl von 0 bis 1; es wird ausgelassen"],
      ['its type is "x", which is not known, so it is left out', 'seine Art ist "x", und diese ist nicht bekannt; es wird ausgelassen'],
      ["its media type is audio/wav, so it is left out", "sein Medientyp ist audio/wav; es wird ausgelassen"],
      ["a conversation of this id was written before, so this one is c-1~2", "ein Gespräch mit dieser Kennung wurde schon geschrieben, deshalb heißt dieses c-1~2"],
      ["it is neither true nor false, so it is left out", "es ist weder wahr noch falsch; es wird ausgelassen"],
    ];
    for (const [words, expected] of cases) expect(german(words)).toBe(expected);
  });

  it("stays as it is where nobody knows it, and in English", () => {
    expect(german("something new")).toBe("something new");
    expect(translated("it goes on", en.core)).toBe("it goes on");
  });
});
