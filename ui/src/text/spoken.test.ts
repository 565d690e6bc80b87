import { describe, expect, it } from "vitest";
import { translated } from "./core";
import { de } from "./de";
import { en } from "./en";
import { spokenIn } from "./spoken";
import type { Text } from ".";

const german = de.spoken as Text["spoken"];

describe("what the register says", () => {
  it("is said in German, and leaves the flow's own words as they are", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["the customer's wish is “Disputes a fee” and “VIP desk is open” is closed", "das Anliegen ist „Disputes a fee“ und „VIP desk is open“ ist geschlossen"],
      ["the expected wait at “VIP desk” is above 1 hour 30 minutes", "die erwartete Wartezeit bei „VIP desk“ ist über 1 Stunde 30 Minuten"],
      ["not (the AI's confidence is at least 0.5) or “ok” is not known", "nicht (die Sicherheit der KI ist mindestens 0.5) oder „ok“ ist nicht bekannt"],
      ["“Phone number” is not given in 3 tries", "„Phone number“ wird in 3 Versuchen nicht genannt"],
      ["“Fee” fails: this is never right; or when “Fee” does not answer within 5 seconds", "„Fee“ misslingt: this is never right; oder wenn „Fee“ antwortet nicht innerhalb von 5 Sekunden"],
      ["at all times", "jederzeit"],
      ["Mon-Fri 08:00-20:00 (Europe/London); closed on 2026-12-25; on 2026-12-24 closed", "Mo-Fr 08:00-20:00 (Europe/London); geschlossen am 2026-12-25; am 2026-12-24 geschlossen"],
      ["80 % answered within 5 minutes", "80 % beantwortet innerhalb von 5 Minuten"],
      ["an answer within 1 minute; nobody waits longer than 2 days", "eine Antwort innerhalb von 1 Minute; niemand wartet länger als 2 Tage"],
      ["after 30 seconds, then every 1 minute", "nach 30 Sekunden, dann alle 1 Minute"],
      ["anywhere but “Goodbye”, the group “paid”", "überall außer „Goodbye“, die Gruppe „paid“"],
      ["not drawn: nothing happens", "nicht gezeichnet: es geschieht nichts"],
      ["isolated orders", "isolated orders"],
    ];
    for (const [words, expected] of cases) expect(spokenIn(words, german)).toBe(expected);
    for (const [words] of cases) expect(spokenIn(words, en.spoken)).toBe(words);
  });

  it("has German labels", () => {
    expect(translated("General queue: share", german.labels)).toBe("General queue: Anteil");
    expect(translated("seconds until they are said", german.labels)).toBe("Sekunden, bis sie gesagt werden");
    expect(translated("words after 1 minute", german.labels)).toBe("Worte nach 1 Minute");
    expect(translated("what happens to phone", german.labels)).toBe("was mit phone geschieht");
  });
});
