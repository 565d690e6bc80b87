/** Sätze des Kerns auf Deutsch: was nicht gesendet wird, wie es ist, und warum eine Frage nach dem Nächsten keine Antwort hat. */
import type { Sentence } from "../en/core";

export const withheld: readonly Sentence[] = [
  [/^it holds the value of (\S+): (.+)$/s, (field, why) => `enthält den Wert von ${field}: ${why}`],
  [/^it is data of the class (.+)$/s, (name) => `gehört zur Datenklasse ${name}`],
  [/^it looks like (.+), which no chat may hold$/, (what) => `sieht aus wie ${what}, was in keinem Chat stehen darf`],
  [/^it looks like (.+)$/, (what) => `sieht aus wie ${what}`],
  [/^it holds data of the class (.+); the same id stands for it everywhere$/s, (name) => `enthält Daten der Klasse ${name}; überall steht dafür dieselbe Kennung`],
  [/^it holds what looks like (.+); the same id stands for it everywhere$/, (what) => `enthält, was aussieht wie ${what}; überall steht dafür dieselbe Kennung`],
  [/^it holds what looks like (.+)$/, (what) => `enthält, was aussieht wie ${what}`],
];
