// Conversations beside a flow: a long list, lines that cannot be read, handoffs against labels, and conversations of other
// tools brought in by a mapping that is seen and corrected.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, choose, copyOf, fill } from "../flows.mjs";
import { ROOT, withStudio } from "../studio.mjs";

const IMPORTS = join(ROOT, "tests", "cases", "import");

function lines(file) {
  return readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** Opens the place with the conversations of the flow. */
async function openTest(page) {
  await page.find(card("start"));
  await page.press("Control", "3");
  await page.find({ testId: "test-sets" });
}

/** A picture of both themes, dialogs included. */
async function pictures(studio, name) {
  const theme = (value) => studio.page.run("const root = document.documentElement; const was = root.dataset.theme; root.dataset.theme = arguments[0]; return was ?? null;", value);
  const was = await theme("light");
  await studio.picture(`${name}-light`);
  await theme("dark");
  await studio.picture(`${name}-dark`);
  await theme(was ?? "light");
}

describe("a long file of conversations", () => {
  const banking = copyOf();
  const MANY = 12_000;
  const own = lines(banking.conversations).length;
  const turns = (at, handed) => [{ who: "user", text: `Number ${at}, please`, intent: "fee_dispute" }, ...(handed ? [{ handoff: "sent" }] : [])];
  // Each fourth is labelled: half of these were handed off as they should have been, the others needlessly or not at all.
  const label = (at) => (at % 4 !== 0 ? undefined : { handoff: at % 16 < 8 ? {} : false });
  const line = (_, at) => JSON.stringify({ id: `long-${at}`, expect: label(at), labels: { gold: at % 2 === 0 }, turns: turns(at, at % 8 === 0) });
  const long = Array.from({ length: MANY }, line);
  long.splice(7000, 0, "{ broken", long[3]);
  banking.write("long.conversations.jsonl", `${long.join("\n")}\n`);
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  test("is listed to its end, by mouse and by keys", async () => {
    const { page } = held.studio;
    await openTest(page);
    const all = (own + MANY).toLocaleString("en");
    await page.waitForText(`${all} of ${all}`, { testId: "test-found" });
    await page.run("const list = document.querySelector('[data-testid=test-list]'); list.scrollTop = list.scrollHeight;");
    await page.find(`[data-id="long-${MANY - 1}"]`);
    await page.click(`[data-id="long-${MANY - 1}"]`);
    await page.waitForText(`Number ${MANY - 1}`, { testId: "test" });
    await page.press("Home");
    await until("the first is looked at", () => page.run("return document.activeElement?.closest('[data-row]')?.dataset.row === '0';"));
    await page.press("PageDown");
    await page.press("ArrowDown");
    await until("a later one is looked at", () => page.run("return Number(document.activeElement?.closest('[data-row]')?.dataset.row) > 2;"));
    await page.press("End");
    await until("the last is looked at", () => page.run(`return document.activeElement?.dataset.id === "long-${MANY - 1}";`));
    assert.ok((await page.all({ testId: "test-conversation" })).length < 100, "only rows near those in view are there");
    await page.press("Alt", "ArrowUp");
    await page.waitForText(`Number ${MANY - 2}`, { testId: "test" });
    await pictures(held.studio, "conversations-long");
  });

  test("says which of its lines are odd, and why", async () => {
    const { page } = held.studio;
    await page.waitForText("1 line cannot be read", { testId: "odd-long.conversations.jsonl" });
    await page.click('[data-testid="odd-long.conversations.jsonl"] summary');
    await page.waitForText("Line 7001:", { testId: "odd-long.conversations.jsonl" });
    await page.waitForText("the id long-3 was seen before", { testId: "odd-long.conversations.jsonl" });
    await pictures(held.studio, "conversations-odd");
    await page.click('[data-testid="odd-long.conversations.jsonl"] summary');
  });

  test("sets its handoffs against labels, and opens a needless one in Preview", async () => {
    const { page } = held.studio;
    await page.click('[data-testid="set-banking_fee_dispute.conversations.jsonl"]');
    await page.click({ testId: "test-tab-audit" });
    await page.waitForText("3,000", { testId: "audit-summary" });
    const counts = async () => Promise.all(["both", "needless", "missed", "neither"].map(async (id) => Number.parseInt((await (await page.find({ testId: `audit-${id}` })).text()).replaceAll(",", ""), 10)));
    assert.deepEqual(await counts(), [750, 750, 750, 750]);
    await page.waitForText("50.0", { testId: "audit-agreement" });
    await page.waitForText("550 more", { testId: "audit-all" });
    await pictures(held.studio, "conversations-audit");
    await choose(page, "audit-by", "gold");
    await until("every second one is labelled gold", async () => (await counts()).join() === `${MANY / 8},0,${MANY / 2 - MANY / 8},${MANY / 2}`);
    await page.click({ testId: "audit-list-missed" });
    await page.waitForText("Number 2, please", { testId: "audit-wrong" });
    await choose(page, "audit-by", "");
    await page.click({ testId: "audit-list-needless" });
    await page.click('[data-testid="audit-one"][data-id="long-8"] [data-testid="audit-open"]');
    await page.waitForText("Number 8, please", { testId: "chat" });
    await until("it is picked, though it is not among the first", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === "long-8");
  });

  test("is searched to its end by what Preview shows", async () => {
    const { page } = held.studio;
    await page.click({ testId: "preview-pick" });
    const all = (own + MANY).toLocaleString("en");
    await page.waitForText(`${all} of ${all}`, { testId: "preview-found" });
    await pictures(held.studio, "conversations-choose");
    await fill(page, "preview-pick", `"Number ${MANY - 5},"`);
    await page.waitForText(`1 of ${all}`, { testId: "preview-found" });
    await page.press("Enter");
    await page.waitForText(`Number ${MANY - 5}, please`, { testId: "chat" });
    await until("it is picked", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === `long-${MANY - 5}`);
    // Nothing of the search stays once it is left.
    await page.click({ testId: "preview-pick" });
    await fill(page, "preview-pick", "colour:red");
    await page.find({ testId: "preview-find-error" });
    await page.press("Escape");
    await page.gone({ testId: "preview-option" });
    await until("it is still picked", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === `long-${MANY - 5}`);
  });
});

describe("conversations of other tools", () => {
  const banking = copyOf();
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  test("a table is imported by a mapping that is seen and corrected", async () => {
    const { page } = held.studio;
    await openTest(page);
    held.studio.answerDialog(join(IMPORTS, "csv-support-log.csv"));
    await page.click({ testId: "test-import" });
    await page.waitForText("semicolons", { testId: "import-reason" });
    const role = async (column) => (await page.find({ testId: `import-to-${column}` })).property("value");
    assert.deepEqual(await Promise.all(["message", "speaker", "escalated", "ltv"].map(role)), ["text", "who", "request", ""]);
    await page.waitForText("ltv (7)", { testId: "import-unused" });
    await page.waitForText("3", { testId: "import-tab-notes" });
    await pictures(held.studio, "import-table");
    // The supervisor is an agent, the last column says what should have happened, and one is taken for a customer's signal.
    await choose(page, "import-means-Supervisor", "agent");
    await choose(page, "import-to-escalated", "expect.handoff");
    await choose(page, "import-to-ltv", "customer.NAME");
    await choose(page, "import-kept-ltv", "number");
    await page.gone({ testId: "import-unused" });
    await page.waitForText("2", { testId: "import-tab-notes" });
    await page.click({ testId: "import-tab-notes" });
    await page.waitForText("high", { testId: "import-notes" });
    await page.click({ testId: "import-tab-talk" });
    await page.waitForText('"handoff"', { testId: "import" });
    await pictures(held.studio, "import-table-corrected");
    const out = join(banking.folder, "log.conversations.jsonl");
    held.studio.answerDialog(out);
    await page.click({ testId: "import-save" });
    await page.gone({ testId: "import-save" });
    const written = await until("it is written", () => existsSync(out) && lines(out));
    assert.deepEqual(written.map(({ id }) => id), ["c-1", "c-2"]);
    assert.equal(written[0].customer.ltv, 1200);
    assert.ok(written[0].expect.handoff);
    assert.deepEqual(written[1].turns.at(-1), { who: "agent", text: "Please close this.", t: 270 });
    assert.ok(existsSync(join(banking.folder, "log.mapping.json")), "the mapping is kept beside it");
    await page.waitForText("log.conversations.jsonl", { testId: "test-sets" });
  });

  test("a dump of Rasa trackers is recognised and imported", async () => {
    const { page } = held.studio;
    held.studio.answerDialog(join(IMPORTS, "rasa-tracker.json"));
    await page.click({ testId: "test-import" });
    await page.waitForText("Rasa trackers", { testId: "import-reason" });
    await until("it is taken for trackers", async () => (await (await page.find({ testId: "import-kind" })).property("value")) === "rasa-tracker");
    await page.waitForText("conv9", { testId: "import-id" });
    await page.find({ testId: "import-means-action_handoff" });
    await pictures(held.studio, "import-rasa");
    const out = join(banking.folder, "rasa.conversations.jsonl");
    held.studio.answerDialog(out);
    await page.click({ testId: "import-save" });
    const written = await until("it is written", () => existsSync(out) && lines(out));
    assert.deepEqual(written.map(({ id }) => id), ["conv9", "conv9~2"]);
    assert.ok(written[0].turns.some(({ handoff }) => handoff === "sent"));
    await page.gone({ testId: "import-save" });
    await fill(page, "test-search", "TX9");
    await page.waitForText("1 of", { testId: "test-found" });
    await page.click('[data-id="conv9"]');
    await page.find({ testId: "read-label" });
    await pictures(held.studio, "conversations-read");
  });
});
