// The window itself: it opens, shows the page, answers calls, and lets nothing else in.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { withStudio } from "../studio.mjs";

describe("the window", () => {
  const held = withStudio({ before, after, afterEach });

  test("opens and shows the page", async () => {
    const { page } = held.studio;
    assert.equal(await page.url(), "tauri://localhost");
    assert.match(await page.title(), /Handoff Studio/);
    await until("something inside the root", async () => (await page.run("return document.getElementById('app')?.childElementCount ?? 0;")) > 0);
  });

  test("answers a call", async () => {
    const { ok } = await held.studio.page.rpc("window.about");
    assert.equal(ok.name, "Handoff Studio");
    assert.match(ok.version, /^\d+\.\d+\.\d+$/);
  });

  test("refuses a method that does not exist, in words", async () => {
    const { fault } = await held.studio.page.rpc("window.no_such");
    assert.equal(fault.code, "no_such_method");
    assert.match(fault.message, /window\.no_such/);
  });

  test("opens with the banking flow", async () => {
    const { ok } = await held.studio.page.rpc("window.start");
    assert.match(ok.path ?? ok.template, /banking_fee_dispute/);
  });

  test("a dialog answers with what the test prepared", async () => {
    held.studio.answerDialog("/some/where.flow.json");
    assert.deepEqual((await held.studio.page.rpc("window.save_dialog", { name: "x.flow.json" })).ok, { path: "/some/where.flow.json" });
    held.studio.answerDialog("");
    assert.deepEqual((await held.studio.page.rpc("window.open_dialog")).ok, { path: null });
  });

  test("the policy of the page stops inline scripts and foreign addresses", async () => {
    const { page } = held.studio;
    await page.run("const s = document.createElement('script'); s.textContent = 'window.intruder = 1'; document.head.append(s);");
    assert.equal(await page.run("return typeof window.intruder;"), "undefined");
    const reached = await page.post("/execute/async", {
      script: "const done = arguments[0]; fetch('http://127.0.0.1:1/').then(() => done('reached'), (e) => done(e.name)); document.addEventListener('securitypolicyviolation', (e) => done('blocked: ' + e.effectiveDirective), { once: true });",
      args: [],
    });
    assert.equal(reached, "blocked: connect-src");
    assert.equal(await page.run("return typeof window.__TAURI__;"), "undefined");
  });

  test("no other command of the toolkit can be called", async () => {
    const answer = await held.studio.page.post("/execute/async", {
      script: "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('plugin:window|set_title', { label: 'main', value: 'x' }).then(() => done('allowed'), () => done('refused'));",
      args: [],
    });
    assert.equal(answer, "refused");
  });

  test("can be pictured", async () => {
    const file = await held.studio.picture("window");
    assert.ok(statSync(file).size > 1000);
  });
});
