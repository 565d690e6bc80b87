// Projects of other tools in the real window: chosen, dropped or brought in by keys alone; where a customer gets stuck is
// seen first; what is hostile or unknown is refused, and nothing is written.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, copyOf, discard, pressUntil, say, saved, text } from "../flows.mjs";
import { ROOT, handoff, withStudio } from "../studio.mjs";
import { zipOf } from "../zip.mjs";

const AGENT = join(ROOT, "tests", "golden", "dialogflow_cx", "plain");

/** What stands in a folder, with the bytes of each file. */
function everything(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort().map((path) => [path, readFileSync(path, "latin1")]));
}

/** What the command line says of the same project. */
function imported(folder, project) {
  const flow = join(folder, "as-the-line-does.flow.json");
  const said = JSON.parse(handoff("import", project, "--out", flow, "--json").stdout);
  return { said, flow: readFileSync(flow, "utf8") };
}

async function closeFlow(page) {
  await page.click({ testId: "file-menu" });
  await page.click({ testId: "menu-file.close" });
  await until("the start page or a question", async () => (await page.all({ testId: "welcome" })).length + (await page.all({ testId: "answer-discard" })).length > 0);
  await discard(page);
  await page.find({ testId: "welcome" });
}

/** Whether something is seen without scrolling. */
function inView(page, selector) {
  return page.run(`const one = document.querySelector(arguments[0]);
    if (one === null) return false;
    const box = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(box.left + Math.min(20, box.width / 2), box.top + box.height / 2));`, selector);
}

/** What the window tells the page when something is dropped on it: the driver has nothing to drop from outside. */
function drop(page, ...paths) {
  return page.run(`for (const deliver of [...window.__TAURI_INTERNALS__.callbacks.values()]) deliver({ index: window.dropped ?? 0, message: { event: "drop", paths: arguments[0] } });
    window.dropped = (window.dropped ?? 0) + 1;`, paths);
}

describe("a project of another tool", () => {
  const banking = copyOf();
  const place = mkdtempSync(join(tmpdir(), "handoff-import-"));
  const project = join(place, "plain agent");
  cpSync(AGENT, project, { recursive: true });
  const untouched = everything(project);
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => {
    banking.remove();
    rmSync(place, { recursive: true, force: true });
  });

  test("the start page names every kind that the core reads", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await closeFlow(page);
    const { ok } = await page.rpc("project.formats");
    assert.ok(ok.length > 4);
    const words = await (await page.find({ testId: "welcome-known" })).text();
    for (const { id, title } of ok) assert.ok(words.includes(id === "csv-outline" ? "tables (CSV)" : title), `${title} in: ${words}`);
  });

  test("is chosen by mouse, and what is seen first is where a customer gets stuck", async () => {
    const { page } = held.studio;
    const line = imported(place, project);
    held.studio.answerDialog(project);
    await page.click({ testId: "welcome-import-folder" });
    const head = await (await page.find({ testId: "imported-stuck" })).text();
    assert.ok(line.said.stuck > 1);
    assert.equal(head, `${line.said.stuck} ways a customer gets stuck`);
    assert.equal((await page.all("[data-testid=problems-error] [data-testid=problem]")).length, line.said.stuck);
    assert.ok(await inView(page, "[data-testid=imported-stuck]"));
    assert.ok(await inView(page, "[data-testid=problems-error] [data-testid=problem-go]"), "the first of them is in view with it");
    assert.equal((await text(page)).text, line.flow, "it is the flow of the command line");
    await page.waitForText("not saved yet", { testId: "file-name" });
    await page.waitForText("unsaved", { testId: "save-state" });
    assert.deepEqual(everything(project), untouched);
    await held.studio.picture("import-project");
  });

  test("what was not understood is told with its file, its line and its card", async () => {
    const { page } = held.studio;
    await page.click("[data-testid=imported-notes] summary");
    await page.waitForText("flows/Default Start Flow/pages/sorry.json:", { testId: "imported-notes" });
    await page.click("[data-testid=imported-notes] [data-testid=imported-show]");
    await until("the inspector is about its card", () => page.run("return document.querySelector('[data-testid=inspector-id]') !== null;"));
    await page.click("[data-testid=imported-notes] summary");
  });

  test("a way to get stuck is shown as a conversation", async () => {
    const { page } = held.studio;
    await page.click("[data-testid=problems-error] [data-testid=problem-conversation]");
    await page.find({ testId: "chat" });
    await page.find({ testId: "step" });
    await page.click({ testId: "tab-problems" });
    await page.find({ testId: "imported-stuck" });
  });

  test("it cannot be saved where nothing can be written, and is not lost by that", async () => {
    const { page } = held.studio;
    const { text: whole } = await text(page);
    const file = join(place, "a-file");
    writeFileSync(file, "theirs");
    held.studio.answerDialog(join(file, "agent.flow.json"));
    await page.press("Control", "s");
    await page.waitForText("The flow was not saved", { testId: "banner" });
    await page.waitForText("a-file", { testId: "banner" });
    assert.equal(readFileSync(file, "utf8"), "theirs");
    assert.equal((await text(page)).text, whole);
    const flow = join(place, `${JSON.parse(whole).id}.flow.json`);
    held.studio.answerDialog(flow);
    await page.press("Control", "s");
    await saved(page);
    await page.gone({ testId: "banner" });
    assert.equal(readFileSync(flow, "utf8"), whole);
  });

  test("a zip of this studio's own export comes back by the keyboard alone", async () => {
    const { page } = held.studio;
    const zip = join(place, "banking.zip");
    assert.equal(handoff("export", banking.flow, "--to", "amazon-lex", "--out", zip).status, 0);
    held.studio.answerDialog(zip);
    await page.press("Control", "k");
    await page.find({ testId: "palette-input" });
    await page.keyboard("Import a zip");
    await until("the command is the first", () => page.run("return document.querySelector('[data-testid=palette-item]')?.textContent.includes('Import a zip') ?? false;"));
    await page.press("Enter");
    await until("nobody gets stuck", async () => (await (await page.find({ testId: "imported-stuck" })).text()) === "No customer gets stuck");
    assert.deepEqual(JSON.parse((await text(page)).text), JSON.parse(readFileSync(banking.flow, "utf8")));
    const back = await page.run("return document.activeElement !== document.body;");
    assert.ok(back, "the keyboard goes on somewhere");
    await pressUntil(page, "Tab", "in the problems", () => page.run("return document.activeElement.closest('[data-testid=problems]') !== null;"), 150);
    await closeFlow(page);
  });

  test("a dropped folder is imported, a dropped flow opened, and two things are too many", async () => {
    const { page } = held.studio;
    await drop(page, project);
    await page.waitForText("Imported from Dialogflow CX", { testId: "imported" });
    await drop(page, project, banking.flow);
    await page.waitForText("Drop one thing at a time", { testId: "toast" });
    await page.find({ testId: "imported" });
    await drop(page, banking.flow);
    await page.click({ testId: "answer-discard" });
    await page.waitForText("Banking: fee dispute", { testId: "flow-title" });
    await page.gone({ testId: "imported" });
  });
});

