/** Sätze des Kerns auf Deutsch: was nicht gesendet wird, wie es ist, und warum eine Frage nach dem Nächsten keine Antwort hat. */
import type { Sentence } from "../en/core";

const kinds: { readonly [english: string]: string } = {
  "a card number": "eine Kartennummer",
  "a card's security code": "die Prüfziffer einer Karte",
  "a password": "ein Passwort",
  "a secret key": "ein geheimer Schlüssel",
  "an access token": "ein Zugangstoken",
  "a bank account (IBAN)": "ein Bankkonto (IBAN)",
  "a US social security number": "eine Sozialversicherungsnummer der USA",
  "a UK national insurance number": "eine Sozialversicherungsnummer des Vereinigten Königreichs",
  "a US Medicare number": "eine Medicare-Nummer der USA",
  "a US provider number (NPI)": "eine Behandlernummer der USA (NPI)",
  "a medical record number": "eine Patientennummer",
  "a date of birth": "ein Geburtsdatum",
  "an e-mail address": "eine E-Mail-Adresse",
  "a phone number": "eine Telefonnummer",
  "an IP address": "eine IP-Adresse",
};

function kind(words: string | undefined): string {
  return kinds[words ?? ""] ?? words ?? "";
}

export const withheld: readonly Sentence[] = [
  [/^it holds the value of (\S+): (.+)$/s, (field, why) => `enthält den Wert von ${field}: ${why}`],
  [/^it could not be redacted as told, so it is not sent$/, () => "konnte nicht wie verlangt unkenntlich gemacht werden und wird deshalb nicht gesendet"],
  [/^it is a card, password or key, which no chat may hold$/, () => "ist eine Karte, ein Passwort oder ein Schlüssel, was in keinem Chat stehen darf"],
  [/^it is no address of the web \(http or https\), so nobody is to open it$/, () => "ist keine Adresse des Webs (http oder https), deshalb soll sie niemand öffnen"],
  [/^it is data of the class (.+)$/s, (name) => `gehört zur Datenklasse ${name}`],
  [/^the field says so$/, () => "das Feld verlangt es"],
  [/^it looks like (.+), which no chat may hold$/, (what) => `sieht aus wie ${kind(what)}, was in keinem Chat stehen darf`],
  [/^it looks like (.+)$/, (what) => `sieht aus wie ${kind(what)}`],
  [/^it holds what looks like (.+); the same id stands for it everywhere$/, (what) => `enthält, was aussieht wie ${kind(what)}; überall steht dafür dieselbe Kennung`],
  [/^it holds what looks like (.+)$/, (what) => `enthält, was aussieht wie ${kind(what)}`],
  [/^nothing that is known at this turn keeps it from a person$/, () => "nichts, was bei diesem Beitrag bekannt ist, hält es von einem Menschen fern"],
  [/^nothing that could be known at this turn leads it to a person$/, () => "nichts, was bei diesem Beitrag bekannt sein könnte, führt es zu einem Menschen"],
  [/^the customer already waits for a person$/, () => "der Kunde wartet schon auf einen Menschen"],
  [/^a person already has the conversation$/, () => "ein Mensch hat das Gespräch schon"],
  [/^the conversation is over$/, () => "das Gespräch ist vorbei"],
  [/^the run rests at a way on that is not drawn$/, () => "es ruht an einem Weg, der nicht gezeichnet ist"],
];
