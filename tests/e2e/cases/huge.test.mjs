// A flow of 100,000 cards in the real window: it opens, a card is found and changed, and the change is saved.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { copyOf } from "../flows.mjs";
import { openStudio } from "../studio.mjs";

const CARDS = 100_000;
const PATIENCE = { seconds: 240, every: 250 };

/** Messages in rows of a thousand; the first one of each row is a branch of the listen that all of them come back to. */
function flow() {
  const nodes = { start: { kind: "start", next: "main" }, main: { kind: "listen", branches: [], else: "done" }, done: { kind: "end", outcome: "done" } };
  for (let at = 0; at < CARDS - 3; at += 1) {
    if (at % 1000 === 0) nodes.main.branches.push({ when: `text == "${at}"`, to: `m${at}` });
    nodes[`m${at}`] = { kind: "message", text: `Number ${at}`, next: at % 1000 === 999 || at === CARDS - 4 ? "main" : `m${at + 1}` };
  }
  return { format: "handoff-flow/1", id: "huge", nodes };
}

describe("a flow of 100,000 cards", () => {
  const banking = copyOf();
  const path = banking.write("huge.flow.json", flow());
  let studio;
  after(async () => {
    await studio?.close();
    banking.remove();
  });

  test("opens, and a card of it is found, changed and saved", async () => {
    studio = await openStudio({ args: [path] });
    const { page } = studio;
    await page.find("[data-node]", PATIENCE);
    await page.press("Control", "k");
    await page.find({ testId: "palette-input" }, PATIENCE);
    await page.keyboard("m77777");
    await until("the palette finds the card", () => page.run("return document.querySelector('[data-testid=palette-item]')?.textContent.trim().endsWith(' · m77777') ?? false;"), PATIENCE);
    await page.press("Enter");
    await until("the inspector is about it", () => page.run("return document.querySelector('[data-testid=inspector-id]')?.value === 'm77777';"), PATIENCE);
    await page.click({ testId: "field-text" }, PATIENCE);
    await page.press("Control", "End");
    await page.keyboard("!");
    await page.waitForText("unsaved", { testId: "save-state" }, PATIENCE);
    await page.press("Control", "s");
    await until("it is saved", () => JSON.parse(readFileSync(path, "utf8")).nodes.m77777.text === "Number 77777!", PATIENCE);
    assert.equal(Object.keys(JSON.parse(readFileSync(path, "utf8")).nodes).length, CARDS);
  });
});
