// The window in German: previewing a conversation, changing a signal, why not, replay, a label, a threshold that is moved;
// and not a sentence in English on the way, neither of the window nor of the core.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { card, choose, copyOf, fill, preview, problems } from "../flows.mjs";
import { withStudio } from "../studio.mjs";

// Words that every English sentence has some of, and no German one.
const ENGLISH = /\b(?:the|and|is|are|were|of|with|not|what|this|it|for|when|where|which|has|have|can|nothing|goes|says)\b(?!:)/i;

// Everything that is shown, or told to assistive technology, in our own words: what a flow, a conversation or a request says
// stands in marks of its own.
const SHOWN = `
  const foreign = "code, pre, .mono, .cm-editor, [dir=auto], textarea, canvas, style, script, svg title, [data-node], option, [data-foreign]";
  const seen = [];
  const visible = (one) => one.checkVisibility ? one.checkVisibility({ visibilityProperty: true }) : true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    const words = node.textContent.replace(/\\s+/g, " ").trim();
    if (words !== "" && owner && !owner.closest(foreign) && visible(owner)) seen.push(words);
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (one.closest(foreign) || !visible(one)) continue;
    for (const name of ["aria-label", "title", "placeholder"]) if (one.getAttribute(name)) seen.push(one.getAttribute(name));
  }
  return seen;
`;

describe("the window in German", () => {
  const banking = copyOf();
  // A card that nothing leads to and that leads nowhere, and a name that nothing reads: there are problems to be told.
  const flow = JSON.parse(readFileSync(banking.flow, "utf8"));
  flow.nodes.left_over = { kind: "message", text: "Hm." };
  flow.signals["customer.left_over"] = { type: "bool", source: "CRM" };
  banking.write("banking_fee_dispute.flow.json", flow);
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow], width: 1280, height: 800 });
  after(() => banking.remove());

  /** What the flow and its conversations say is nobody's to translate. */
  const own = `${readFileSync(banking.flow, "utf8")}\n${readFileSync(banking.conversations, "utf8")}`;
  const titles = [...own.matchAll(/"title": "([^"]+)"/g)].map(([, title]) => title).sort((a, b) => b.length - a.length);

  async function allGerman(page, screen) {
    const shown = await page.run(SHOWN);
    const ours = (words) => titles.reduce((left, title) => left.replaceAll(title, ""), words).replaceAll(/„[^“]*“|“[^”]*”|"[^"]*"|\{.*\}/g, "");
    const english = [...new Set(shown)].filter((words) => !own.includes(words) && ENGLISH.test(ours(words)));
    assert.deepEqual(english, [], `English in ${screen}`);
    assert.ok(shown.length > 20, `${screen} says something`);
  }

  test("speaks German from its first word on, once that is chosen", async () => {
    const { page } = held.studio;
    await page.find(card("start"));
    await page.run("localStorage.setItem('handoff-studio.language', 'de'); location.reload();");
    await until("the page is German", () => page.run("return document.documentElement.lang === 'de' && document.querySelector('[data-node=start]') !== null;"));
    await allGerman(page, "Design");
  });

  test("problems are said in German, with their fixes", async () => {
    const { page } = held.studio;
    if ((await problems(page)).length === 0) await page.press("Control", "j");
    await until("problems are listed", async () => (await problems(page)).some(({ code }) => code === "node-unreachable"));
    await allGerman(page, "Problems");
    await held.studio.picture("german-problems-light");
  });

  test("a conversation is previewed, a signal changed, and it is said what would have decided otherwise", async () => {
    const { page } = held.studio;
    await page.press("Control", "p");
    await preview(page, "fee-1");
    await page.find({ testId: "zendesk-card" });
    await page.click({ testId: "drawer-tall" });
    await allGerman(page, "Preview");
    await held.studio.picture("german-preview-light");
    await page.click({ testId: "view-request" });
    await page.find({ testId: "ways" });
    await allGerman(page, "the request");
    await held.studio.picture("german-request-light");
    await page.click({ testId: "view-agent" });
    await page.click({ testId: "change-customer" });
    await choose(page, "signal-customer.tier", "vip");
    await page.find({ testId: "reset-customer.tier" });
    await allGerman(page, "Preview with a changed signal");
    await page.click({ testId: "reset-customer.tier" });
    await page.gone({ testId: "preview-back" });
    await until("the step of the trigger is looked at", async () => {
      await page.click('[data-testid="step"][data-by="trigger.uncertain_dispute"] button');
      return page.run("return document.querySelector('[data-testid=why-not-ask]') !== null;");
    }, { every: 400 });
    await page.click({ testId: "why-not-ask" });
    await page.find({ testId: "why-not-change" });
    await allGerman(page, "why not");
    await page.click({ testId: "drawer-tall" });
  });

  test("conversations are replayed, one is labelled, and a threshold is moved", async () => {
    const { page } = held.studio;
    await page.press("Control", "3");
    await page.find({ testId: "test-sets" });
    await page.press("Control", "Enter");
    await page.find({ testId: "test-summary" });
    await allGerman(page, "a replay");
    await held.studio.picture("german-replay-light");
    await fill(page, "test-search", "id:fee-1");
    await page.click('[data-testid="test-conversation"][data-id="fee-1"]');
    await page.find({ testId: "read-label" });
    await page.click({ testId: "label-tier-tier1" });
    await until("it stands in the file", () => JSON.parse(readFileSync(banking.conversations, "utf8").split("\n")[0]).expect?.handoff?.tier === "tier1");
    await allGerman(page, "a label");
    await page.click({ testId: "test-tab-sweep" });
    await choose(page, "sweep-constant", "unsure");
    await page.click({ testId: "sweep-run" });
    await page.find({ testId: "sweep-point" });
    await allGerman(page, "a threshold that is moved");
    await held.studio.picture("german-sweep-light");
  });
});
