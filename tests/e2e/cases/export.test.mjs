// The Export place: choosing a platform, reading files, what changed since the last export, what is lost, writing, refusals.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, choose, copyOf, fill, focus, pressUntil, say, text } from "../flows.mjs";
import { handoff, openStudio, withStudio } from "../studio.mjs";

/** The words of the file that is read, those alone that are in view. */
function shown(page) {
  return page.run("return document.querySelector('[data-testid=file-text] .cm-content')?.textContent ?? '';");
}

/** Waits until the file that is read says this. */
function reads(page, words) {
  return until(`the file says ${words}`, async () => (await shown(page)).includes(words));
}

/** Opens a file of the tree, found by its path: only rows in view are there. */
async function open(page, path) {
  await fill(page, "export-filter", path);
  await page.click({ testId: `file-${path}` });
  await page.waitForText(path, { testId: "file-path" });
  await fill(page, "export-filter", "");
  await page.click({ testId: `file-${path}` });
}

/** What the tree says of a file. */
function row(page, path) {
  return page.run("const one = document.querySelector('[data-testid=\"file-' + arguments[0] + '\"]'); return one === null ? null : { change: one.dataset.change ?? null, edited: one.dataset.edited ?? null, label: one.getAttribute('aria-label'), level: one.getAttribute('aria-level') };", path);
}

