// `npm run bench [-- figure…]`: the figures of the command line: `check` of 10,000 nodes, of 300 as an import makes them and of each template, `growth` of a check
// from 100 to 100,000 nodes, `guards`: questions about 5,000 guards beside Z3, `replay` of 100,000 conversations beside
// sonic-rs. Without hyperfine the runs are timed here, the start of a process included all the same.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, WINDOWS, ask, must, run, say, stop, targetFolder } from "./lib/steps.mjs";
import { bigFlow, partsFlow, plainFlow } from "./bench/flow.mjs";
import { guardsFlow } from "./bench/guards.mjs";

const TEMPLATES = ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];
const wanted = new Set(process.argv.slice(2));
const wants = (figure) => wanted.size === 0 || wanted.has(figure);

await must("cargo", ["build", "--quiet", "--release", "--package", "flow-cli"]);
const program = join(targetFolder(), "release", WINDOWS ? "handoff.exe" : "handoff");
const folder = mkdtempSync(join(tmpdir(), "handoff-bench-"));

/**
 * Milliseconds of each of `runs` runs of the program, after three that warm the disk's cache, and the processor's share of
 * them on average: what else the machine does changes the first, hardly the second.
 */
function timed(runs, args) {
  const out = join(folder, "times.json");
  if (ask("hyperfine", "--version") !== null) {
    const measured = spawnSync("hyperfine", ["-N", "--warmup", "3", "--runs", String(runs), "--export-json", out, [program, ...args].join(" ")]);
    if (measured.status !== 0) stop(`hyperfine failed:\n${measured.stderr}`);
    const { times, user, system } = JSON.parse(readFileSync(out, "utf8")).results[0];
    return { times: times.map((seconds) => seconds * 1000), busy: (user + system) * 1000 };
  }
  const times = [];
  for (let i = -3; i < runs; i += 1) {
    const from = performance.now();
    const ended = spawnSync(program, args, { stdio: "ignore" });
    if (ended.status !== 0) stop(`handoff ${args.join(" ")} ended with ${ended.status}`);
    if (i >= 0) times.push(performance.now() - from);
  }
  return { times, busy: null };
}

/** The file of a flow. */
function written(name, flow) {
  const file = join(folder, `${name}.flow.json`);
  writeFileSync(file, `${JSON.stringify(flow, null, 2)}\n`);
  return file;
}

/** One line: what, its median, its spread, and the goal. */
function tell(what, { times, busy }, goal) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  const verdict = Number(at(0.5)) < goal ? "met" : "MISSED";
  const share = busy === null ? "" : `, processor ${busy.toFixed(1)}`;
  say(`${what.padEnd(28)} median ${at(0.5).padStart(6)} ms  (${at(0)} to ${at(1)}, 90 % below ${at(0.9)}, ${times.length} runs${share})  goal ${goal} ms: ${verdict}`);
}

say(`${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, ${ask(program, "--version")}`);
try {
  if (wants("check")) {
    tell("check, 10,000 nodes", timed(40, ["check", written("big", bigFlow(10_000))]), 100);
    tell("check, 3,000 guards alone", timed(40, ["check", written("plain", plainFlow(10_000))]), 150);
    tell("check, 300 imported nodes", timed(40, ["check", written("parts", partsFlow(300))]), 100);
    for (const name of TEMPLATES) {
      tell(`check, ${name}`, timed(100, ["check", join(ROOT, "flows", "templates", `${name}.flow.json`)]), 3);
    }
  }
  if (wants("growth")) {
    for (const size of [100, 1_000, 10_000, 100_000]) {
      const { times } = timed(size > 10_000 ? 5 : 20, ["check", written(`growth-${size}`, bigFlow(size))]);
      const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
      say(`check, ${size} nodes`.padEnd(28) + ` median ${median.toFixed(1).padStart(7)} ms, ${((median * 1000) / size).toFixed(1)} ms a thousand`);
    }
  }
  if (wants("guards")) {
    const files = ["numbers", "mixed"].flatMap((kind) =>
      [null, 77].map((without) => {
        const file = join(folder, `${kind}${without === null ? "" : "-one-left-out"}.flow.json`);
        writeFileSync(file, JSON.stringify(guardsFlow(kind, 5000, 1, without)));
        return file;
      }),
    );
    process.exitCode = await run("cargo", ["bench", "--quiet", "--package", "flow-conditions", "--bench", "guards", "--", ...files]);
    // Z3 on the same guards, where it is installed or can be; each of its figures ends after a minute.
    const oracle = join(ROOT, "tests", "oracles", "z3");
    const python = WINDOWS ? null : ask("sh", join(oracle, "setup.sh"));
    if (python === null) say("Z3 is not there: not timed");
    else await run(python, [join(oracle, "timing.py"), "60", ...files.slice(0, 3)]);
  }
  if (wants("replay")) {
    const env = { ...process.env, HANDOFF_BIN: program };
    // One core for both, where the system can be told.
    const pinned = ask("taskset", "--version") === null ? [] : ["taskset", "-c", "0"];
    const [first, ...rest] = [...pinned, "cargo", "bench", "--quiet", "--package", "flow-store", "--bench", "replay"];
    process.exitCode = await run(first, rest, { env });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