/** The rows of errors, as people read them: code, the line of the conversation, and why there is none. */
function stuckRows(page) {
  return page.run(`return [...document.querySelectorAll("[data-testid=problems-error] [data-testid=problem]")].map((row) => ({
    code: row.dataset.code,
    way: row.querySelector("[data-testid=problem-way]")?.innerText.trim() ?? null,
    why: row.querySelector("[data-testid=no-conversation]")?.innerText.trim() ?? null,
    open: row.querySelector("[data-testid=problem-conversation]") !== null,
  }));`);
}

/** Waits until every error says its conversation or why there is none. */
async function allShown(page) {
  await until("all are looked for", () => page.run("return document.querySelector('[data-testid=imported-ways]')?.getAttribute('aria-busy') === 'false';"));
  return until("each says something", async () => {
    const rows = await stuckRows(page);
    return rows.length > 0 && rows.every(({ way, why }) => way !== null || why !== null) && rows;
  });
}

const SHARED = process.env.HANDOFF_SHARED ?? join(ROOT, "..", "shared");
const REAL = join(SHARED, "platforms", "data", "cx-agents", "goodbye-graffiti");

describe("the ways a customer gets stuck in somebody's agent", { skip: existsSync(REAL) ? false : `there is no ${REAL}` }, () => {
  const banking = copyOf();
  const place = mkdtempSync(join(tmpdir(), "handoff-import-"));
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => {
    banking.remove();
    rmSync(place, { recursive: true, force: true });
  });

  async function importReal(page) {
    held.studio.answerDialog(REAL);
    await page.click({ testId: "file-menu" });
    await page.click({ testId: "menu-file.import-folder" });
    await page.waitForText("ways a customer gets stuck", { testId: "imported-stuck" });
  }

  test("each has a conversation or says why it has none, as the command line does", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    const { said } = imported(place, REAL);
    await importReal(page);
    const rows = await allShown(page);
    const errors = said.check.problems.filter(({ severity }) => severity === "error");
    assert.equal(rows.length, errors.length);
    assert.equal(rows.filter(({ way }) => way !== null).length, errors.filter(({ conversation }) => conversation).length);
    assert.ok(rows.some(({ way }) => way !== null) && rows.some(({ why }) => why !== null));
    for (const why of rows.flatMap(({ why }) => why ?? [])) {
      assert.ok(errors.some(({ no_conversation: told }) => told !== undefined && why.endsWith(told.replaceAll("`", ""))), why);
    }
    const shown = errors.filter(({ conversation }) => conversation).length;
    await page.waitForText(`${shown} of them are shown by a conversation`, { testId: "imported-ways" });
    await held.studio.picture("import-ways-light");
  });

  test("one is read, opened in the preview and kept, by mouse", async () => {
    const { page } = held.studio;
    // One in which the customer speaks.
    await until("one is opened", () => page.run(`const way = [...document.querySelectorAll("[data-testid=problem-way]")].find((one) => one.textContent.includes(" → "));
      way?.setAttribute("id", "the-way");
      way?.scrollIntoView({ block: "start" });
      return way !== undefined;`));
    await page.click("#the-way");
    const talk = await page.find("[data-testid=way-talk] [data-testid=outcome]");
    assert.ok((await talk.text()).length > 0);
    const said = await page.run("return ['ai', 'customer'].map((who) => document.querySelectorAll(`[data-testid=way-talk] [data-testid=said-${who}]`).length);");
    assert.ok(said.every((count) => count > 0), String(said));
    await held.studio.picture("import-way-read-light");
    await page.click({ testId: "theme" });
    await held.studio.picture("import-way-read-dark");
    await page.click({ testId: "theme" });
    await page.run("document.querySelector('#the-way').closest('[data-testid=problem]').querySelector('[data-testid=problem-conversation]').id = 'the-open';");
    await page.click("#the-open");
    await page.find("[data-testid=preview] [data-testid=chat]");
    await until("it is the conversation", async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === "witness");
    await page.find({ testId: "step" });
    await held.studio.picture("import-way-preview-light");
    await page.click({ testId: "tab-problems" });
    await allShown(page);
    await page.click("[data-testid=problem-way]");
    await page.click({ testId: "way-keep" });
    await page.find({ testId: "save-form" });
    await page.click({ testId: "tab-problems" });
  });

  test("one is read and opened by the keyboard alone", async () => {
    const { page } = held.studio;
    await allShown(page);
    await page.run("document.querySelector('[data-testid=imported-stuck]').focus();");
    const on = (testid) => page.run("return document.activeElement.dataset.testid === arguments[0];", testid);
    await pressUntil(page, "Tab", "on a conversation", () => on("problem-way"), 60);
    await page.press("Enter");
    await page.find("[data-testid=way-talk] [data-testid=outcome]");
    await pressUntil(page, "Tab", "on what opens it", () => on("problem-conversation"), 20);
    await page.press("Enter");
    await page.find("[data-testid=preview] [data-testid=chat]");
    await page.find({ testId: "step" });
  });
});

