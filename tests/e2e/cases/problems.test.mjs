// Problems: what is wrong is shown as a case and as a conversation, mended after a look at what would change, and switched off with a step.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, copyOf, focus, openCard, pressUntil, problems, retype, showCard, text, undoAll } from "../flows.mjs";
import { withStudio } from "../studio.mjs";

const WHEN = "field-branches-0-when";
const IMPOSSIBLE = "look_up.confidence < const.unsure && look_up.confidence > 0.9";

/** A part of the row of the problem with a code. */
function part(code, testId) {
  const row = `[data-testid="problem"][data-code="${code}"]`;
  return testId === undefined ? row : `${row} [data-testid="${testId}"]`;
}

/** Waits until a problem has gone from the list. */
function mended(page, code) {
  return until(`${code} is gone`, async () => !(await problems(page)).some((one) => one.code === code));
}

function has(page, code) {
  return until(`${code} is found`, async () => (await problems(page)).some((one) => one.code === code));
}

/** Writes the condition of the first branch anew. */
async function rewrite(page, words) {
  await page.click({ testId: WHEN });
  await retype(page, words);
  await page.press("Escape");
}

describe("problems, by mouse", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  test("a gap is shown as a case, and does not nag before its card is left", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await showCard(page, "sure_enough");
    await page.click({ testId: "field-else-clear" });
    await page.find(part("branch-gap"));
    const chips = await page.run("return [...document.querySelectorAll(arguments[0])].map((chip) => chip.textContent.trim().replace(/\\s+/g, ' '));", `${part("branch-gap", "problem-witness")} .chip`);
    assert.ok(chips.some((chip) => /^look_up\.confidence 0\.[89]/.test(chip)), String(chips));
    await page.find(`${card("sure_enough")} .cv-badge.hollow`);
    await openCard(page, "look_up");
    await page.find(`${card("sure_enough")} .cv-badge.error:not(.hollow)`);
    assert.ok(await page.run("return document.documentElement.scrollHeight <= innerHeight;"), "a long list makes the page no longer");
    await held.studio.picture("problems-gap-light");
  });

  test("the gap is opened as a conversation that ends there", async () => {
    const { page } = held.studio;
    await page.click(part("branch-gap", "problem-conversation"));
    await until("the conversation is picked", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === "witness");
    await page.find('[data-testid="step"][data-at="sure_enough"]');
    await page.find(`${card("sure_enough")}.lit`);
    assert.equal(await (await page.find({ testId: "outcome" })).attribute("data-kind"), "error");
    await held.studio.picture("problems-conversation-light");
    await page.click({ testId: "theme" });
    await held.studio.picture("problems-conversation-dark");
    await page.click({ testId: "theme" });
    await page.click({ testId: "preview-keep" });
    await page.find({ testId: "save-form" });
    await page.click({ testId: "tab-problems" });
    await undoAll(page);
    await mended(page, "branch-gap");
  });

  test("a fix is looked at before it is made, and is one step", async () => {
    const { page } = held.studio;
    await page.click(part("unused-signal", "problem-explain"));
    await page.find(part("unused-signal", "explanation"));
    await showCard(page, "sure_enough");
    await rewrite(page, IMPOSSIBLE);
    await page.find(part("branch-impossible"));
    await page.find(part("unused-signal", "explanation"));
    const broken = await until("the core has it", async () => {
      const now = (await text(page)).text;
      return now.includes("look_up.confidence > 0.9") && now;
    });
    await page.click({ testId: "toggle-outline" });
    await page.find('[data-testid="outline"] [data-dead]');
    await page.click({ testId: "toggle-outline" });
    await page.click({ testId: "fit" });
    await held.studio.picture("problems-dead-light");
    await page.click(part("branch-impossible", "problem-fix"));
    const change = await page.find('[data-testid="fix-change"][data-path="/nodes/sure_enough/branches"]');
    assert.match(await change.text(), /removes branches of Sure enough\?/);
    await held.studio.picture("problems-fix-light");
    await page.click({ testId: "theme" });
    await held.studio.picture("problems-fix-dark");
    await page.click({ testId: "theme" });
    assert.equal((await text(page)).text, broken);
    await page.click({ testId: "problem-apply" });
    await mended(page, "branch-impossible");
    assert.ok(!(await text(page)).text.includes("look_up.confidence > 0.9"));
    await page.press("Control", "z");
    await has(page, "branch-impossible");
    await until("one step brings it back", async () => (await text(page)).text === broken);
    await undoAll(page);
    await until("the flow is as it was", async () => (await text(page)).text === original);
  });

  test("a check is switched off in the whole flow and on again, a step each", async () => {
    const { page } = held.studio;
    await page.click(part("unused-signal", "problem-off"));
    await page.find({ testId: "switch-off" });
    await page.run("document.querySelector('[data-testid=switch-off-whole]')?.click();");
    await page.click({ testId: "switch-off-do" });
    await mended(page, "unused-signal");
    await until("the flow says so", async () => /"checks": \{\s*"unused-signal": "off"\s*\}/.test((await text(page)).text));
    await page.click("[data-testid=switched-off] summary");
    await page.click('[data-testid="switched-off-one"][data-code="unused-signal"] [data-testid="switch-on"]');
    await has(page, "unused-signal");
    assert.equal(await undoAll(page), 2);
    await until("the flow is as it was", async () => (await text(page)).text === original);
  });

  test("what a platform cannot say stands below", async () => {
    const { page } = held.studio;
    const platform = await page.run("const select = document.querySelector('[data-testid=problems-for]'); select.value = select.options[1].value; select.dispatchEvent(new Event('change', { bubbles: true })); return select.options[1].textContent;");
    await page.waitForText(platform, { testId: "problems-platform" });
    await page.run("const select = document.querySelector('[data-testid=problems-for]'); select.value = ''; select.dispatchEvent(new Event('change', { bubbles: true }));");
    await page.gone({ testId: "problems-platform" });
  });
});

