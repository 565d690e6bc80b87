// Preview, the Test place and imports by keyboard alone: from a conversation to what would have changed it, kept, replayed, read and labelled.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, copyOf, focus, pressUntil, retype } from "../flows.mjs";
import { withStudio } from "../studio.mjs";

function lines(file) {
  return readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

describe("conversations, by keyboard alone", () => {
  const banking = copyOf();
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  const to = (page, testid, key = "Tab", most = 90) => pressUntil(page, key, testid, async () => (await focus(page)).testid === testid, most);

  test("the nearest change to another decision is asked for, made, and kept as a conversation", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.press("Control", "p");
    await page.find({ testId: "zendesk-card" });
    await page.press("Alt", "Home");
    const trigger = '[data-testid="step"][data-by="trigger.uncertain_dispute"] [aria-current=step]';
    await pressUntil(page, ["Alt", "PageDown"], "the step of the trigger", () => page.run("return document.querySelector(arguments[0]) !== null;", trigger), 12);
    await page.press("Alt", "w");
    await page.find({ testId: "why-not-change" });
    await to(page, "why-not-apply");
    await page.press("Enter");
    await page.find({ testId: "preview-back" });
    await to(page, "preview-keep", ["Shift", "Tab"]);
    await page.press("Enter");
    await until("the name has the focus", async () => (await focus(page)).testid === "save-id");
    await retype(page, "by-keys");
    await page.press("Enter");
    const kept = await until("it stands in the file", () => lines(banking.conversations).find(({ id }) => id === "by-keys"));
    assert.equal(kept.expect.handoff, false);
    await until("it is shown, and the keyboard is at it", async () => (await focus(page)).testid === "preview-pick" && (await (await page.find({ testId: "preview-pick" })).property("value")) === "by-keys");
  });

  test("a signal is changed at its place, and put back", async () => {
    const { page } = held.studio;
    await to(page, "change-customer", "Tab", 20);
    await page.press("Enter");
    await to(page, "signal-customer.tier", "Tab", 12);
    await page.keyboard("vip");
    await page.find({ testId: "reset-customer.tier" });
    await page.press("Alt", "Backspace");
    await page.gone({ testId: "preview-back" });
  });

  test("all are replayed, and one that is not as expected is reached and made small", async () => {
    const { page } = held.studio;
    const [first] = lines(banking.conversations);
    writeFileSync(banking.conversations, `${readFileSync(banking.conversations, "utf8")}${JSON.stringify({ ...first, id: "wrong-1", expect: { handoff: false } })}\n`);
    await page.press("Control", "3");
    await page.press("Control", "Enter");
    await page.find('[data-testid="test-failed"][data-id="wrong-1"]');
    await to(page, "test-shrink");
    await page.press("Enter");
    await until("the small one is previewed", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === "witness");
  });

  test("one is read and labelled", async () => {
    const { page } = held.studio;
    await page.press("Control", "3");
    await to(page, "test-search");
    await page.keyboard("id:wrong-1");
    await page.waitForText("1 of ", { testId: "test-found" });
    await to(page, "test-conversation");
    await page.press("Enter");
    await page.find({ testId: "read-label" });
    await to(page, "label-tier-tier1");
    await page.press("Enter");
    await until("it stands in the file", () => lines(banking.conversations).find(({ id }) => id === "wrong-1").expect.handoff?.tier === "tier1");
  });

  test("a table from elsewhere is imported", async () => {
    const { page } = held.studio;
    const table = join(banking.folder, "calls.csv");
    writeFileSync(table, "conversation,speaker,text\n7,customer,Why was I charged?\n7,bot,Let me look.\n");
    held.studio.answerDialog(table);
    await page.press("Alt", "i");
    await page.find({ testId: "import" });
    if ((await page.all({ testId: "import-file" })).length === 0) {
      await to(page, "import-choose", "Tab", 20);
      await page.press("Enter");
    }
    await page.find({ testId: "import-counts" });
    const out = join(banking.folder, "calls.conversations.jsonl");
    held.studio.answerDialog(out);
    await to(page, "import-save", "Tab", 60);
    await page.press("Enter");
    await until("it stands there", () => lines(out).length === 1);
  });
});