describe("a project that is none", () => {
  const banking = copyOf();
  const place = mkdtempSync(join(tmpdir(), "handoff-import-"));
  const deep = join(place, "deep", "deeper");
  mkdirSync(deep, { recursive: true });
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => {
    banking.remove();
    rmSync(place, { recursive: true, force: true });
  });

  /** Brings something in by the File menu; the open flow with its changes stays where it is refused. */
  async function refused(kind, path, words) {
    const { page } = held.studio;
    const former = (await text(page)).text;
    const files = everything(place);
    held.studio.answerDialog(path);
    await page.click({ testId: "file-menu" });
    await page.click({ testId: `menu-file.import-${kind}` });
    await page.click({ testId: "answer-discard" });
    await page.waitForText("could not be imported. Nothing was changed.", { testId: "banner" });
    for (const one of words) await page.waitForText(one, { testId: "banner" });
    assert.deepEqual(everything(place), files, "nothing is written");
    assert.equal((await text(page)).text, former, "the open flow stays");
    await page.waitForText("unsaved", { testId: "save-state" });
    await page.click({ testId: "banner-dismiss" });
    await page.gone({ testId: "banner" });
  }

  test("a zip that leads out of its folder is refused by name", async () => {
    const { page } = held.studio;
    await page.find(card("clarify"));
    await say(page, "clarify", " Mine.");
    const zip = join(deep, "hostile.zip");
    writeFileSync(zip, zipOf([["agent.json", "{}"], ["../../evil.txt", "harm"]]));
    await refused("file", zip, ["hostile.zip", "../../evil.txt", "leads out of its folder"]);
    assert.ok(!existsSync(join(place, "evil.txt")));
    await held.studio.picture("import-hostile");
  });

  test("a damaged zip, an empty folder and one with nothing known say the way out", async () => {
    const broken = join(place, "broken.zip");
    writeFileSync(broken, zipOf([["agent.json", "{}"]]).subarray(0, 40));
    await refused("file", broken, ["broken.zip", "pack it again"]);
    const empty = join(place, "empty");
    mkdirSync(empty);
    await refused("folder", empty, ["empty", "there is no file in it"]);
    const photos = join(place, "photos");
    mkdirSync(photos);
    writeFileSync(join(photos, "beach.txt"), "sun");
    await refused("folder", photos, ["photos", "Dialogflow CX", "choose the folder or file that the other tool exported"]);
    const ours = join(place, "ours.json");
    writeFileSync(ours, readFileSync(banking.flow));
    await refused("file", ours, ["ours.json", "open it instead"]);
  });
});