describe("the Export place", () => {
  const banking = copyOf();
  const out = join(banking.folder, "bot");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow] });
  after(() => banking.remove());

  test("says what it is for before a platform is chosen, and shows the files then", async () => {
    const { page } = held.studio;
    await page.find(card("clarify"));
    await page.click({ testId: "go-export" });
    await page.find({ testId: "export-empty" });
    await page.click({ testId: "platform-dialogflow-cx" });
    await page.find({ testId: "file-flows/" });
    await page.gone({ testId: "export-empty" });
    assert.match(await (await page.find({ testId: "export-count" })).text(), /^\d+ files$/);
    assert.equal((await row(page, "flows/")).change, null, "there is no last export yet");
    assert.equal((await page.all({ testId: "export-changes" })).length, 0);
    await page.waitForText("not written for this platform yet", { testId: "export-last" });
    assert.ok((await page.all({ testId: "loss" })).length > 0);
    await held.studio.picture("export-cx");
  });

  test("files are read highlighted, as text and never as markup", async () => {
    const { page } = held.studio;
    await open(page, "agent.json");
    await reads(page, "defaultLanguageCode");
    await page.find("[data-testid=file-text] .tok-propertyName");
    assert.ok((await page.all("[data-testid=file-text] .cm-lineNumbers")).length > 0);
    await open(page, "webhook/policy.py");
    await page.find("[data-testid=file-text] .tok-keyword");
    await page.press("Control", "f");
    await page.find("[data-testid=file-text] .cm-search input[name=search]");
    await page.keyboard("def take");
    await page.press("Enter");
    await page.find("[data-testid=file-text] .cm-searchMatch");
    await page.press("Escape");
    await page.gone("[data-testid=file-text] .cm-search");
  });

  test("the tree is walked by keys, and a file is found by its first letters", async () => {
    const { page } = held.studio;
    await open(page, "agent.json");
    await page.press("Home");
    await until("the first row has the focus", async () => (await focus(page)).role === "treeitem");
    await page.keyboard("webh");
    await until("a row of that name has the focus", async () => /^webh/.test((await focus(page)).label));
    await pressUntil(page, "ArrowLeft", "at the folder", async () => (await focus(page)).testid === "file-webhook/");
    await page.press("ArrowLeft");
    await page.gone({ testId: "file-webhook/policy.py" });
    await page.press("ArrowRight");
    await page.find({ testId: "file-webhook/policy.py" });
    await page.press("ArrowRight");
    await pressUntil(page, "ArrowDown", "at the policy", async () => (await focus(page)).testid === "file-webhook/policy.py");
    await page.waitForText("webhook/policy.py", { testId: "file-path" });
    assert.equal((await row(page, "webhook/policy.py")).level, "2");
  });

  test("what is native, in code and lost is there with its places, and a click leads to the card", async () => {
    const { page } = held.studio;
    for (const how of ["native", "code", "hand", "lost"]) {
      await page.click({ testId: `how-${how}` });
      await until(`${how} is chosen`, async () => (await (await page.find({ testId: `how-${how}` })).attribute("aria-checked")) === "true");
    }
    await page.click({ testId: "how-code" });
    const [place] = await until("a place of a card", async () => {
      const found = await page.all({ testId: "carried-place" });
      return found.length > 0 ? found : false;
    });
    await place.click();
    await page.find({ testId: "place-design" });
    await until("a card or an entry is shown", () => page.run("return document.querySelector('[data-testid=inspector-id], [data-testid=entry-form], [data-testid=trigger-form]') !== null;"));
    await page.click({ testId: "go-export" });
    await page.find({ testId: "file-flows/" });
  });

  test("after it was written and the flow was changed, the changes are marked and shown", async () => {
    const { page } = held.studio;
    await choose(page, "export-platform", "rasa");
    await page.find({ testId: "file-domain.yml" });
    held.studio.answerDialog(out);
    await page.click({ testId: "export-write" });
    await page.find({ testId: "export-written" });
    await page.waitForText("as written last", { testId: "export-changes" });
    writeFileSync(join(out, "README.md"), "# mine\n");
    await page.click({ testId: "go-design" });
    await say(page, "clarify", " Take your time.");
    await page.click({ testId: "go-export" });
    await until("the policy is marked", async () => (await row(page, "actions/policy.py"))?.change === "changed");
    await open(page, "actions/policy.py");
    await until("the changes are seen", () => page.run("return document.querySelector('[data-testid=file-text]').dataset.view === 'diff';"));
    await reads(page, "Take your time.");
    await page.find("[data-testid=file-text] .cm-collapsedLines");
    await page.click({ testId: "file-view-text" });
    await page.gone("[data-testid=file-text] .cm-collapsedLines");
    await page.click({ testId: "file-view-diff" });
    await page.click({ testId: "export-only-changes" });
    await page.gone({ testId: "file-config.yml" });
    await page.click({ testId: "export-only-changes" });
    await page.find({ testId: "file-config.yml" });
    await held.studio.picture("export-changed");
  });

  test("a file that somebody edited is named, and replaced only when that is said", async () => {
    const { page } = held.studio;
    const readme = await row(page, "README.md");
    assert.deepEqual([readme.change, readme.edited], ["changed", "true"]);
    assert.match(readme.label, /edited by hand/);
    await open(page, "README.md");
    await page.waitForText("Somebody edited this file", { testId: "file-note" });
    await page.click({ testId: "export-there" });
    await page.waitForText("README.md", { testId: "export-in-the-way" });
    assert.equal(readFileSync(join(out, "README.md"), "utf8"), "# mine\n");
    await page.click({ testId: "export-replace" });
    await page.gone({ testId: "export-in-the-way" });
    await until("the file is replaced", () => readFileSync(join(out, "README.md"), "utf8") !== "# mine\n");
    await page.waitForText("as written last", { testId: "export-changes" });
    assert.match(readFileSync(join(out, "actions", "policy.py"), "utf8"), /Take your time\./);
  });

  test("a zip file is that of the command line, byte for byte", async () => {
    const { page } = held.studio;
    await page.press("Control", "s");
    await until("it is saved", () => readFileSync(banking.flow, "utf8").includes("Take your time."));
    const [fromWindow, fromLine] = [join(banking.folder, "window.zip"), join(banking.folder, "line.zip")];
    await page.click({ testId: "export-form-zip" });
    held.studio.answerDialog(join(banking.folder, "window"));
    await page.click({ testId: "export-write" });
    await page.waitForText("window.zip", { testId: "export-written" });
    assert.equal(handoff("export", banking.flow, "--to", "rasa", "--out", fromLine).status, 0);
    assert.ok(readFileSync(fromWindow).equals(readFileSync(fromLine)));
    await page.click({ testId: "export-form-folder" });
  });

  test("what cannot be written is refused with the way out", async () => {
    const { page } = held.studio;
    const file = join(banking.folder, "a-file");
    writeFileSync(file, "theirs");
    held.studio.answerDialog(file);
    await page.click({ testId: "export-write" });
    await page.waitForText("is a file. Choose a folder.", { testId: "export-error" });
    await page.find({ testId: "export-other" });
    assert.equal(readFileSync(file, "utf8"), "theirs");
    await page.click({ testId: "export-strict" });
    const strict = join(banking.folder, "strict");
    held.studio.answerDialog(strict);
    await page.click({ testId: "export-write" });
    await page.waitForText("does not carry everything as meant", { testId: "export-error" });
    assert.ok(!existsSync(strict));
    await page.click({ testId: "export-anyway" });
    await page.waitForText("strict", { testId: "export-written" });
    assert.ok(readdirSync(strict).includes("domain.yml"));
    await page.click({ testId: "export-strict" });
  });

  test("it is held against the flow on demand, and the platform's page is there", async () => {
    const { page } = held.studio;
    await page.click({ testId: "export-tab-checked" });
    await page.find({ testId: "export-held" });
    await page.click({ testId: "certificate-run" });
    const result = await page.find({ testId: "certificate-result" }, { seconds: 120 });
    assert.equal(await result.attribute("data-result"), "alike");
    const file = join(banking.folder, "certificate.json");
    held.studio.answerDialog(file);
    await page.click({ testId: "certificate-save" });
    await until("the certificate is written", () => existsSync(file) && JSON.parse(readFileSync(file, "utf8")).result === "alike", { seconds: 120 });
    await page.click("[data-testid=export-manual] summary");
    await page.waitForText("What it can carry", { testId: "export-manual" });
    await held.studio.picture("export-checked");
    await page.click({ testId: "export-tab-carried" });
  });

  test("the choice is remembered, and not in the flow", async () => {
    const { doc } = await text(held.studio.page);
    const { ok } = await held.studio.page.rpc("export.known", { doc });
    assert.equal(ok.platform, "rasa");
    assert.doesNotMatch(readFileSync(banking.flow, "utf8"), /"rasa"/);
  });
});

