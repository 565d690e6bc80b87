// Files in the real window: another program changes them, the studio dies, and nobody loses work.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, copyOf, openCard, say, saved, text } from "../flows.mjs";
import { handoff, openStudio, withStudio } from "../studio.mjs";

describe("a file that something else changes", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  const theirs = original.replace("Hi, what can I help with?", "Hello from another program.");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow] });
  after(() => banking.remove());

  test("is not written over: a banner asks what should be done", async () => {
    const { page } = held.studio;
    await page.find(card("clarify"));
    await say(page, "clarify", " Please.");
    writeFileSync(banking.flow, theirs);
    await page.press("Control", "s");
    await page.waitForText("changed by something else", { testId: "banner" });
    assert.equal(readFileSync(banking.flow, "utf8"), theirs);
    assert.equal(await (await page.find({ testId: "banner" })).role(), "alert");
  });

  test("mine can be saved elsewhere, beside theirs", async () => {
    const { page } = held.studio;
    const mine = join(banking.folder, "mine", "banking_fee_dispute.flow.json");
    mkdirSync(join(banking.folder, "mine"));
    held.studio.answerDialog(mine);
    await page.click({ testId: "banner-save-as" });
    await saved(page);
    await page.gone({ testId: "banner" });
    assert.equal(readFileSync(mine, "utf8"), original.replace("another way?", "another way? Please."));
    assert.equal(readFileSync(banking.flow, "utf8"), theirs);
    assert.equal(handoff("fmt", "--check", mine).status, 0);
  });

  test("theirs can be read again", async () => {
    const { page } = held.studio;
    held.studio.answerDialog(banking.flow);
    await page.press("Control", "o");
    await until("theirs is open", async () => (await text(page)).text === theirs);
    await page.waitForText("Hello from another program.", card("greet"));
    await say(page, "clarify", " Please.");
    writeFileSync(banking.flow, original);
    await page.press("Control", "s");
    await page.click({ testId: "banner-reload" });
    await until("the file is read again", async () => (await text(page)).text === original);
    await page.gone({ testId: "banner" });
    await page.waitForText("Hi, what can I help with?", card("greet"));
  });

  test("mine can take its place", async () => {
    const { page } = held.studio;
    await page.find(card("clarify"));
    await say(page, "clarify", " Thanks.");
    writeFileSync(banking.flow, theirs);
    await page.press("Control", "s");
    await page.click({ testId: "banner-overwrite" });
    await saved(page);
    assert.equal(readFileSync(banking.flow, "utf8"), original.replace("another way?", "another way? Thanks."));
    assert.deepEqual(readdirSync(banking.folder).filter((name) => /tmp|~|\.part/.test(name)), []);
  });

  test("a file that cannot be read is not opened, and the open flow stays", async () => {
    const { page } = held.studio;
    const before = (await text(page)).text;
    held.studio.answerDialog(banking.write("broken.flow.json", '{\n  "format": "handoff-flow/1",\n  "id": "x" "y"'));
    await page.press("Control", "o");
    await page.waitForText("Line 3, column 13", { testId: "banner" });
    assert.equal((await text(page)).text, before);
    await page.click({ testId: "banner-dismiss" });
    await page.gone({ testId: "banner" });
  });
});

describe("a studio that dies", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  let studio;
  before(async () => { studio = await openStudio({ args: [banking.flow] }); });
  after(async () => {
    await studio?.close();
    banking.remove();
  });

  test("in the middle of an edit gives the work back when it is opened again", async () => {
    await studio.page.find(card("clarify"));
    await say(studio.page, "clarify", " Not lost.");
    await sleep(1000);
    await studio.kill();
    assert.equal(readFileSync(banking.flow, "utf8"), original);
    studio = await openStudio({ args: [banking.flow], home: studio.home });
    const { page } = studio;
    await page.waitForText("What was not saved last time is here again.");
    assert.equal((await text(page)).text, original.replace("another way?", "another way? Not lost."));
    await page.waitForText("unsaved", { testId: "save-state" });
    await page.press("Control", "s");
    await saved(page);
    assert.equal(readFileSync(banking.flow, "utf8"), original.replace("another way?", "another way? Not lost."));
  });

  test("while it saves leaves a whole file, the former or the new one, and the work", async () => {
    const files = () => readFileSync(banking.flow, "utf8");
    let former = files();
    for (const [round, delay] of [0, 8].entries()) {
      await studio.page.find(card("clarify"));
      await say(studio.page, "clarify", ` Saved ${round}.`);
      await until("the core has every letter", async () => (await text(studio.page)).text.includes(` Saved ${round}.`));
      await sleep(1000);
      const wanted = (await text(studio.page)).text;
      await studio.page.run('document.dispatchEvent(new KeyboardEvent("keydown", { key: "s", code: "KeyS", ctrlKey: true, bubbles: true }));');
      await sleep(delay);
      await studio.kill();
      assert.ok([former, wanted].includes(files()), "the file is the former or the new one");
      former = wanted;
      studio = await openStudio({ args: [banking.flow], home: studio.home });
      await studio.page.find(card("clarify"));
      assert.equal((await text(studio.page)).text, wanted, "nothing is lost");
    }
    await openCard(studio.page, "clarify");
    await studio.page.press("Control", "s");
    await until("the work stands in the file", () => files() === former);
  });

  test("gives nothing back that was saved", async () => {
    await studio.kill();
    studio = await openStudio({ args: [banking.flow], home: studio.home });
    await studio.page.find(card("clarify"));
    await studio.page.find({ testId: "drawer" });
    assert.doesNotMatch(await studio.page.run("return document.body.textContent;"), /is here again/);
    assert.equal(await (await studio.page.find({ testId: "save-state" })).text(), "");
  });
});

describe("closing with unsaved work", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow] });
  after(() => banking.remove());
  const close = (page) => page.run('window.__TAURI_INTERNALS__.invoke("rpc", { method: "window.close", params: {} });');

  test("asks; Cancel goes on, Save keeps the work", async () => {
    const { page } = held.studio;
    await page.find(card("clarify"));
    await say(page, "clarify", " Kept.");
    await close(page);
    await page.waitForText("Banking: fee dispute has changes", { testId: "question" });
    const focused = await page.run("return document.activeElement.closest('[data-testid=question]') !== null;");
    assert.ok(focused, "the question has the focus");
    await page.press("Escape");
    await page.gone({ testId: "question" });
    assert.equal(readFileSync(banking.flow, "utf8"), original);
    await close(page);
    await page.find({ testId: "answer-save" });
    await page.run("document.querySelector('[data-testid=answer-save]').click();").catch(() => {});
    await until("the window is gone", () => page.title().then(() => false, () => true));
    assert.equal(readFileSync(banking.flow, "utf8"), original.replace("another way?", "another way? Kept."));
  });
});
