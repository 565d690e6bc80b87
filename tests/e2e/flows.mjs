// What the cases share: copies of shipped flows, and the words of the window by which they find their way.

import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEYS, until } from "./driver.mjs";
import { ROOT } from "./studio.mjs";

const TEMPLATES = join(ROOT, "flows", "templates");

/** A folder with a copy of a shipped flow, its conversations and the environments. */
export function copyOf(name = "banking_fee_dispute") {
  const folder = mkdtempSync(join(tmpdir(), "handoff-flow-"));
  for (const file of [`${name}.flow.json`, `${name}.conversations.jsonl`, "environments.json"]) {
    if (existsSync(join(TEMPLATES, file))) copyFileSync(join(TEMPLATES, file), join(folder, file));
  }
  return {
    folder,
    flow: join(folder, `${name}.flow.json`),
    conversations: join(folder, `${name}.conversations.jsonl`),
    /** Writes another flow beside it. */
    write(file, document) {
      const path = join(folder, file);
      writeFileSync(path, typeof document === "string" ? document : `${JSON.stringify(document, null, 2)}\n`);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A card that stands near enough to be read. */
export function card(id) {
  return `[data-node="${id}"]`;
}

/** Clicks a card, and waits until the inspector is about it. */
export function openCard(page, id) {
  return until(`the inspector is about ${id}`, async () => {
    const [found] = await page.all(card(id));
    if (found === undefined) return false;
    await page.clickAt(await found.centre());
    return (await page.run("return document.querySelector('[data-testid=inspector-id]')?.value;")) === id;
  }, { every: 150 });
}

/** Finds a card by the palette, wherever it stands, and waits until the inspector is about it. */
export async function showCard(page, id) {
  await page.press("Control", "k");
  await page.find({ testId: "palette-input" });
  await page.keyboard(id);
  await until(`the palette finds ${id}`, () => page.run("return [...document.querySelectorAll('[data-testid=palette-item]')][0]?.textContent.trim().endsWith(` · ${arguments[0]}`) ?? false;", id));
  await page.press("Enter");
  await until(`the inspector is about ${id}`, () => page.run("return document.querySelector('[data-testid=inspector-id]')?.value === arguments[0];", id));
}

/** The problems of the list: their codes, with the path of each. */
export function problems(page) {
  return page.run("return [...document.querySelectorAll('[data-testid=problem]')].map((one) => ({ code: one.dataset.code, path: one.dataset.path }));");
}

/** The number under which the core holds the open flow, and its text there. */
export async function text(page) {
  for (let doc = 0; doc < 12; doc += 1) {
    const { ok } = await page.rpc("doc.text", { doc });
    if (ok !== undefined) return { doc, text: ok.text };
  }
  throw new Error("no flow is open");
}

/** What has the focus: its test id, its role, and whether it is the canvas. */
export function focus(page) {
  return page.run(`const one = document.activeElement;
    return { testid: one?.dataset?.testid ?? null, role: one?.getAttribute("role") ?? one?.tagName.toLowerCase() ?? null, label: one?.getAttribute("aria-label") ?? one?.textContent?.trim().slice(0, 80) ?? "" };`);
}

/** Presses a key again and again until something is so. */
export async function pressUntil(page, key, what, probe, most = 60) {
  for (let times = 0; times < most; times += 1) {
    if (await probe()) return;
    await page.press(...[key].flat());
  }
  throw new Error(`pressed ${key} ${most} times in vain: ${what}`);
}

/** Undoes everything, by keyboard. */
export async function undoAll(page) {
  for (let times = 0; times < 200; times += 1) {
    if (await page.run("return document.querySelector('[data-testid=undo]').disabled;")) return times;
    await page.press("Control", "z");
  }
  throw new Error("there is no end of undoing");
}

/** What stands in a condition's editor. */
export function condition(page, testid) {
  return page.run("return [...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"] .cm-line`)].map((line) => line.textContent).join('\\n');", testid);
}

/** The characters of a condition that are underlined, by severity. */
export function underlined(page, testid, severity = "error") {
  return page.run("return [...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"] .cm-lintRange-${arguments[1]}`)].map((one) => one.textContent).join('');", testid, severity);
}

/** Replaces what stands in the field that has the focus. */
export async function retype(page, words) {
  await page.press("Control", "a");
  await page.press("Delete");
  await page.keyboard(words);
}

/** Types into a field, once, and waits until it holds just that. */
export async function fill(page, testId, words) {
  await page.click({ testId });
  await retype(page, words);
  await until(`${testId} holds ${words}`, async () => (await (await page.find({ testId })).property("value")) === words);
}

/** Writes words at the end of what a card says. */
export async function say(page, id, words) {
  await openCard(page, id);
  await page.click({ testId: "field-text" });
  await page.press("Control", "End");
  await page.keyboard(words);
  await page.waitForText("unsaved", { testId: "save-state" });
}

/** Picks an entry of a select, as a person does. */
export function choose(page, testId, value) {
  return until(`${value} is chosen in ${testId}`, () => page.run(`
    const select = document.querySelector('[data-testid="' + arguments[0] + '"]');
    if (![...(select?.options ?? [])].some((one) => one.value === arguments[1])) return false;
    select.value = arguments[1];
    select.dispatchEvent(new Event("change", { bubbles: true }));
    return true;`, testId, value));
}

/** Searches all conversations for one in Preview, and takes it. */
export async function preview(page, id) {
  await page.click({ testId: "preview-pick" });
  await fill(page, "preview-pick", `id:${id}`);
  await page.click(`[data-testid="preview-option"][data-id="${id}"]`);
  await until(`${id} is picked`, async () => (await (await page.find({ testId: "preview-pick" })).property("value")) === id);
}

/** Waits until the flow says that nothing is unsaved. */
export function saved(page) {
  return until("the flow is saved", () => page.run("const state = document.querySelector('[data-testid=save-state]'); return state !== null && !state.classList.contains('dirty') && state.textContent.startsWith('saved');"));
}

/** Clicks an answer of a question, when there is one. */
export async function discard(page) {
  if ((await page.all({ testId: "answer-discard" })).length > 0) await page.click({ testId: "answer-discard" });
}

export { KEYS };