describe("a flow that was exported before", () => {
  const banking = copyOf();
  const broken = banking.write("broken.flow.json", { format: "handoff-flow/1", id: "broken", nodes: { start: { kind: "start", next: "hear" }, hear: { kind: "listen", branches: [{ when: "confidence <", to: "end" }], else: "end" }, end: { kind: "end", outcome: "done" } } });
  const home = mkdtempSync(join(tmpdir(), "handoff-e2e-"));
  const out = join(banking.folder, "connect");
  let studio;
  after(async () => {
    await studio?.close();
    rmSync(home, { recursive: true, force: true });
    banking.remove();
  });

  test("has its platform and its place again at the next start", async () => {
    studio = await openStudio({ args: [banking.flow], home });
    await studio.page.find(card("clarify"));
    await studio.page.click({ testId: "go-export" });
    await studio.page.click({ testId: "platform-amazon-connect" });
    mkdirSync(out);
    studio.answerDialog(out);
    await studio.page.find({ testId: "file-bot/" });
    await studio.page.click({ testId: "export-write" });
    await studio.page.find({ testId: "export-written" });
    await studio.kill();
    studio = await openStudio({ args: [banking.flow], home });
    const { page } = studio;
    await page.find(card("clarify"));
    await page.click({ testId: "go-export" });
    await page.find({ testId: "file-bot/" });
    assert.equal(await (await page.find({ testId: "export-platform" })).property("value"), "amazon-connect");
    await page.waitForText(out, { testId: "export-last" });
    await page.waitForText("as written last", { testId: "export-changes" });
  });

  test("one with errors says which, and leads to them", async () => {
    await studio.kill();
    studio = await openStudio({ args: [broken], home });
    const { page } = studio;
    await page.find("[data-node]");
    await page.click({ testId: "go-export" });
    await page.click({ testId: "platform-rasa" });
    await page.waitForText("The flow has errors", { testId: "export-error" });
    assert.equal((await page.all({ testId: "export-tree" })).length, 0);
    await studio.picture("export-refused");
    await page.click({ testId: "export-problem" });
    await page.find({ testId: "place-design" });
  });
});

