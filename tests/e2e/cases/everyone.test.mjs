// For everyone: the whole job by keyboard alone, what a screen reader is told, light and dark, and words that are only words.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, condition, copyOf, focus, pressUntil, problems, retype, saved, showCard, text, underlined } from "../flows.mjs";
import { handoff, withStudio } from "../studio.mjs";

const WHEN = "field-branches-0-when";

/** Does a command of the palette, by its words. */
async function command(page, words, title = words) {
  await page.press("Control", "k");
  await page.find({ testId: "palette-input" });
  await page.keyboard(words);
  await until(`the palette offers ${title}`, () => page.run("return document.querySelector('[data-testid=palette-item][aria-selected=true] .title')?.textContent === arguments[0];", title));
  await page.press("Enter");
  await page.gone({ testId: "palette" });
}

/** The card where the keyboard is. */
function at(page) {
  return page.run("return document.querySelector('[data-testid=canvas]').getAttribute('aria-activedescendant')?.replace(/^cv-/, '') ?? null;");
}

describe("by keyboard alone", () => {
  const banking = copyOf();
  const original = readFileSync(banking.flow, "utf8");
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow] });
  after(() => banking.remove());

  test("Tab reaches every part of the window, and shows where it is", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.run("document.activeElement.blur();");
    const reached = new Set();
    for (let times = 0; times < 70; times += 1) {
      await page.press("Tab");
      const { place, ring, name } = await page.run(`const one = document.activeElement;
        const style = getComputedStyle(one);
        const after = getComputedStyle(one, "::after");
        return {
          place: ["topbar", "rail", "triggers", "canvas", "inspector", "drawer"].find((id) => one.closest('[data-testid="' + id + '"]')) ?? null,
          ring: style.outlineStyle !== "none" || style.boxShadow !== "none" || after.borderStyle !== "none",
          name: one.outerHTML.slice(0, 120),
        };`);
      if (place !== null) assert.ok(ring, `no focus ring on ${name}`);
      reached.add(place);
      if (reached.size >= 6 && reached.has("drawer")) break;
    }
    for (const place of ["topbar", "rail", "triggers", "canvas", "inspector", "drawer"]) assert.ok(reached.has(place), `Tab reaches ${place}`);
  });

  test("arrows walk along the edges, and Enter opens the card at what it is about", async () => {
    const { page } = held.studio;
    await page.press("F6");
    await until("the canvas has the focus", async () => (await focus(page)).testid === "canvas");
    await page.press("Home");
    await until("at the start", async () => (await at(page)) === "start");
    for (const id of ["greet", "main"]) {
      await page.press("ArrowRight");
      await until(`at ${id}`, async () => (await at(page)) === id);
    }
    await page.press("ArrowLeft");
    await until("back again", async () => (await at(page)) === "greet");
    await page.press("ArrowRight");
    await page.press("Enter");
    await until("the condition has the focus", () => page.run("return document.activeElement.closest('[data-testid=node-form]') !== null;"));
  });

  test("a condition is broken and mended", async () => {
    const { page } = held.studio;
    await pressUntil(page, "Tab", "the condition", async () => (await focus(page)).testid === WHEN, 12);
    await retype(page, 'intent == "fee_dispute" && confidence <');
    const problem = await page.find('[data-testid="problem"][data-code="syntax"]');
    assert.equal(await problem.attribute("data-path"), "/nodes/main/branches/0/when");
    await until("the characters are underlined", () => underlined(page, WHEN).then((one) => one || null));
    await page.keyboard(" 0.9");
    await until("the problem is gone", async () => !(await problems(page)).some(({ code }) => code === "syntax"));
    assert.equal(await condition(page, WHEN), 'intent == "fee_dispute" && confidence < 0.9');
  });

  test("a completion is taken by keyboard", async () => {
    const { page } = held.studio;
    await retype(page, 'intent == "fee_dispute" && confi');
    await page.find(".cm-tooltip-autocomplete");
    // The list takes no key in its first moment, lest somebody who types fast takes what they have not seen.
    await until("the word is whole", async () => {
      if ((await condition(page, WHEN)) === 'intent == "fee_dispute" && confidence') return true;
      await page.press("Enter");
      return false;
    }, { every: 200 });
    await page.keyboard(" < 0.9");
    await page.press("Escape");
  });

  test("C connects a card to another", async () => {
    const { page } = held.studio;
    await page.press("F6");
    await page.press("Home");
    await until("at the start", async () => (await at(page)) === "start");
    await page.press("ArrowRight");
    await until("at greet", async () => (await at(page)) === "greet");
    await page.press("c");
    await page.find({ testId: "chooser" });
    assert.equal((await focus(page)).role, "combobox");
    await page.keyboard("clarify");
    await page.press("Enter");
    await page.gone({ testId: "chooser" });
    await until("the edge leads there", async () => (await text(page)).text.includes('"text": "Hi, what can I help with?",\n      "next": "clarify"') || (await text(page)).text.includes('"text": "Hi, what can I help with?", "next": "clarify"'));
    assert.equal((await focus(page)).testid, "canvas");
  });

  test("N adds a card behind it, Delete takes it away, Ctrl+Z takes all back", async () => {
    const { page } = held.studio;
    await page.press("Home");
    await page.press("n");
    await page.find({ testId: "chooser" });
    await page.keyboard("note");
    await page.press("Enter");
    await page.gone({ testId: "chooser" });
    await until("the note is there", async () => (await text(page)).text.includes('"kind": "note"'));
    await page.press("Delete");
    await until("the note is gone", async () => !(await text(page)).text.includes('"kind": "note"'));
    await pressUntil(page, ["Control", "z"], "all is undone", () => page.run("return document.querySelector('[data-testid=undo]').disabled;"));
    await until("the text is the original", async () => (await text(page)).text === original);
  });

  test("the palette leads to Preview, to Talk and to Export", async () => {
    const { page } = held.studio;
    await command(page, "preview", "Preview");
    await page.find({ testId: "steps" });
    await command(page, "talk to the flow", "Talk to the flow");
    await pressUntil(page, "Tab", "the talk", async () => (await focus(page)).testid === "talk-input", 120);
    await page.keyboard("Let me talk to someone");
    await page.find({ testId: "talk-intent" });
    await page.press("Enter");
    await page.waitForText("I am connecting you with a colleague", { testId: "chat" });
    const out = join(banking.folder, "out");
    mkdirSync(out);
    held.studio.answerDialog(out);
    await command(page, "go to export", "Go to Export");
    await pressUntil(page, "Tab", "the platforms", async () => (await focus(page)).testid === "export-platform", 60);
    await page.keyboard("Rasa");
    await page.find({ testId: "file-domain.yml" });
    await page.find({ testId: "losses" });
    await pressUntil(page, "Tab", "the button", async () => (await focus(page)).testid === "export-write", 60);
    await page.press("Enter");
    await page.find({ testId: "export-written" });
    assert.ok(readdirSync(out).includes("domain.yml"));
  });

  test("Ctrl+S saves", async () => {
    const { page } = held.studio;
    await page.press("Control", "1");
    await showCard(page, "greet");
    await until("the canvas has the focus", async () => (await focus(page)).testid === "canvas");
    await until("at greet", async () => (await at(page)) === "greet");
    await page.press("Enter");
    await until("its text has the focus", async () => (await focus(page)).testid === "field-text");
    await retype(page, "Good day, what can I help with?");
    await page.press("Control", "s");
    await saved(page);
    assert.equal(readFileSync(banking.flow, "utf8"), original.replace("Hi, what can I help with?", "Good day, what can I help with?"));
    assert.equal(handoff("fmt", "--check", banking.flow).status, 0);
  });
});

