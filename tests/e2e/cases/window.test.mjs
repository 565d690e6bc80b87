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

  test("a style made while running needs the nonce of the page", async () => {
    const shown = (nonce) => held.studio.page.run(`
      const style = document.createElement("style");
      if (${nonce}) style.nonce = document.getElementById("styles-nonce").nonce;
      style.textContent = "#app { outline: 3px solid red; }";
      document.head.append(style);
      const { outlineWidth, outlineStyle } = getComputedStyle(document.getElementById("app"));
      style.remove();
      return outlineStyle === "solid" ? outlineWidth : "none";`);
    assert.equal(await shown(false), "none");
    assert.equal(await shown(true), "3px");
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

describe("closing the window", () => {
  const held = withStudio({ before, after, afterEach });

  test("asks the page while there is unsaved work, and closes when told to", async () => {
    const { page } = held.studio;
    // Until its flow is open, the page itself says that nothing is unsaved.
    await until("the flow is open", async () => (await page.title()).includes(" – "));
    await page.post("/execute/async", {
      script: `const done = arguments[0];
        const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
        window.heard = [];
        const progress = "__CHANNEL__:" + transformCallback(({ message }) => window.heard.push(message));
        invoke("rpc", { method: "window.watch", params: {}, progress }).then(done);`,
      args: [],
    });
    await page.rpc("window.unsaved", { unsaved: true });
    await page.rpc("window.close");
    const heard = await until("the page is asked", async () => (await page.run("return window.heard;"))[0]);
    assert.deepEqual(heard, { event: "close" });
    assert.match(await page.title(), /Handoff Studio/);
    await page.run('window.__TAURI_INTERNALS__.invoke("rpc", { method: "window.close", params: { discard: true } });').catch(() => {});
    await until("the window is gone", () => page.title().then(() => false, () => true));
  });
});
