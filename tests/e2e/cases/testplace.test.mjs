// Preview and the place where conversations are replayed: signals changed in place, what the person receives, expectations,
// coverage on the canvas, a threshold moved and written, two versions compared, labels.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, choose, copyOf, fill, preview, text, undoAll } from "../flows.mjs";
import { withStudio } from "../studio.mjs";

function lines(file) {
  return readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

describe("preview of real conversations", () => {
  const banking = copyOf();
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  test("what is known of the customer is changed in place, and the handoff goes elsewhere", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.press("Control", "p");
    await preview(page, "fee-1");
    await page.find({ testId: "zendesk-card" });
    await page.click({ testId: "drawer-tall" });
    await page.click({ testId: "change-customer" });
    await choose(page, "signal-customer.tier", "vip");
    await page.waitForText("VIP desk", { testId: "preview" });
    await page.find({ testId: "reset-customer.tier" });
    await page.waitForText("changed", { testId: "chat" });
    await held.studio.picture("preview-changed-light");
    await page.click({ testId: "reset-customer.tier" });
    await page.gone({ testId: "preview-back" });
  });

  test("the way of a changed run parts from the one before, and all of it is put back by one key", async () => {
    const { page } = held.studio;
    await page.click({ testId: "change-customer" });
    await page.click('[data-testid="said-customer"] [data-testid="change-signals"]');
    await fill(page, "signal-confidence", "0.95");
    await page.press("Tab");
    await page.waitForText("for another reason", { testId: "steps" });
    await fill(page, "signal-sentiment", "0.5");
    await page.press("Tab");
    await page.find({ testId: "steps-part" });
    await page.press("Alt", "Backspace");
    await page.gone({ testId: "steps-part" });
    await page.gone({ testId: "preview-back" });
  });

  test("a changed run is kept as a conversation of its own, with the customer and what is right", async () => {
    const { page } = held.studio;
    await page.click({ testId: "change-customer" });
    await choose(page, "signal-customer.tier", "vip");
    await page.click({ testId: "preview-keep" });
    await fill(page, "save-id", "fee-1-vip");
    await page.click({ testId: "expect-right" });
    await page.click({ testId: "save-conversation" });
    const kept = await until("it stands in the file", () => lines(banking.conversations).find(({ id }) => id === "fee-1-vip"));
    assert.equal(kept.customer.tier, "vip");
    assert.equal(kept.start, lines(banking.conversations)[0].start);
    assert.equal(kept.expect.handoff.tier, "tier2");
    await until("it is the one that is shown", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === "fee-1-vip");
    await page.gone({ testId: "save-form" });
  });

  test("says what is nearest to another decision, and applies it", async () => {
    const { page } = held.studio;
    await preview(page, "fee-1");
    await page.waitForText("tier standard", { testId: "chat" });
    await until("the step of the trigger is looked at", async () => {
      await page.click('[data-testid="step"][data-by="trigger.uncertain_dispute"] button');
      return page.run("return document.querySelector('[data-testid=step][data-by=\"trigger.uncertain_dispute\"] [aria-current=step]') !== null && document.querySelector('[data-testid=why-not-ask]') !== null;");
    }, { every: 400 });
    await page.click({ testId: "why-not-ask" });
    await page.find({ testId: "why-not-change" });
    await held.studio.picture("preview-why-not-light");
    await page.click({ testId: "why-not-apply" });
    await page.find({ testId: "preview-back" });
    await page.click({ testId: "preview-back" });
    await page.gone({ testId: "preview-back" });
  });

  test("a previewed conversation is written as a vCon", async () => {
    const { page } = held.studio;
    const path = join(banking.folder, "fee-1.vcon.json");
    held.studio.answerDialog(path);
    await page.click({ testId: "preview-vcon" });
    const vcon = await until("the file is there", () => existsSync(path) && JSON.parse(readFileSync(path, "utf8")));
    assert.ok(vcon.dialog.length > 0);
  });

  test("the request has a meter for its limit, and the files beside it", async () => {
    const { page } = held.studio;
    await page.click({ testId: "view-request" });
    await page.waitForText("of 65,000 bytes", { testId: "request" });
    await page.find({ testId: "ways" });
    await page.click({ testId: "view-setup" });
    await page.find({ testId: "target-file-text" });
    await page.click({ testId: "view-postman" });
    await page.waitForText("postman", { testId: "target-file-text" });
    await page.click({ testId: "view-request" });
    await held.studio.picture("preview-request-light");
    await page.click({ testId: "theme" });
    await held.studio.picture("preview-request-dark");
    await page.click({ testId: "theme" });
    await page.click({ testId: "view-agent" });
    await page.click({ testId: "drawer-tall" });
  });
});

