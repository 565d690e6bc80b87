// A field that is hashed and a resume token need keys: the window says what is missing, one click makes them, and none of
// them ever reaches the page or a file but the one of keys.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "../driver.mjs";
import { copyOf, pressUntil } from "../flows.mjs";
import { withStudio } from "../studio.mjs";

/** The banking flow, with the number of the transaction hashed instead of masked, and one conversation that gives it. */
function hashed(banking) {
  const said = readFileSync(banking.conversations, "utf8").split("\n").find((line) => line.includes('"fee-lookup-error"'));
  banking.write("banking_fee_dispute.conversations.jsonl", `${said}\n`);
  const flow = JSON.parse(readFileSync(banking.flow, "utf8"));
  const contexts = Object.values(flow.contexts);
  const field = contexts.flatMap(({ fields }) => Object.values(fields ?? {})).find(({ from }) => from === "slots.transaction_id");
  assert.ok(field, "the banking flow sends the number of the transaction");
  field.redact = "hash";
  return banking.write("banking_fee_dispute.flow.json", flow);
}

/** Every text of the files below a folder, but the file of keys. */
function texts(folder, except) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && join(entry.parentPath ?? entry.path, entry.name) !== except)
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1"));
}

describe("keys", () => {
  const banking = copyOf();
  const place = mkdtempSync(join(tmpdir(), "handoff-keys-"));
  const file = join(place, "keys.json");
  const held = withStudio({ before, after, afterEach }, { args: [hashed(banking)], env: { HANDOFF_KEYS_FILE: file } });
  after(() => {
    banking.remove();
    rmSync(place, { recursive: true, force: true });
  });

  /** What the agent reads, all of it. */
  const desk = (page) => page.run("return document.querySelector('[data-testid=preview]')?.textContent ?? '';");

  test("what is held back for want of a key says so, and one click makes the keys", async () => {
    const { page } = held.studio;
    await page.click({ testId: "tab-preview" });
    await page.find({ testId: "keys-note" });
    assert.match(await (await page.find({ testId: "keys-note" })).text(), /No key yet: what should be hashed is held back, there is no resume token\./);
    assert.match(await desk(page), /REDACTION_FAILED/);
    await held.studio.picture("keys-missing");
    await page.click({ testId: "keys-note-make" });
    await page.gone({ testId: "keys-note" });
    await until("the hash is shown", async () => /\b[0-9a-f]{64}\b/.test(await desk(page)));
    assert.doesNotMatch(await desk(page), /REDACTION_FAILED/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await held.studio.picture("keys-made");
  });

  test("the dialog tells them apart by their fingerprints", async () => {
    const { page } = held.studio;
    await page.click({ testId: "file-menu" });
    await page.click({ testId: "menu-view.keys" });
    await until("both fingerprints", async () => (await page.all({ testId: "key-fingerprint" })).length === 2);
    const words = await (await page.find({ testId: "keys" })).text();
    assert.match(words, /[0-9a-f]{4}(-[0-9a-f]{4}){3}/);
    assert.ok(words.includes(file), words);
    await held.studio.picture("keys-dialog");
    await page.click({ testId: "keys-close" });
  });

  test("no key reaches the page, or a file of the studio", async () => {
    const { page } = held.studio;
    const kept = Object.values(JSON.parse(readFileSync(file, "utf8")));
    assert.equal(kept.length, 2);
    const answers = [];
    for (const [method, params] of [["keys.list", {}], ["keys.make", {}], ["app.start", {}]]) answers.push(JSON.stringify((await page.rpc(method, params)).ok));
    const seen = [...answers, await page.run("return document.documentElement.outerHTML + JSON.stringify({ ...localStorage });")];
    const all = [...seen, ...texts(banking.folder), ...texts(held.studio.home), ...texts(place, file)];
    for (const key of kept) {
      assert.match(key, /^[0-9a-f]{64}$/);
      assert.ok(all.every((text) => !text.includes(key) && !text.includes(key.slice(0, 16))), "a key stands where it must not");
    }
  });

  test("a key is taken away by keys alone, once what it costs was read", async () => {
    const { page } = held.studio;
    await page.click({ testId: "file-menu" });
    await page.click({ testId: "menu-view.keys" });
    await page.find({ testId: "key-remove-redaction" });
    await page.run("document.querySelector('[data-testid=key-remove-redaction]').focus();");
    await page.press("Enter");
    assert.match(await (await page.find({ testId: "question" })).text(), /Nothing brings it back\. Hashes made from now on will differ/);
    await held.studio.picture("keys-remove");
    await page.press("Escape");
    await page.gone({ testId: "question" });
    await until("the key is asked for again", () => page.run("return document.activeElement?.dataset.testid === 'key-remove-redaction';"));
    await page.press("Enter");
    await pressUntil(page, ["Tab"], "the answer", () => page.run("return document.activeElement?.dataset.testid === 'answer-remove';"));
    await page.press("Enter");
    await page.find({ testId: "key-make-redaction" });
    await until("the keys go on where the button was", () => page.run("return document.activeElement?.dataset.testid === 'key-make-redaction';"));
    assert.deepEqual(Object.keys(JSON.parse(readFileSync(file, "utf8"))), ["resume"]);
    await page.click({ testId: "keys-close" });
    // What was hashed is held back again.
    await page.find({ testId: "keys-note" });
    await until("the hash is held back", async () => /REDACTION_FAILED/.test(await desk(page)));
  });

  test("a key that is taken away elsewhere is missed, and made again", async () => {
    const { page } = held.studio;
    rmSync(file);
    await page.click({ testId: "file-menu" });
    await page.click({ testId: "menu-view.keys" });
    await page.find({ testId: "key-make-resume" });
    await page.click({ testId: "key-make-resume" });
    await page.gone({ testId: "key-make-resume" });
    assert.deepEqual(Object.keys(JSON.parse(readFileSync(file, "utf8"))), ["resume"]);
    await page.click({ testId: "keys-close" });
  });
});