describe("what is told and shown", () => {
  const banking = copyOf();
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow] });
  after(() => banking.remove());

  test("cards say kind, title and substance", async () => {
    const { page } = held.studio;
    const main = await page.find(card("main"));
    assert.equal(await main.role(), "button");
    assert.match(await main.label(), /^Listen, .+, disputes a fee/);
    const canvas = await page.find({ testId: "canvas" });
    assert.equal(await canvas.role(), "application");
    assert.equal(await canvas.label(), "Flow on the canvas");
  });

  test("every button has a name", async () => {
    const { page } = held.studio;
    const nameless = await page.run(`return [...document.querySelectorAll("button, input, select, textarea, [role=button], [role=textbox]")]
      .filter((one) => one.checkVisibility())
      .filter((one) => !(one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") || one.labels?.length || one.textContent.trim() || one.title))
      .map((one) => one.outerHTML.slice(0, 100));`);
    assert.deepEqual(nameless, []);
  });

  test("the outline is a tree with the same selection", async () => {
    const { page } = held.studio;
    await page.click({ testId: "toggle-outline" });
    const tree = await page.find({ testId: "outline" });
    assert.equal(await tree.role(), "tree");
    const items = await page.all('[data-testid="outline"] [role="treeitem"]');
    assert.ok(items.length > 10);
    assert.equal(await items[0].attribute("aria-level"), "1");
    assert.match(await items[0].label(), /^Start/);
    await page.click('[data-testid="outline"] [data-row="greet"]');
    await page.find(`${card("greet")}.selected`);
    await page.press("ArrowDown");
    await page.find(`${card("main")}.selected`);
    await page.click({ testId: "toggle-outline" });
  });

  test("what happens is said", async () => {
    const { page } = held.studio;
    await page.click({ testId: "tidy" });
    await page.find('[data-testid="undo"]:not(:disabled)');
    await page.press("Control", "z");
    await page.waitForText("Undone", { testId: "live" });
  });

  test("light and dark change at once, and stay", async () => {
    const { page } = held.studio;
    const colours = () => page.run("const { backgroundColor, color } = getComputedStyle(document.body); return [document.documentElement.dataset.theme, backgroundColor, color];");
    const [theme, paper, ink] = await colours();
    await page.click({ testId: "theme" });
    const [other, otherPaper, otherInk] = await colours();
    assert.deepEqual([theme, other].sort(), ["dark", "light"]);
    assert.notEqual(paper, otherPaper);
    assert.notEqual(ink, otherInk);
    await page.post("/refresh");
    await until("the page is there again", async () => (await page.all({ testId: "theme" })).length > 0);
    await until("it stays", async () => (await colours())[0] === other);
    await page.click({ testId: "theme" });
  });
});

