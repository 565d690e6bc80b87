/** Was das Register von einem Ablauf sagt: Bedingungen, Wege, Zeiten und Zusagen, Wendung für Wendung. */
import type { Sentence } from "../en/core";
import type { spoken as english } from "../en/spoken";
import type { Part } from "../over";

function fixed(phrases: { readonly [english: string]: string }): Sentence[] {
  const literal = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return Object.entries(phrases)
    .sort(([a], [b]) => b.length - a.length)
    .map(([words, german]) => [new RegExp(`${literal(words)}(?!\\w)`, "y"), () => german]);
}

const UNITS: { readonly [unit: string]: readonly [string, string] } = { day: ["Tag", "Tage"], hour: ["Stunde", "Stunden"], minute: ["Minute", "Minuten"], second: ["Sekunde", "Sekunden"] };

function counted(count: string, unit: string): string {
  const [one, many] = UNITS[unit] ?? [unit, unit];
  return `${count} ${count === "1" ? one : many}`;
}

const withParts: readonly Sentence[] = [
  [/(\d+(?:\.\d+)?) (day|hour|minute|second)s?\b/y, (count, unit) => counted(count ?? "", unit ?? "")],
  [/is not given in (\d+) tr(?:y|ies)\b/y, (tries) => `wird in ${tries} ${tries === "1" ? "Versuch" : "Versuchen"} nicht genannt`],
  [/fails: ([^;]*)/y, (title) => `misslingt: ${title}`],
  [/on (\d{4}-\d{2}-\d{2}) closed\b/y, (day) => `am ${day} geschlossen`],
  [/on (\d{4}-\d{2}-\d{2})/y, (day) => `am ${day}`],
];

const names = {
  "what the customer wrote": "was der Kunde schrieb",
  "the channel": "der Kanal",
  "the customer's wish": "das Anliegen",
  "the AI's confidence": "die Sicherheit der KI",
  "the customer's mood": "die Stimmung des Kunden",
  "the trend of the mood": "der Verlauf der Stimmung",
  "the customer's frustration": "der Ärger des Kunden",
  "the number of the customer's turns": "die Zahl der Kundenbeiträge",
  "the number of times the same is asked in a row": "wie oft dasselbe nacheinander gefragt wird",
  "the number of turns not understood in a row": "die Zahl der nacheinander nicht verstandenen Beiträge",
  "the number of failed tries": "die Zahl der misslungenen Versuche",
  "the number of handoffs so far": "die Zahl der bisherigen Übergaben",
  "the number of handoffs to": "die Zahl der Übergaben an",
  "so far": "bisher",
  "the time waited so far": "die bisher gewartete Zeit",
  "the priority": "die Dringlichkeit",
  "the expected wait at": "die erwartete Wartezeit bei",
  "the expected wait": "die erwartete Wartezeit",
  "the number of people free at": "die Zahl der freien Menschen bei",
  "the number of people free": "die Zahl der freien Menschen",
  "the place in the queue of": "der Platz in der Warteschlange von",
  "the place in the queue": "der Platz in der Warteschlange",
  "the reason for the handoff": "der Grund der Übergabe",
  "the error code": "der Fehlercode",
  "the lookup that failed": "der misslungene Aufruf",
  "the error message": "die Fehlermeldung",
  "the person's note": "die Notiz des Menschen",
  "the person's outcome": "der Ausgang beim Menschen",
  "the person's name": "der Name des Menschen",
  "the reference of the request": "die Kennung der Anfrage",
  "nothing that the flow knows": "nichts, was der Ablauf kennt",
};

const conditions = {
  "the customer's words can be understood": "die Worte des Kunden werden verstanden",
  "understanding is down": "das Verstehen ist ausgefallen",
  "no request is waiting": "keine Anfrage wartet",
  "a request is waiting": "eine Anfrage wartet",
  "the queue is open": "die Warteschlange ist offen",
  "the queue is closed": "die Warteschlange ist geschlossen",
  "is not known": "ist nicht bekannt",
  "is known": "ist bekannt",
  "is not true": "trifft nicht zu",
  "is true": "trifft zu",
  "is at most": "ist höchstens",
  "is at least": "ist mindestens",
  "is below": "ist unter",
  "is above": "ist über",
  "is open": "ist offen",
  "is closed": "ist geschlossen",
  "is not": "ist nicht",
  is: "ist",
  "starts with": "beginnt mit",
  "ends with": "endet mit",
  contains: "enthält",
  "one of nothing": "eines von nichts",
  "one of": "eines von",
  and: "und",
  or: "oder",
  not: "nicht",
  always: "immer",
  never: "nie",
  times: "mal",
  of: "von",
  opens: "öffnet",
};