describe("problems, by keyboard alone", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  const on = (page, testid, code) => page.run("const one = document.activeElement; return one.dataset.testid === arguments[0] && (arguments[1] === null || one.closest('[data-testid=problem]')?.dataset.code === arguments[1]);", testid, code ?? null);

  test("a fix is reached, looked at, made and undone", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await showCard(page, "sure_enough");
    await page.press("F6");
    await until("the canvas has the focus", async () => (await focus(page)).testid === "canvas");
    await page.press("Enter");
    await until("the card is open", async () => (await focus(page)).testid !== "canvas");
    await pressUntil(page, "Tab", "the condition", async () => (await focus(page)).testid === WHEN, 30);
    await retype(page, IMPOSSIBLE);
    await has(page, "branch-impossible");
    await page.press("Escape");
    await pressUntil(page, "Tab", "the fix", () => on(page, "problem-fix", "branch-impossible"), 80);
    await page.press("Enter");
    await page.waitForText("removes branches of Sure enough?", { testId: "fix-preview" });
    assert.ok(await on(page, "problem-fix", "branch-impossible"), "what is open keeps the focus where it was");
    await pressUntil(page, "Tab", "Apply", () => on(page, "problem-apply"), 4);
    await page.press("Enter");
    await mended(page, "branch-impossible");
    await page.press("Control", "z");
    await has(page, "branch-impossible");
    await undoAll(page);
    await until("the flow is as it was", async () => (await text(page)).text === original);
  });

  test("what cannot happen has no conversation, and that is said", async () => {
    const { page } = held.studio;
    await showCard(page, "main");
    await page.press("F6");
    await until("the canvas has the focus", async () => (await focus(page)).testid === "canvas");
    await page.press("Enter");
    await until("the card is open", async () => (await focus(page)).testid !== "canvas");
    await pressUntil(page, "Tab", "the condition", async () => (await focus(page)).testid === WHEN, 30);
    await retype(page, "confidence > 0.9 && confidence < 0.1");
    await has(page, "path-infeasible");
    await page.press("Escape");
    await pressUntil(page, "Tab", "the button", () => on(page, "problem-conversation", "path-infeasible"), 80);
    await page.press("Enter");
    await page.waitForText("No conversation was found that shows this", part("path-infeasible", "no-conversation"));
    await undoAll(page);
    await until("the flow is as it was", async () => (await text(page)).text === original);
  });

  test("conversations that cannot be read are not simply none", async () => {
    const { page } = held.studio;
    writeFileSync(banking.conversations, "broken\n");
    await page.click({ testId: "tab-preview" });
    assert.match(await (await page.find({ testId: "preview-unreadable" })).text(), /banking_fee_dispute\.conversations\.jsonl, line 1/);
  });
});
