// `npm run bench:window [-- runs]`: cold start to first paint, memory of all processes, size of the release binary.
// Start is measured from the start of the process to the first contentful paint, on the clock of the machine.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../driver.mjs";
import { openStudio, program } from "../studio.mjs";

const PROFILE = process.env.HANDOFF_PROFILE ?? "release";
const RUNS = Number(process.argv[2] ?? 10);
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

function processes() {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
      return [{ pid: Number(pid), parent: Number(fields[1]), started: Number(fields[19]) / TICKS, name }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

/** The window's process, with everything that it started. */
function family() {
  const all = processes();
  const path = program("handoff-studio", PROFILE);
  const head = all.filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] === path;
    } catch {
      return false;
    }
  }).sort((a, b) => b.started - a.started)[0];
  if (head === undefined) throw new Error("the window's process is not there");
  const members = [head];
  for (let at = 0; at < members.length; at += 1) members.push(...all.filter(({ parent }) => parent === members[at].pid));
  return members;
}

function pss(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]) / 1024;
}

async function measure() {
  const studio = await openStudio({ profile: PROFILE });
  try {
    const paint = await until("the first paint", () => studio.page.run(
      "const [p] = performance.getEntriesByName('first-contentful-paint'); return p ? performance.timeOrigin + p.startTime : null;",
    ));
    await sleep(2000);
    const members = family();
    const booted = Date.now() - Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
    return { start: paint - booted - members[0].started * 1000, pss: members.map(({ pid, name }) => ({ name, mb: pss(pid) })) };
  } finally {
    await studio.close();
  }
}

const spread = (numbers, unit, digits = 0) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const show = (value) => value.toFixed(digits);
  return `median ${show(sorted[Math.floor(sorted.length / 2)])} ${unit}, from ${show(sorted[0])} to ${show(sorted.at(-1))} (${numbers.length} runs)`;
};

const runs = [];
for (let run = 0; run < RUNS; run += 1) runs.push(await measure());
const megabytes = statSync(program("handoff-studio", PROFILE)).size / 1e6;
process.stdout.write(`machine: ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, ${PROFILE} build\n`);
process.stdout.write(`start to first paint: ${spread(runs.map(({ start }) => start), "ms")}\n`);
process.stdout.write(`memory, PSS of ${runs[0].pss.length} processes: ${spread(runs.map((run) => run.pss.reduce((sum, { mb }) => sum + mb, 0)), "MB")}\n`);
for (const { name, mb } of runs[0].pss) process.stdout.write(`  ${name.padEnd(18)}${mb.toFixed(0).padStart(5)} MB\n`);
process.stdout.write(`size of the program: ${megabytes.toFixed(1)} MB\n`);
