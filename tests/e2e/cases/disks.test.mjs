// Windows and disks: two windows on one file, and a disk without space.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { card, copyOf, openCard, say, saved, text } from "../flows.mjs";
import { openStudio, withStudio } from "../studio.mjs";

describe("two windows on one file", () => {
  const banking = copyOf();
  const held = withStudio({ before, after, afterEach }, { args: [banking.flow] });
  let second;
  after(async () => {
    await second?.close();
    banking.remove();
  });

  test("the second one only looks, until it is saved elsewhere", async () => {
    await held.studio.page.find(card("clarify"));
    await say(held.studio.page, "clarify", " Mine.");
    second = await openStudio({ args: [banking.flow], env: { XDG_DATA_HOME: join(held.studio.home, "data") } });
    await second.page.find(card("clarify"));
    await second.page.waitForText("read only", { testId: "topbar" });
    const before = (await text(second.page)).text;
    await openCard(second.page, "clarify");
    await second.page.click({ testId: "field-text" });
    await second.page.keyboard("x");
    await second.page.waitForText("open for reading only");
    assert.equal((await text(second.page)).text, before);
    await held.studio.page.press("Control", "s");
    await saved(held.studio.page);
    assert.match(readFileSync(banking.flow, "utf8"), /another way\? Mine\./);
  });

  test("windows that know nothing of each other do not write over each other", async () => {
    await second.close();
    second = await openStudio({ args: [banking.flow] });
    await second.page.find(card("clarify"));
    await say(second.page, "clarify", " Theirs.");
    await say(held.studio.page, "clarify", " Again.");
    await held.studio.page.press("Control", "s");
    await saved(held.studio.page);
    await second.page.press("Control", "s");
    await second.page.waitForText("changed by something else", { testId: "banner" });
    assert.match(readFileSync(banking.flow, "utf8"), /another way\? Mine\. Again\./);
  });
});

describe("a disk that is full", () => {
  const disk = mkdtempSync(join(tmpdir(), "handoff-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status === 0;
  const banking = copyOf();
  const flow = join(disk, "banking_fee_dispute.flow.json");
  const original = readFileSync(banking.flow, "utf8");
  if (mounted) writeFileSync(flow, original);
  let studio;
  after(async () => {
    await studio?.close();
    if (mounted) spawnSync("umount", [disk]);
    rmSync(disk, { recursive: true, force: true });
    banking.remove();
  });

  test("changes nothing, says so, and the work can be saved once there is space", { skip: mounted ? false : "a small disk can be mounted by root only" }, async () => {
    studio = await openStudio({ args: [flow] });
    const { page } = studio;
    await page.find(card("clarify"));
    await say(page, "clarify", " Kept.");
    try {
      writeFileSync(join(disk, "filler"), "x".repeat(1 << 20));
    } catch {
      // As intended: not a byte is left.
    }
    await page.press("Control", "s");
    await page.waitForText("The disk is full", { testId: "banner" });
    assert.equal(readFileSync(flow, "utf8"), original);
    await page.waitForText("unsaved", { testId: "save-state" });
    rmSync(join(disk, "filler"));
    await page.press("Control", "s");
    await saved(page);
    await page.gone({ testId: "banner" });
    assert.equal(readFileSync(flow, "utf8"), original.replace("another way?", "another way? Kept."));
    assert.deepEqual(readdirSync(disk), ["banking_fee_dispute.flow.json"]);
  });
});
