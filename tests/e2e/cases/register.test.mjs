// The Register: every way to a person is found, sorted and edited where it stands; tables, texts and the page leave from here.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, copyOf, focus, retype, text } from "../flows.mjs";
import { handoff, withStudio } from "../studio.mjs";

const SAY = "cell-nodes-to_vip-say";

/** The way of each row, as it is shown. */
function ways(page) {
  return page.run("return [...document.querySelectorAll('[data-testid=register-row]')].map((row) => row.dataset.way);");
}

function row(way, part) {
  const one = `[data-testid="register-row"][data-way="${way}"]`;
  return part === undefined ? one : `${one} [data-testid="${part}"]`;
}

async function said(page) {
  return JSON.parse((await text(page)).text).nodes;
}

/** Waits until a file holds something. */
function written(path) {
  return until(`${path} is written`, () => {
    try {
      return readFileSync(path);
    } catch {
      return null;
    }
  });
}

describe("the register", () => {
  const banking = copyOf();
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  test("shows every way that the command line lists", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.press("Control", "2");
    await page.find({ testId: "register-row" });
    const listed = JSON.parse(handoff("register", banking.flow, "--json").stdout).rows.map(({ way }) => way);
    assert.deepEqual(await ways(page), listed);
    const tests = await (await page.find(row("ask_txn.failed", "register-cell-tests"))).text();
    assert.match(tests, /fee-charge-not-given/);
    await held.studio.picture("register-light");
    await page.click({ testId: "theme" });
    await held.studio.picture("register-dark");
    await page.click({ testId: "theme" });
  });

  test("is searched and sorted", async () => {
    const { page } = held.studio;
    await page.click({ testId: "register-search" });
    await page.keyboard("passes it on");
    await until("one way is left", async () => (await ways(page)).length === 1);
    await retype(page, "");
    await until("all are there again", async () => (await ways(page)).length > 5);
    const before = await ways(page);
    await page.click({ testId: "register-sort-behind" });
    await page.click({ testId: "register-sort-card" });
    await until("they are sorted", async () => (await page.run("return document.querySelector('[data-testid=register-card]').textContent;")) === "Call back");
    await page.click({ testId: "register-sort-card" });
    await page.click({ testId: "register-sort-card" });
    await until("they stand as in the flow", async () => String(await ways(page)) === String(before));
  });

  test("is edited in place, one step of undo a field, by the keyboard alone", async () => {
    const { page } = held.studio;
    await page.run("document.querySelector(arguments[0]).focus();", row("to_tier1.escalated", "register-edit-hears"));
    await page.press("Enter");
    await until("the field has the focus", async () => (await focus(page)).testid === SAY);
    await retype(page, "A specialist is coming.");
    await until("the flow has it", async () => (await said(page)).to_vip.say === "A specialist is coming.");
    await page.press("Escape");
    await until("the focus is back at the cell", async () => (await focus(page)).testid === "register-edit-hears");
    await until("the table says it", async () => (await (await page.find(row("to_tier1.escalated", "register-cell-hears"))).text()).includes("A specialist is coming."));
    await page.press("ArrowLeft");
    await until("arrow keys walk", async () => (await focus(page)).testid === "register-edit-to");
    await page.press("Control", "z");
    await until("it is undone", async () => (await said(page)).to_vip.say === "Bringing in a specialist.");
  });

  test("leads to the card", async () => {
    const { page } = held.studio;
    await page.press("Control", "2");
    await page.click(row("ask_phone.filled", "register-card"));
    await until("the inspector is about it", () => page.run("return document.querySelector('[data-testid=inspector-id]')?.value === 'call_back';"));
    await page.press("Control", "2");
    await page.find({ testId: "register-row" });
  });

  test("leaves as a table and as a page", async () => {
    const { page } = held.studio;
    for (const [button, name, begins] of [["register-csv", "ways.csv", "\uFEFFhandoff,title,way"], ["register-html", "ways.html", "<!DOCTYPE html>"], ["register-publish", "page.html", "<!DOCTYPE html>"]]) {
      const path = join(banking.folder, name);
      held.studio.answerDialog(path);
      await page.click({ testId: button });
      assert.ok((await written(path)).toString("utf8").startsWith(begins), name);
    }
    assert.ok(readFileSync(join(banking.folder, "page.html"), "utf8").includes("fee-charge-not-given"), "conversations can be played");
  });

  test("takes back words that were edited elsewhere, after a look at each", async () => {
    const { page } = held.studio;
    const deck = join(banking.folder, "texts.csv");
    held.studio.answerDialog(deck);
    await page.click({ testId: "register-deck-out" });
    const words = (await written(deck)).toString("utf8");
    // The first time is the text, the second the original.
    writeFileSync(deck, words.replace("Bringing in a specialist.", "Someone who knows more is coming.").replace("Thanks for waiting. Is there anything else?", "Thanks {queue.wait}!"));
    await page.click({ testId: "register-deck-in" });
    await page.find({ testId: "deck" });
    const ticks = await page.run("return [...document.querySelectorAll('[data-testid=deck-change]')].map((one) => [one.dataset.id, one.querySelector('input').checked]);");
    assert.deepEqual(ticks, [["/nodes/to_vip/say", true], ["/nodes/after_agent/text", false]]);
    await held.studio.picture("register-deck");
    await page.click({ testId: "deck-apply" });
    await until("the flow has the words", async () => (await said(page)).to_vip.say === "Someone who knows more is coming.");
    assert.equal((await said(page)).after_agent.text, "Thanks for waiting. Is there anything else?");
    await page.press("Control", "z");
    await until("one step takes all of it back", async () => (await said(page)).to_vip.say === "Bringing in a specialist.");
  });
});
