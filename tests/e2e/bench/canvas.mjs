// `npm run bench:canvas [-- cards…]`: the frame time of the canvas inside the real window, by the meter in the page.
// JSON on the standard output, one line for each number of cards, then a table.

import { readFileSync, readdirSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { until } from "../driver.mjs";
import { openStudio } from "../studio.mjs";

const PROFILE = process.env.HANDOFF_PROFILE ?? "release";
const COUNTS = process.argv.slice(2).map(Number);

/** Memory of the page's process in MB, shared pages by their share. */
function pageMemory() {
  const found = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("WebKitWebProces")) return [];
      const kb = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1];
      return [{ pid: Number(pid), mb: Number(kb) / 1024 }];
    } catch {
      return []; // It ended while we looked.
    }
  });
  return found.sort((a, b) => b.pid - a.pid)[0]?.mb ?? 0;
}

/** A window of its own for each number, so that none inherits the memory of another. */
async function measure(count) {
  const studio = await openStudio({ profile: PROFILE, width: 1280, height: 800 });
  try {
    const { page } = studio;
    const here = (await page.url()).split(/[?#]/)[0];
    await page.post("/url", { url: `${here}?bench=canvas` });
    await until("the frame meter", () => page.run("return window.canvasBench !== undefined;"));
    const before = pageMemory();
    await page.run("window.canvasBench.run(arguments[0]).then((r) => { window.measured = r; }, (e) => { window.measured = { error: String(e) }; });", count);
    const measured = await until(`${count} cards`, () => page.run("return window.measured ?? null;"), { seconds: 180, every: 500 });
    if (measured.error !== undefined) throw new Error(measured.error);
    const level = await page.run("return { width: innerWidth, height: innerHeight, ratio: devicePixelRatio };");
    return { ...measured, memory: Math.round(pageMemory() - before), window: level };
  } finally {
    await studio.close();
  }
}

const all = [];
for (const count of COUNTS.length === 0 ? [100, 1000, 5000] : COUNTS) {
  const one = await measure(count);
  process.stdout.write(`${JSON.stringify(one)}\n`);
  all.push(one);
}

const cell = (one, name) => {
  const found = one.results.find(({ scenario }) => scenario === name);
  return found === undefined ? "-" : `${found.median} (${found.p95}; ${found.script})`;
};
const table = [
  ["cards", "edges", "first ms", "floor", "pan", "fit", "zoom", "drag", "memory MB"],
  ...all.map((one) => [one.cards, one.edges, one.first, cell(one, "floor"), cell(one, "pan"), cell(one, "fit"), cell(one, "zoom"), cell(one, "drag"), `+${one.memory}`].map(String)),
];
const widths = table[0].map((_, at) => Math.max(...table.map((row) => row[at].length)));
const { width, height, ratio } = all[0].window;
process.stdout.write(`\nms a frame: median (95th percentile; of it in the script); floor: the window filled with one colour, ${width}x${height} at ${ratio}, ${PROFILE} build\n`);
process.stdout.write(`machine: ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}\n`);
for (const row of table) process.stdout.write(`${row.map((text, at) => text.padEnd(widths[at])).join("  ").trimEnd()}\n`);
