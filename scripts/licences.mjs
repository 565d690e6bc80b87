// Every dependency may be shipped under MIT terms: its licence is on the list, or one side of its OR is.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { ROOT, say, stop } from "./lib/steps.mjs";

const ALLOWED = new Set([
  "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CDLA-Permissive-2.0",
  "ISC", "MIT", "MIT-0", "MPL-2.0", "Python-2.0", "Unicode-3.0", "Unlicense", "Zlib", "BlueOak-1.0.0",
]);

// These name no licence in their package, but carry its text.
const BY_TEXT = new Map([["npm svelte-toolbelt", "MIT"]]);

/** Whether an SPDX expression can be met by allowed licences. */
export function allowed(expression) {
  // Old crates write MIT/Apache-2.0 for MIT OR Apache-2.0.
  const tokens = expression.replaceAll("/", " OR ").match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const any = () => {
    let value = all();
    while (tokens[at] === "OR") { at += 1; value = all() || value; }
    return value;
  };
  const all = () => {
    let value = one();
    while (tokens[at] === "AND") { at += 1; value = one() && value; }
    return value;
  };
  const one = () => {
    const token = tokens[at];
    at += 1;
    if (token === "(") { const value = any(); at += 1; return value; }
    if (tokens[at] === "WITH") { at += 2; return ALLOWED.has(`${token} WITH ${tokens[at - 1]}`) || ALLOWED.has(token); }
    return ALLOWED.has(token);
  };
  return tokens.length > 0 && any();
}

function crates() {
  const answer = spawnSync("cargo", ["metadata", "--format-version", "1", "--locked"], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 });
  if (answer.status !== 0) stop(`cargo metadata failed:\n${answer.stderr}`);
  return JSON.parse(answer.stdout).packages.map(({ name, version, license, source }) => ({
    name: `crate ${name} ${version}`,
    licence: source === null ? "MIT" : license,
  }));
}

function npmPackages() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes("node_modules/") && !link)
    .map(([path, { version, license }]) => ({ name: `npm ${path.split("node_modules/").at(-1)} ${version}`, licence: license }));
}

const all = [...crates(), ...npmPackages()].map(({ name, licence }) => ({
  name,
  licence: licence ?? BY_TEXT.get(name.slice(0, name.lastIndexOf(" "))),
}));
const bad = all.filter(({ licence }) => !licence || !allowed(licence));
for (const { name, licence } of bad) say(`${name}: ${licence ?? "no licence named"}`);
if (bad.length > 0) stop(`${bad.length} of ${all.length} dependencies have a licence that is not on the list of scripts/licences.mjs`);
say(`${all.length} dependencies, all under an allowed licence`);
