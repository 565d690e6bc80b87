// Runs the cases one after another: `node run.mjs [part of a file name]…`. (`node --test` takes patterns from Node 21 on only.)

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "cases");
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".test.mjs") && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort()
  .map((name) => join(folder, name));
if (files.length === 0) throw new Error(`no case is named like ${wanted.join(", ")}`);

const counts = { passed: 0, failed: 0 };
const count = (kind) => ({ details, skip }) => {
  if (details?.type !== "suite" && !skip) counts[kind] += 1;
};
run({ files, concurrency: false, timeout: 600_000 })
  .on("test:pass", count("passed"))
  .on("test:fail", count("failed"))
  .on("end", () => {
    process.exitCode = counts.failed === 0 ? 0 : 1;
    setImmediate(() => process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`));
  })
  .compose(spec)
  .pipe(process.stdout);
