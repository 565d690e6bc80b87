// Steps of a script: each says what it does, is timed, and appears in the table at the end.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the sources. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export const WINDOWS = process.platform === "win32";
export const LINUX = process.platform === "linux";

// rustup installs here, and tells the shell only at the next login.
const cargoBin = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
if (existsSync(cargoBin)) process.env.PATH = `${process.env.PATH ?? ""}${delimiter}${cargoBin}`;

/** Says one line of what happens. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Says why nothing more can be done, and ends. */
export function stop(line, code = 1) {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

/** The output of a program, or null when it is missing or fails. */
export function ask(program, ...args) {
  const answer = spawnSync(program, args, { cwd: ROOT, encoding: "utf8", shell: WINDOWS && program === "npm" });
  return answer.status === 0 ? answer.stdout.trim() : null;
}

/** Runs a program with our input and output; resolves to its exit code. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    // On Windows npm is a script, which only a shell can start.
    const child = spawn(program, args, { cwd: ROOT, stdio: "inherit", shell: WINDOWS && program === "npm", ...options });
    child.on("error", (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(127);
    });
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

/** Runs a program and ends with its exit code when it fails. */
export async function must(program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) stop(`failed: ${program} ${args.join(" ")} (exit ${code})`, code);
}

/** Where cargo puts what it builds. */
export function targetFolder() {
  const metadata = ask("cargo", "metadata", "--format-version", "1", "--no-deps", "--offline") ??
    ask("cargo", "metadata", "--format-version", "1", "--no-deps");
  if (metadata === null) stop("`cargo metadata` failed; run it to see why.");
  return JSON.parse(metadata).target_directory;
}

/** The window's program as cargo builds it. */
export function windowProgram(profile) {
  return join(targetFolder(), profile, WINDOWS ? "handoff-studio.exe" : "handoff-studio");
}

/** A list of steps with a table at the end. */
export class Steps {
  #rows = [];

  /** Runs `program`; a step whose `after` did not pass is left out. Resolves to whether it passed. */
  async step(name, program, args, { after, ...options } = {}) {
    if (after !== undefined && !this.passed(after)) {
      say(`\n== ${name}: left out, because "${after}" did not pass`);
      this.#rows.push({ name, result: "left out", seconds: 0 });
      return false;
    }
    say(`\n== ${name}: ${program} ${args.join(" ")}`);
    const begun = performance.now();
    const code = await run(program, args, options);
    const seconds = (performance.now() - begun) / 1000;
    this.#rows.push({ name, result: code === 0 ? "passed" : "FAILED", seconds });
    return code === 0;
  }

  /** Whether a step of this name has passed. */
  passed(name) {
    return this.#rows.some((row) => row.name === name && row.result === "passed");
  }

  /** Prints the table; the exit code of the whole. */
  finish() {
    const width = Math.max(...this.#rows.map((row) => row.name.length));
    say("");
    for (const { name, result, seconds } of this.#rows) {
      say(`${name.padEnd(width)}  ${result.padEnd(8)}  ${seconds.toFixed(1).padStart(7)} s`);
    }
    const passed = this.#rows.filter((row) => row.result === "passed").length;
    const failed = this.#rows.length - passed;
    say(`\n${passed} steps passed, ${failed} did not`);
    return failed === 0 ? 0 : 1;
  }
}
