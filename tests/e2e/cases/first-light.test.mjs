// First light: one thin line through the whole house, in the real window.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, choose, condition, copyOf, fill, openCard, problems, saved, showCard, text, underlined, undoAll } from "../flows.mjs";
import { handoff, withStudio } from "../studio.mjs";

const WHEN = "field-branches-0-when";

/** Every file below a folder, with its bytes. */
function files(folder, root = folder) {
  return Object.assign({}, ...readdirSync(folder).sort().map((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path, root) : { [relative(root, path)]: readFileSync(path, "latin1") };
  }));
}

describe("first light", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow] });
  after(() => banking.remove());

  test("the flow of the command line opens, without a problem worth a warning", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.waitForText("Banking: fee dispute", { testId: "flow-title" });
    assert.match(await page.title(), /Banking: fee dispute/);
    assert.equal(await (await page.find({ testId: "file-name" })).text(), "banking_fee_dispute.flow.json");
    await page.find({ testId: "problems" });
    assert.deepEqual(await page.all({ testId: "count-error" }), []);
    assert.deepEqual(await page.all({ testId: "count-warning" }), []);
    assert.equal((await text(page)).text, original);
  });

  test("the condition of a branch is edited by keyboard: a problem appears under its characters, and goes", async () => {
    const { page } = held.studio;
    await openCard(page, "main");
    await page.find(`[data-testid="node-form"][data-kind="listen"]`);
    await page.click({ testId: WHEN });
    await page.press("End");
    await page.keyboard(" && confidnce < 0.9");
    assert.equal(await condition(page, WHEN), 'intent == "fee_dispute" && confidnce < 0.9');
    // The same problem is told of every beginning of the word while it is typed.
    const PROBLEM = '[data-testid="problem"][data-code="unknown-name"]';
    await page.waitForText("There is no confidnce here. Did you mean confidence?", PROBLEM);
    assert.equal(await (await page.find(PROBLEM)).attribute("data-path"), "/nodes/main/branches/0/when");
    await until("the very characters are underlined", async () => (await underlined(page, WHEN)) === "confidnce");
    assert.match(await (await page.find({ testId: `${WHEN}-fault` })).text(), /confidnce/);
    await page.waitForText("1", { testId: "count-error" });
    await page.press("End");
    for (let times = 0; times < "nce < 0.9".length; times += 1) await page.press("Backspace");
    await page.keyboard("ence < 0.9");
    await page.press("Escape");
    assert.equal(await condition(page, WHEN), 'intent == "fee_dispute" && confidence < 0.9');
    await until("the problem is gone", async () => !(await problems(page)).some(({ code }) => code === "unknown-name"));
    await until("nothing is underlined", async () => (await underlined(page, WHEN)) === "");
    assert.match(await (await page.find({ testId: `${WHEN}-words` })).text(), /confidence/i);
    await page.find({ testId: `${WHEN}-witness` });
  });

  test("a problem in the list leads to its place", async () => {
    const { page } = held.studio;
    await openCard(page, "ask_txn");
    await page.find('[data-testid="node-form"][data-kind="ask"]');
    await page.click({ testId: "field-filled-clear" });
    const problem = await page.find('[data-testid="problem"][data-path^="/nodes/ask_txn"]');
    await openCard(page, "greet");
    await page.find('[data-testid="node-form"][data-kind="message"]');
    await page.click(`[data-testid="problem"][data-path="${await problem.attribute("data-path")}"] [data-testid="problem-go"]`);
    await page.find('[data-testid="node-form"][data-kind="ask"]');
    await page.press("Control", "z");
    await until("the edge is back", async () => (await (await page.find({ testId: "field-filled" })).attribute("data-value")) === "look_up");
  });

  test("two cards are connected by mouse, from a port to a card", async () => {
    const { page } = held.studio;
    await openCard(page, "clarify");
    const port = await page.find(`${card("clarify")} .dot`);
    await page.drag(await port.centre(), await (await page.find(card("ask_txn"))).centre());
    await until("the edge leads to the other card", async () => (await text(page)).text.includes('"next": "ask_txn"'));
    assert.equal(await (await page.find({ testId: "field-next" })).attribute("data-value"), "ask_txn");
  });

  test("undoing all gives the very bytes of the file", async () => {
    const { page } = held.studio;
    assert.ok((await undoAll(page)) >= 2);
    await until("the text is the original", async () => (await text(page)).text === original);
    await until("nothing is unsaved", async () => !(await (await page.find({ testId: "save-state" })).text()).includes("unsaved"));
    assert.equal(readFileSync(banking.flow, "utf8"), original);
    await page.click({ testId: "redo" });
    await page.waitForText("unsaved", { testId: "save-state" });
    await page.click({ testId: "undo" });
  });

  test("fee-1 is previewed to the Zendesk request that the command line renders", async () => {
    const { page } = held.studio;
    await page.click({ testId: "tab-preview" });
    await until("fee-1 is picked", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === "fee-1");
    await page.find({ testId: "steps" });
    await page.click({ testId: "preview-first" });
    await until("the first step", async () => (await (await page.find({ testId: "preview-step" })).text()).startsWith("step 1 "));
    for (let times = 0; times < 3; times += 1) await page.click({ testId: "preview-next" });
    await page.click({ testId: "preview-last" });
    await page.waitForText("trigger uncertain_dispute: confidence 0.62 < 0.8, sentiment -0.45 < -0.3", { testId: "steps" });
    await page.waitForText("They will see your last messages", { testId: "chat" });
    await page.find({ testId: "zendesk-card" });
    await page.find(`${card("to_tier1")}.lit`);
    await page.click({ testId: "view-request" });
    const shown = await (await page.find({ testId: "request-body" })).property("textContent");
    const printed = handoff("preview", banking.flow, "--conversation", `${banking.conversations}#fee-1`, "--target", "zendesk", "--env", "dev", "--json");
    assert.equal(printed.status, 0, printed.stderr);
    const [{ requests }] = JSON.parse(printed.stdout).handoffs;
    assert.equal(shown, JSON.stringify(JSON.parse(requests.zendesk.body), null, 2));
    await page.waitForText(String(requests.zendesk.bytes), { testId: "request-size" });
    await page.waitForText(requests.zendesk.headers["Idempotency-Key"], { testId: "request" });
    const { doc } = await text(page);
    const conversation = JSON.parse(readFileSync(banking.conversations, "utf8").split("\n")[0]);
    const { ok } = await page.rpc("preview.run", { doc, conversation, env: "dev" });
    assert.equal(ok.handoffs[0].requests.zendesk.body, requests.zendesk.body);
  });

  test("a changed signal replays the rest at once", async () => {
    const { page } = held.studio;
    await page.waitForText("confidence 0.62 < 0.8", { testId: "steps" });
    await page.click({ testId: "change-signals" });
    for (const [signal, value] of [["confidence", "0.95"], ["sentiment", "0.2"]]) {
      await fill(page, `signal-${signal}`, value);
      await page.press("Tab");
    }
    await page.waitForText("transaction_id was not given in 2 tries", { testId: "steps" });
    await page.waitForText("charge_not_given", { testId: "request-body" });
    await page.click({ testId: "preview-back" });
    await page.waitForText("confidence 0.62 < 0.8", { testId: "steps" });
  });

  test("one talks to it, corrects the guess, and saves the talk with its expectation", async () => {
    const { page } = held.studio;
    await page.click({ testId: "tab-talk" });
    await page.click({ testId: "talk-input" });
    await page.keyboard("Why was I charged this?");
    await until("the mood is guessed", async () => (await (await page.find({ testId: "talk-sentiment" })).property("value")) !== "");
    await page.run("const select = document.querySelector('[data-testid=talk-intent]'); select.value = 'fee_dispute'; select.dispatchEvent(new Event('change', { bubbles: true }));");
    await fill(page, "talk-confidence", "0.6");
    await fill(page, "talk-sentiment", "-0.5");
    await page.click({ testId: "talk-send" });
    await page.waitForText("I am connecting you with a colleague", { testId: "chat" });
    await page.click({ testId: "world-accept" });
    await page.gone({ testId: "world-accept" });
    await page.find({ testId: "world-resolve" });
    await page.click({ testId: "talk-save" });
    await fill(page, "save-id", "talk-e2e");
    await page.click({ testId: "expect-right" });
    await page.click({ testId: "save-conversation" });
    const line = await until("the conversation stands in the file", () => readFileSync(banking.conversations, "utf8").split("\n").find((one) => one.includes("talk-e2e")));
    const { expect, turns } = JSON.parse(line);
    assert.deepEqual(expect, { handoff: { at_turn: 1, tier: "tier1", reasons: ["low_confidence", "negative_sentiment"] } });
    assert.deepEqual(turns[0], { who: "user", text: "Why was I charged this?", intent: "fee_dispute", confidence: 0.6, sentiment: -0.5 });
    const replayed = handoff("replay", banking.flow, banking.conversations);
    assert.equal(replayed.status, 0, replayed.stdout + replayed.stderr);
  });

  test("the export of the window is that of the command line, byte for byte", async () => {
    const { page } = held.studio;
    const [fromWindow, fromLine] = ["window", "line"].map((name) => join(banking.folder, `rasa-${name}`));
    mkdirSync(fromWindow);
    await page.click({ testId: "go-export" });
    await choose(page, "export-platform", "rasa");
    await page.find({ testId: "file-domain.yml" });
    assert.ok((await page.all({ testId: "loss" })).length > 0);
    held.studio.answerDialog(fromWindow);
    await page.click({ testId: "export-write" });
    await page.find({ testId: "export-written" });
    const printed = handoff("export", banking.flow, "--to", "rasa", "--out", fromLine);
    assert.equal(printed.status, 0, printed.stderr);
    const [window, line] = [files(fromWindow), files(fromLine)];
    assert.deepEqual(Object.keys(window), Object.keys(line));
    assert.ok(Object.keys(line).length > 8);
    for (const path of Object.keys(line)) assert.equal(window[path], line[path], path);
  });

  test("exported again, the folder keeps what others put there; an edited file is replaced only when asked", async () => {
    const { page } = held.studio;
    const folder = join(banking.folder, "rasa-window");
    const domain = readFileSync(join(folder, "domain.yml"), "utf8");
    mkdirSync(join(folder, "models"));
    writeFileSync(join(folder, "models", "model.tar.gz"), "theirs");
    writeFileSync(join(folder, "domain.yml"), "mine");
    await page.click({ testId: "export-write" });
    await page.waitForText("domain.yml", { testId: "export-in-the-way" });
    assert.equal(readFileSync(join(folder, "domain.yml"), "utf8"), "mine");
    await page.click({ testId: "export-replace" });
    await page.gone({ testId: "export-in-the-way" });
    await until("the file is replaced", () => readFileSync(join(folder, "domain.yml"), "utf8") === domain);
    assert.equal(readFileSync(join(folder, "models", "model.tar.gz"), "utf8"), "theirs");
  });

  test("saving writes the flow as it is printed by `handoff fmt`", async () => {
    const { page } = held.studio;
    await showCard(page, "greet");
    await page.click({ testId: "field-text" });
    await page.press("End");
    await page.keyboard(" I am listening.");
    await page.waitForText("unsaved", { testId: "save-state" });
    await page.press("Control", "s");
    await saved(page);
    assert.equal(readFileSync(banking.flow, "utf8"), original.replace("Hi, what can I help with?", "Hi, what can I help with? I am listening."));
    assert.equal(handoff("fmt", "--check", banking.flow).status, 0);
  });

  test("a flow opens through the menu and the dialog", async () => {
    const { page } = held.studio;
    const clinic = copyOf("clinic_triage");
    try {
      held.studio.answerDialog(clinic.flow);
      await page.click({ testId: "file-menu" });
      await page.click({ testId: "menu-file.open" });
      await until("the other flow is open", async () => (await (await page.find({ testId: "file-name" })).text()) === "clinic_triage.flow.json");
      await until("its cards are there", async () => (await page.all("[data-node]")).length > 2);
      assert.equal((await text(page)).text, readFileSync(clinic.flow, "utf8"));
      await page.click({ testId: "file-menu" });
      await page.click({ testId: "menu-recent" });
    } finally {
      clinic.remove();
    }
  });
});