describe("the place where conversations are replayed", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  const [first] = lines(banking.conversations);
  const wrong = { ...first, id: "wrong-1", tags: ["odd"], expect: { handoff: false } };
  const more = banking.write("july.conversations.jsonl", `${JSON.stringify(wrong)}\nbroken\n${JSON.stringify({ ...first, id: "open-1", expect: undefined })}\n`);
  const count = lines(banking.conversations).length;
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  test("lists the sets with what is in them, and finds words and tags", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.press("Control", "3");
    await page.waitForText(`${count} conversations`, { testId: "test-sets" });
    await page.waitForText("1 line cannot be read", { testId: "test-sets" });
    await held.studio.picture("test-begin-light");
    await page.click({ testId: "test-search" });
    await page.keyboard("tag:odd");
    await page.waitForText(`1 of ${count + 2}`, { testId: "test-found" });
    await fill(page, "test-search", "");
  });

  test("replays them by one key: outcomes, what is not as expected, and the line that cannot be read", async () => {
    const { page } = held.studio;
    await page.press("Control", "Enter");
    await page.waitForText(`${count + 2} conversations`, { testId: "test-summary" });
    await page.waitForText("1 not as expected", { testId: "test-expect" });
    await page.find('[data-testid="test-failed"][data-id="wrong-1"]');
    await page.waitForText("july.conversations.jsonl, line 2", { testId: "test-problems" });
    await held.studio.picture("test-replay-light");
    await page.click({ testId: "theme" });
    await held.studio.picture("test-replay-dark");
    await page.click({ testId: "theme" });
  });

  test("names who reaches a card, and paints what was reached on the canvas", async () => {
    const { page } = held.studio;
    await choose(page, "test-reach-pick", "to_vip");
    await page.waitForText("conversation", { testId: "test-reached" });
    await page.click({ testId: "test-paint" });
    await page.find(`${card("start")} .coverage`);
    await page.find({ testId: "coverage-off" });
    await held.studio.picture("test-coverage-light");
    await page.click({ testId: "coverage-off" });
    await page.gone(`${card("start")} .coverage`);
  });

  test("a failing one is shrunk and opened in Preview", async () => {
    const { page } = held.studio;
    await page.press("Control", "3");
    await page.click('[data-testid="test-failed"][data-id="wrong-1"] [data-testid="test-shrink"]');
    await until("the small one is previewed", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === "witness");
    await page.waitForText("Not as expected", { testId: "expectation" });
    assert.equal((await page.all({ testId: "said-customer" })).length, 1);
  });

  test("a constant is moved, a point picked by key and written into the flow as one step", async () => {
    const { page } = held.studio;
    await page.press("Control", "3");
    await page.click({ testId: "test-tab-sweep" });
    await choose(page, "sweep-constant", "unsure");
    await page.click({ testId: "sweep-run" });
    await page.find({ testId: "sweep-point" });
    await page.run("document.querySelector('[data-testid=sweep-curve]').focus();");
    await page.press("Home");
    await until("the lowest value is looked at", async () => (await (await page.find({ testId: "sweep-curve" })).attribute("aria-valuenow")) === "0");
    await held.studio.picture("test-sweep-light");
    await page.press("Enter");
    await until("it stands in the flow", async () => JSON.parse((await text(page)).text).constants.unsure.value === 0);
    assert.equal(await undoAll(page), 1);
    await page.click({ testId: "redo" });
    await until("it stands there again", async () => JSON.parse((await text(page)).text).constants.unsure.value === 0);
  });

  test("what that changes against the saved flow is listed and read from both sides", async () => {
    const { page } = held.studio;
    await page.click({ testId: "test-tab-whatif" });
    await page.click({ testId: "whatif-compare" });
    await page.find({ testId: "whatif-summary" });
    await page.find({ testId: "move-no_more" });
    await page.click({ testId: "move-no_more" });
    await held.studio.picture("test-whatif-light");
    await page.click({ testId: "whatif-both" });
    await page.find({ testId: "both" });
    await page.find('[data-testid="both"] [data-testid="steps-part"]');
    await held.studio.picture("test-both-light");
    await page.click({ testId: "both-close" });
    await undoAll(page);
    assert.equal((await text(page)).text, original);
  });

  test("what should have happened is kept in the conversation's own file", async () => {
    const { page } = held.studio;
    await fill(page, "test-search", "id:wrong-1");
    await page.waitForText(`1 of ${count + 2}`, { testId: "test-found" });
    await page.click({ testId: "test-conversation" });
    await page.find({ testId: "read-label" });
    await held.studio.picture("test-read-light");
    await page.click({ testId: "label-tier-tier1" });
    await until("it stands in the file", () => JSON.parse(readFileSync(more, "utf8").split("\n")[0]).expect.handoff?.tier === "tier1");
    assert.equal(readFileSync(more, "utf8").split("\n")[1], "broken");
    await page.waitForText("A person", { testId: "read-now" });
  });

  test("a long replay says how far it is, and stops", async () => {
    const { page } = held.studio;
    const many = Array.from({ length: 60_000 }, (_, at) => JSON.stringify({ ...first, id: `many-${at}` }));
    writeFileSync(more, `${many.join("\n")}\n`);
    await page.press("Control", "Enter");
    await page.find({ testId: "test-progress" });
    await page.click({ testId: "test-stop" });
    await page.gone({ testId: "test-progress" });
    await page.waitForText("Stopped", { testId: "test" });
  });
});

describe("a flow without conversations", () => {
  const banking = copyOf("saas_copilot");
  writeFileSync(banking.conversations, "");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  test("says what the place is for and offers the first step", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.press("Control", "3");
    await page.find({ testId: "test-empty" });
    await held.studio.picture("test-empty-light");
    assert.ok(await page.run("return document.querySelector('[data-testid=test-replay]').disabled;"));
  });
});