const ways = {
  "of silence": "Stille",
  "the customer says anything else": "der Kunde sagt etwas anderes",
  "nothing else applies": "nichts anderes trifft zu",
  "is given": "wird genannt",
  "goes well": "gelingt",
  fails: "misslingt",
  "does not answer within": "antwortet nicht innerhalb von",
  "does not answer": "antwortet nicht",
  "ends in another way": "endet anders",
  "at the beginning": "am Anfang",
  after: "nach",
  "which is not decided yet": "worüber noch nicht entschieden ist",
  "is said": "(gesagt)",
  "the wait is too long": "die Wartezeit ist zu lang",
  "the customer keeps the place": "der Kunde behält den Platz",
  "while the customer waits,": "während der Kunde wartet:",
  "the person hands back with": "der Mensch gibt zurück mit",
  "the person hands back to the AI": "der Mensch gibt an die KI zurück",
  "the person has solved it": "der Mensch hat es gelöst",
  "the person at": "der Mensch bei",
  "passes it on": "gibt es weiter",
  "the request has gone out": "die Anfrage ist hinausgegangen",
  "the request does not get through": "die Anfrage kommt nicht durch",
  "nobody answers within": "niemand antwortet innerhalb von",
  "nobody answers": "niemand antwortet",
  "which comes when": "wozu es kommt, wenn",
  "or when": "oder wenn",
  "or otherwise": "oder auf andere Weise",
  when: "wann",
  fires: "löst aus",
  at: "bei",
  "no trigger and no edge leads to this card": "kein Auslöser und keine Kante führt zu dieser Karte",
  "nothing leads there": "nichts führt dorthin",
  anywhere: "überall",
  only: "nur",
  but: "außer",
  "the group": "die Gruppe",
  "once in a conversation": "einmal in einem Gespräch",
  "until a person has accepted": "bis ein Mensch angenommen hat",
  because: "weil",
  "not drawn: nothing happens": "nicht gezeichnet: es geschieht nichts",
  "the place is kept": "der Platz bleibt",
  then: "dann",
};

const times = {
  "at all times": "jederzeit",
  "never open": "nie offen",
  "closed on": "geschlossen am",
  "answered within": "beantwortet innerhalb von",
  "an answer within": "eine Antwort innerhalb von",
  "nobody waits longer than": "niemand wartet länger als",
  "then every": "dann alle",
  "to what the customer adds": "auf das, was der Kunde ergänzt",
  Mon: "Mo",
  Tue: "Di",
  Wed: "Mi",
  Thu: "Do",
  Fri: "Fr",
  Sat: "Sa",
  Sun: "So",
};

const phrases: readonly Sentence[] = [...withParts, ...fixed({ ...names, ...conditions, ...ways, ...times })];

const plain: { readonly [english: string]: string } = {
  "title of the trigger": "Titel des Auslösers",
  "when it fires": "wann er auslöst",
  "why there is the trigger": "warum es den Auslöser gibt",
  "owner of the trigger": "wer für den Auslöser zuständig ist",
  "when the way is taken": "wann der Weg genommen wird",
  "why there is the way": "warum es den Weg gibt",
  "title of the card": "Titel der Karte",
  "how it is handed over": "wie übergeben wird",
  "what the customer hears": "was der Kunde hört",
  "when the queue is closed": "wenn die Warteschlange geschlossen ist",
  "when nobody answers": "wenn niemand antwortet",
  "when it fails": "wenn es misslingt",
  "when the wait is too long": "wenn die Wartezeit zu lang ist",
  "where it leads then": "wohin es dann führt",
  "the longest wait": "die längste Wartezeit",
  "an answer within": "eine Antwort innerhalb von",
  "owner of the card": "wer für die Karte zuständig ist",
  "why there is the card": "warum es die Karte gibt",
  "when this tier gets it": "wann diese Stufe es erhält",
  "who gets it then": "wer es dann erhält",
  "priority then": "Dringlichkeit dann",
  "who gets it": "wer es erhält",
  priority: "Dringlichkeit",
  "seconds until they are said": "Sekunden, bis sie gesagt werden",
  "seconds until they are said again": "Sekunden, bis sie wieder gesagt werden",
  "answer to what the customer adds": "Antwort auf das, was der Kunde ergänzt",
  "when a turn leads away": "wann ein Beitrag wegführt",
  "what the customer is told is sent": "was dem Kunden über das Gesendete gesagt wird",
};

const labels: readonly Sentence[] = [
  [/^when it is because of (.+)$/s, (name) => `wann es wegen ${name} ist`],
  [/^words for (.+)$/s, (name) => `Worte für ${name}`],
  [/^(.+): answered within$/s, (tier) => `${tier}: beantwortet innerhalb von`],
  [/^(.+): share$/s, (tier) => `${tier}: Anteil`],
  [/^words after (\d+) (day|hour|minute|second)s?$/, (count, unit) => `Worte nach ${counted(count ?? "", unit ?? "")}`],
  [/^words after (.+)$/s, (time) => `Worte nach ${time}`],
  [/^what happens to (.+)$/s, (field) => `was mit ${field} geschieht`],
  ...Object.entries(plain).map(([words, german]): Sentence => [new RegExp(`^${words}$`), () => german]),
];

export const spoken: Part<typeof english> = { spoken: { quotes: ["„", "“"], phrases, labels } };