describe("hostile words", () => {
  const TITLES = {
    script: "<script>window.intruder = 1</script><img src=x onerror='window.intruder = 2'>",
    rtl: "\u202Eمرحبا بالعالم\u202C שלום",
    emoji: "👩‍👩‍👧‍👦 🏳️‍🌈 \u{1F468}\u{1F3FD}",
    nul: "before\u0000after\u001b[31m",
    quotes: "\"quoted\" 'single' \\back\\slash/ ${x} {{y}} `z`",
    long: "long".repeat(400),
  };
  const folder = copyOf();
  const flow = folder.write("hostile.flow.json", {
    format: "handoff-flow/1",
    id: "hostile",
    title: TITLES.script,
    intents: { a: { title: TITLES.script, examples: ["a"] } },
    nodes: {
      start: { kind: "start", next: "script" },
      ...Object.fromEntries(Object.entries(TITLES).map(([id, title], index, all) => [id, { kind: "message", title, text: title, next: all[index + 1]?.[0] ?? "done" }])),
      done: { kind: "end", outcome: "resolved" },
    },
    layout: Object.fromEntries(["start", ...Object.keys(TITLES), "done"].map((id, index) => [id, [260 * (index % 4), 120 * Math.floor(index / 4)]])),
  });
  const held = withStudio({ before, after, afterEach }, { args: [flow] });
  after(() => folder.remove());

  test("are shown as the words they are", async () => {
    const { page } = held.studio;
    for (const id of Object.keys(TITLES)) {
      const title = await page.find(`${card(id)} .title`);
      assert.equal(await title.property("textContent"), TITLES[id], id);
    }
    assert.equal(await (await page.find({ testId: "flow-title" })).property("textContent"), TITLES.script);
    assert.equal(await page.run("return typeof window.intruder;"), "undefined");
    assert.equal(await page.run("return document.querySelectorAll('img, #app script').length;"), 0);
  });

  test("do no harm in the inspector, the outline, the palette and the vocabulary", async () => {
    const { page } = held.studio;
    await page.click({ testId: "toggle-outline" });
    await page.click({ testId: "toggle-vocabulary" });
    await page.click({ testId: "vocabulary-intents" });
    await page.click('[data-testid="outline"] [data-row="nul"]');
    assert.equal(await (await page.find({ testId: "inspector-title" })).property("value"), TITLES.nul);
    await page.click('[data-testid="outline"] [data-row="long"]');
    await page.press("Control", "k");
    await page.keyboard("script");
    await page.find({ testId: "palette-item" });
    assert.equal(await page.run("return typeof window.intruder;"), "undefined");
    assert.deepEqual(await page.run("scrollTo(500, 500); return [scrollX, scrollY];"), [0, 0], "nothing makes the window larger");
    const [width, room] = await page.run("const one = document.querySelector('[data-testid=palette]'); return [one.scrollWidth, one.clientWidth];");
    assert.ok(width <= room, `the palette is as wide as its box: ${width} <= ${room}`);
    await page.press("Escape");
  });

  test("are read back as they were", async () => {
    const { page } = held.studio;
    const { nodes, title } = JSON.parse((await text(page)).text);
    assert.equal(title, TITLES.script);
    for (const [id, words] of Object.entries(TITLES)) assert.equal(nodes[id].title, words);
  });
});
