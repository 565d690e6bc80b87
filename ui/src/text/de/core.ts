/** Sätze des Kerns auf Deutsch: Gründe von Schritten, verfehlte Erwartungen, Zeilen, die nicht gelten, Gründe beim Import. */
import type { core as english, Sentence } from "../en/core";
import type { Part } from "../over";
import { withheld } from "./withheld";

/** Warum ein Schritt getan wurde. */
const steps: readonly Sentence[] = [
  [/^it holds: (.+)$/s, (why) => `trifft zu: ${why}`],
  [/^the wait is too long: (.+)$/s, (why) => `die Wartezeit ist zu lang: ${why}`],
  [/^the customer's turn leaves the wait: (.+)$/s, (why) => `der Kundenbeitrag beendet das Warten: ${why}`],
  [/^trigger (\S+): (.+)$/s, (id, why) => `Auslöser ${id}: ${why}`],
  [/^trigger (\S+)$/, (id) => `Auslöser ${id}`],
  [/^(\S+) is not known: it asks$/, (slot) => `${slot} ist nicht bekannt: es fragt`],
  [/^(\S+) is still not known after (\S+) tries: it asks again$/, (slot, tries) => `${slot} ist nach ${tries} Versuchen noch nicht bekannt: es fragt noch einmal`],
  [/^(\S+) is known already: (.*)$/s, (slot, value) => `${slot} ist schon bekannt: ${value}`],
  [/^(\S+) is now (.*)$/s, (slot, value) => `${slot} ist jetzt ${value}`],
  [/^(\S+) was not given in (\S+) tries$/, (slot, tries) => `${slot} wurde in ${tries} Versuchen nicht genannt`],
  [/^the call failed: (.*)$/s, (code) => `der Aufruf misslang: ${code}`],
  [/^(.+) is open, priority (\S+), wait (\S+) s: the request goes out$/s, (tier, priority, wait) => `${tier} ist offen, Priorität ${priority}, Wartezeit ${wait} s: die Anfrage geht hinaus`],
  [/^(.+) is closed$/s, (tier) => `${tier} ist geschlossen`],
  [/^the customer waits on, (\S+) s so far$/, (waited) => `der Kunde wartet weiter, bisher ${waited} s`],
  [/^always$/, () => "immer"],
  [/^(.+): nothing was said of the request, so it is taken as sent$/s, (node) => `${node}: von der Anfrage war nichts zu hören, deshalb gilt sie als gesendet`],
  [/^(.+): no result was given, so the call is taken as fine$/s, (node) => `${node}: es gab kein Ergebnis, deshalb gilt der Aufruf als gelungen`],
  [/^(.+): a value that does not fit counts as unset$/s, (name) => `${name}: ein Wert, der nicht passt, gilt als nicht gesetzt`],
  [/^(\w+) "(.*)" is not declared by the flow: (?:it counts as none|it is passed over)$/s, (_what, name) => `„${name}“ kennt der Ablauf nicht: es wird übergangen`],
];

/** Was nicht so ausging wie erwartet. */
const expectations: readonly Sentence[] = [
  [/^no handoff \((\w+)\), and one was expected$/, (kind) => `keine Übergabe (${kind}), und eine war erwartet`],
  [/^the outcome is (.+), not the end "(.*)"$/s, (was, end) => `der Ausgang ist ${was}, nicht das Ende „${end}“`],
  [/^it is (\w+) at (\S+), not open at (\S+)$/, (kind, here, there) => `es ist ${kind} bei ${here}, nicht offen bei ${there}`],
  [/^"(.*)" is not said$/s, (text) => `„${text}“ wird nicht gesagt`],
  [/^(\S+) is there, and was expected to be absent$/, (field) => `${field} ist da und sollte fehlen`],
  [/^([\w.]+) is (.+), not (.+)$/s, (key, was, expected) => `${key} ist ${was}, nicht ${expected}`],
];

/** Was an einer Zeile nicht stimmt. */
const lines: readonly Sentence[] = [
  [/^the id (.+) was seen before, so it is not replayed$/s, (id) => `${id} kam schon vor, deshalb wird es nicht gespielt`],
  [/^(.+): turns\[(\d+)\] is passed over: (.+)$/s, (id, turn, why) => `${id}: turns[${turn}] wird übergangen: ${why}`],
  [/^it is not JSON at column (\d+): (.+)$/s, (column, why) => `in Spalte ${column} ist es kein JSON: ${why}`],
  [/^the file is UTF-16, so none of it is read: .+$/s, () => "die Datei ist in UTF-16, deshalb wird nichts davon gelesen: speichern Sie sie als UTF-8 oder importieren Sie sie"],
  [/^"(\w+)" is more than a hundred years \((\d+) s\)$/, (key, seconds) => `„${key}“ ist mehr als hundert Jahre (${seconds} s)`],
  [/^it is not UTF-8 text$/, () => "es ist kein Text in UTF-8"],
  [/^it is no object: (?:.+)$/s, () => "es ist kein Objekt: ein Gespräch ist {\"id\": …, \"turns\": […]}"],
  [/^it is no object$/, () => "es ist kein Objekt"],
  [/^it has no "(\w+)" (?:text|list)$/, (key) => `„${key}“ fehlt`],
  [/^its start is no text$/, () => "sein Beginn ist kein Text"],
  [/^its start is no time such as (\S+)$/, (example) => `sein Beginn ist keine Zeit wie ${example}`],
  [/^it has none of the keys (.+)$/s, (keys) => `es hat keinen der Schlüssel ${keys}`],
  [/^"(\w+)" is none of (.+)$/s, (key, known) => `„${key}“ ist keines von ${known}`],
  [/^"(\w+)" is no text$/, (key) => `„${key}“ ist kein Text`],
  [/^"(\w+)" is no number of seconds$/, (key) => `„${key}“ ist keine Zahl von Sekunden`],
  [/^"(\w+)" cannot be "(.*)"$/s, (key, value) => `„${key}“ kann nicht „${value}“ sein`],
  [/^"(\w+)" can only be "(.*)"$/s, (key, value) => `„${key}“ kann nur „${value}“ sein`],
  [/^it ends too early$/, () => "es endet zu früh"],
  [/^it nests too deep$/, () => "es ist zu tief verschachtelt"],
  [/^there is more after its end$/, () => "hinter seinem Ende steht noch etwas"],
  [/^a text is not closed$/, () => "ein Text ist nicht geschlossen"],
  [/^a text holds a control character$/, () => "ein Text enthält ein Steuerzeichen"],
  [/^a key in double quotes is expected$/, () => "hier sollte ein Schlüssel in Anführungszeichen stehen"],
  [/^a value is expected$/, () => "hier sollte ein Wert stehen"],
  [/^a number is not well written$/, () => "eine Zahl ist nicht richtig geschrieben"],
  [/^(?:a )?`(.)` is expected$/, (mark) => `hier sollte „${mark}“ stehen`],
  [/^a comma or `(.)` is expected$/, (mark) => `hier sollte ein Komma oder „${mark}“ stehen`],
  [/^an escape does not exist in JSON$/, () => "eine Maskierung gibt es in JSON nicht"],
  [/^a `\\u` escape is no character$/, () => "eine Maskierung mit \\u ist kein Zeichen"],
];

const MARKS: { readonly [mark: string]: string } = { commas: "Kommas", semicolons: "Semikolons", tabs: "Tabulatoren", bars: "senkrechte Striche" };

function withList(list: string | undefined): string {
  return list === undefined || list === "" ? "" : ` mit einer Liste ${list}`;
}

/** Wofür eine Datei gehalten wird, und was an ihr nicht verstanden wurde. */
const imports: readonly Sentence[] = [
  [/^its lines have (\d+) columns with (\w+) between them$/, (count, mark) => `ihre Zeilen haben ${count} Spalten, getrennt durch ${MARKS[mark ?? ""] ?? mark}`],
  [/^its name ends like that of a table$/, () => "ihr Name endet wie der einer Tabelle"],
  [/^each line is a JSON object(?: with a list (\S+))?$/, (list) => `jede Zeile ist ein Objekt in JSON${withList(list)}`],
  [/^(?:it|its list) holds a JSON object(?: with a list (\S+))?$/, (list) => `sie enthält Objekte in JSON${withList(list)}`],
  [/^it has the (\w+) of Dialogflow CX$/, (key) => `sie hat ${key} wie Dialogflow CX`],
  [/^its columns are (.+) of a Lex test set$/, (columns) => `ihre Spalten sind ${(columns ?? "").replace(" and ", " und ")} eines Lex-Testsatzes`],
  [/^each line has an id and turns with the keys of the studio's own format$/, () => "jede Zeile hat eine Kennung und Beiträge im Format dieses Studios"],
  [/^it has stories or test_cases with steps of Rasa$/, () => "sie hat stories oder test_cases mit Schritten von Rasa"],
  [/^its objects have the sender_id and events of Rasa trackers$/, () => "ihre Objekte haben sender_id und events wie Tracker von Rasa"],
  [/^its objects are events of Rasa with a sender_id$/, () => "ihre Objekte sind Ereignisse von Rasa mit einer sender_id"],
  [/^its runs have the keys traj and info of tau-bench's results$/, () => "ihre Läufe haben traj und info wie Ergebnisse von tau-bench"],
  [/^its corpus is tau-bench, and its turns have speakers$/, () => "sie gehört zu tau-bench, und ihre Beiträge nennen Sprecher"],
  [/^its turns have the speakers of tau-bench logs$/, () => "ihre Beiträge haben die Sprecher von tau-bench"],
  [/^it is a vCon of syntax (\S+)$/, (version) => `es ist ein vCon der Syntax ${version}`],
  [/^its name is that of a vCon, and it is signed$/, () => "ihr Name ist der eines vCon, und sie ist unterschrieben"],
  [/^it has the uuid, parties and dialog of a vCon$/, () => "sie hat uuid, parties und dialog wie ein vCon"],
  [/^(\d+) of its first (\d+) lines begin with a date, a time and a name$/, (some, of) => `${some} ihrer ersten ${of} Zeilen beginnen mit Datum, Uhrzeit und Name`],
  [/^it has a list of Zendesk tickets$/, () => "sie hat eine Liste von Zendesk-Tickets"],
  [/^it is a Zendesk ticket with what belongs to it$/, () => "es ist ein Zendesk-Ticket mit allem, was dazugehört"],
  [/^its objects have the requester_id and subject of Zendesk tickets$/, () => "ihre Objekte haben requester_id und subject wie Zendesk-Tickets"],
  [/^it has a list of Zendesk chats with their history$/, () => "sie hat eine Liste von Zendesk-Chats mit ihrem Verlauf"],
  [/^its objects have the visitor and history of Zendesk chats$/, () => "ihre Objekte haben visitor und history wie Zendesk-Chats"],
  [/^(.+); it is kept, and passed over in a run$/s, (why) => `${why}; es bleibt stehen und wird beim Spielen übergangen`],
  [/^(.+), so it is left out$/s, (why) => `${why}; es wird ausgelassen`],
  [/^(.+); it is left out$/s, (why) => `${why}; es wird ausgelassen`],
  [/^it is longer than 64 MB(?: of YAML)?$/, () => "es ist länger als 64 MB"],
  [/^there is more after it, which is left out$/, () => "dahinter steht noch etwas, das ausgelassen wird"],
  [/^it has no (?:id|such list|list of events)$/, () => "es fehlt, was es ausmacht"],
  [/^it belongs to no ticket$/, () => "es gehört zu keinem Ticket"],
  [/^it stands before the first message$/, () => "es steht vor der ersten Nachricht"],
  [/^such a step is not known$/, () => "ein solcher Schritt ist nicht bekannt"],
  [/^it holds no conversations$/, () => "es enthält keine Gespräche"],
  [/^it is a choice; the first of it is read$/, () => "es ist eine Auswahl; gelesen wird das Erste"],
  [/^it is neither true nor false$/, () => "es ist weder wahr noch falsch"],
  [/^it is not of the kind that "as" asks for$/, () => "es ist nicht von der Art, die verlangt ist"],
  [/^the mapping does not say what it is, so the row is left out$/, () => "die Zuordnung sagt nicht, was das ist; die Zeile wird ausgelassen"],
  [/^it does not say who speaks; "others" of the mapping can say what such rows are$/, () => "sie sagt nicht, wer spricht; unter „übrige“ lässt sich sagen, was solche Zeilen sind"],
  [/^it is (.+) and no list of messages, so the conversation is left out$/s, (what) => `es ist ${what} und keine Liste von Nachrichten; das Gespräch wird ausgelassen`],
  [/^it is (.+), and a conversation or a message is an object$/s, (what) => `es ist ${what}, und ein Gespräch oder eine Nachricht ist ein Objekt`],
  [/^it is no number from (\S+) to (\S+)$/, (from, to) => `es ist keine Zahl von ${from} bis ${to}`],
  [/^it has neither words nor an intent$/, () => "es hat weder Worte noch eine Absicht"],
  [/^it has no words$/, () => "es hat keine Worte"],
  [/^it has no name$/, () => "es hat keinen Namen"],
  [/^it has no number of seconds$/, () => "es hat keine Zahl von Sekunden"],
  [/^it has neither (\S+) nor (?:a )?(\S+)$/, (one, two) => `es hat weder ${one} noch ${two}`],
  [/^no column says which tier$/, () => "keine Spalte sagt, welche Stufe"],
  [/^there is no call before it$/, () => "davor steht kein Aufruf"],
  [/^it is no list of (?:names with values|intents with confidences|tags)$/, () => "es ist keine solche Liste"],
  [/^it is no object$/, () => "es ist kein Objekt"],
  [/^it is no key of an object$/, () => "es ist kein Schlüssel eines Objekts"],
  [/^it does not begin with (?:a list|an object), as the mapping says$/, () => "sie beginnt nicht, wie die Zuordnung sagt"],
  [/^its (?:list|object) is not closed; what stands before is read$/, () => "sie ist nicht geschlossen; gelesen wird, was davor steht"],
  [/^a quote in it is not closed, so the line is read as it stands$/, () => "ein Anführungszeichen darin ist nicht geschlossen; die Zeile wird gelesen, wie sie dasteht"],
  [/^it is no number$/, () => "es ist keine Zahl"],
  [/^it is no number of seconds$/, () => "es ist keine Zahl von Sekunden"],
  [/^it is no moment in the order of dates of the mapping$/, () => "es ist in dieser Reihenfolge von Tag, Monat und Jahr kein Zeitpunkt"],
  [/^its time is (\d+) s before that of the row above; rows stay in the order of the file$/, (seconds) => `ihre Zeit liegt ${seconds} s vor der Zeile darüber; die Zeilen bleiben in der Reihenfolge der Datei`],
  [/^it is read as (month|day), .+ in the mapping reads it the other way around$/s, (first) => (first === "month" ? "gelesen wird zuerst der Monat, und kein Datum der Datei sagt, dass es so sein muss; unter „Reihenfolge im Datum“ lässt es sich umdrehen" : "gelesen wird zuerst der Tag, und kein Datum der Datei sagt, dass es so sein muss; unter „Reihenfolge im Datum“ lässt es sich umdrehen")],
  [/^no comma, semicolon, tab or bar cuts its lines into the same columns, .+$/s, () => "weder Kommas noch Semikolons, Tabulatoren oder senkrechte Striche teilen ihre Zeilen in gleiche Spalten; gelesen wird mit Kommas, und die Zuordnung sagt, was wirklich trennt"],
  [/^it is none of ok, error, timeout$/, () => "es ist keines von ok, error, timeout"],
];

// Was Teile hat, die selbst Sätze sind, steht vor dem, was alles nimmt.
export const core: Part<typeof english> = { core: [...withheld, ...imports, ...lines, ...steps, ...expectations] };