describe("an export by the keyboard alone", () => {
  const saas = copyOf("saas_copilot");
  const out = join(saas.folder, "topics");
  const held = withStudio({ before, after, afterEach }, { args: [saas.flow], width: 1280, height: 800 });
  after(() => saas.remove());
  const at = (page, testid) => async () => (await focus(page)).testid === testid;

  test("a platform is chosen, its losses and a file are read, and it is written", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.press("Control", "5");
    await page.find({ testId: "platform-copilot-studio" });
    await pressUntil(page, "Tab", "at the platform", at(page, "platform-copilot-studio"));
    await page.press("Enter");
    await page.find({ testId: "export-tree" });
    assert.notEqual((await focus(page)).role, "body", "the card that is gone takes the keyboard nowhere");
    await pressUntil(page, "Tab", "at the tabs of what is carried", at(page, "export-tab-carried"));
    await page.press("End");
    await until("what checked it is there", async () => (await focus(page)).testid === "export-tab-checked");
    await page.press("Home");
    await until("what is carried is there again", async () => (await focus(page)).testid === "export-tab-carried");
    await pressUntil(page, ["Shift", "Tab"], "in the tree", async () => (await focus(page)).role === "treeitem");
    await page.press("End");
    await until("the last file is read", () => page.run("return document.activeElement.getAttribute('aria-selected') === 'true' || document.activeElement.getAttribute('aria-expanded') !== null;"));
    await pressUntil(page, ["Shift", "Tab"], "at the form", at(page, "export-form-zip"));
    held.studio.answerDialog(out);
    await pressUntil(page, ["Shift", "Tab"], "at the button that writes", at(page, "export-write"));
    await page.press("Enter");
    await page.waitForText("topics", { testId: "export-written" });
    const line = join(saas.folder, "line");
    assert.equal(handoff("export", saas.flow, "--to", "copilot-studio", "--out", line).status, 0);
    assert.deepEqual(readdirSync(out, { recursive: true }).sort(), readdirSync(line, { recursive: true }).sort());
  });
});

describe("a thousand cards on a platform of many files", () => {
  const banking = copyOf();
  const nodes = { start: { kind: "start", next: "main" }, main: { kind: "listen", branches: [], else: "done" }, done: { kind: "end", outcome: "done" } };
  for (let at = 0; at < 1000; at += 1) {
    if (at % 100 === 0) nodes.main.branches.push({ when: `text == "${at}"`, to: `m${at}` });
    nodes[`m${at}`] = { kind: "message", text: `Number ${at}`, next: at % 100 === 99 ? "main" : `m${at + 1}` };
  }
  const path = banking.write("thousand.flow.json", { format: "handoff-flow/1", id: "thousand", nodes });
  const held = withStudio({ before, after, afterEach }, { args: [path] });
  after(() => banking.remove());

  test("has only the rows in view, and each of them is reached", async () => {
    const { page } = held.studio;
    await page.find("[data-node]");
    await page.click({ testId: "go-export" });
    await page.click({ testId: "platform-dialogflow-cx" });
    await page.find({ testId: "file-flows/" });
    await page.click({ testId: "export-filter" });
    await page.keyboard("pages/");
    await page.find("[role=treeitem][aria-level='4']");
    const rows = await page.run("return { there: document.querySelectorAll('[role=treeitem]').length, tall: document.querySelector('[role=tree]').getBoundingClientRect().height };");
    assert.ok(rows.there < 120, `${rows.there} rows are in the page`);
    assert.ok(rows.tall > 20_000, `the list is ${rows.tall} pixels tall`);
    await page.run("document.querySelector('[role=treeitem][tabindex=\"0\"]').focus();");
    await page.press("End");
    await until("the last row has the focus", () => page.run("const one = document.activeElement; return one.getAttribute('aria-posinset') === one.getAttribute('aria-setsize') && one.getBoundingClientRect().top > 200;"));
    await page.press("Home");
    await until("the first row has the focus", () => page.run("return document.activeElement.dataset.at === '0';"));
  });
});
