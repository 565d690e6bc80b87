// Makes a machine ready: versions, system packages, npm packages, the driver of the window tests.
// What only Linux needs stays in this file.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LINUX, ROOT, ask, must, say, stop } from "./steps.mjs";

const RUST = "1.90";
const NODE = "20.19";
const TAURI_DRIVER = "2.1.0";

// Each package with what it is for; `pkg` or `tool` is how one finds it where dpkg is not there.
const TO_BUILD = [
  { name: "libwebkit2gtk-4.1-dev", why: "the web view that shows the window", pkg: "webkit2gtk-4.1" },
  { name: "librsvg2-dev", why: "the window's icons", pkg: "librsvg-2.0" },
  { name: "build-essential", why: "the linker that Rust calls", tool: "cc" },
  { name: "pkg-config", why: "finds the libraries above", tool: "pkg-config" },
  { name: "libssl-dev", why: "tools that cargo builds from source", pkg: "openssl" },
  { name: "fonts-dejavu-core", why: "without any font the window shows no text" },
];
const TO_TEST = [
  { name: "xvfb", why: "a screen for the window tests", tool: "Xvfb" },
  { name: "xauth", why: "access to that screen", tool: "xauth" },
  { name: "webkit2gtk-driver", why: "lets the tests press keys in the real window", tool: "WebKitWebDriver" },
];

/** Compares versions by their first two numbers. */
export function atLeast(version, wanted) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Stops with the way out when Node or Rust are missing or too old. */
export function checkVersions() {
  const faults = [];
  if (!atLeast(process.versions.node, NODE)) {
    faults.push(`Node ${NODE} or newer is needed, this is ${process.versions.node}. Get it from https://nodejs.org or with your version manager (\`nvm install 22\`).`);
  }
  const rust = /\d+\.\d+\.\d+/.exec(ask("rustc", "--version") ?? "")?.[0];
  if (rust === undefined || ask("cargo", "--version") === null) {
    faults.push(`Rust ${RUST} or newer is needed, and no rustc or cargo was found. Get it from https://rustup.rs.`);
  } else if (!atLeast(rust, RUST)) {
    faults.push(`Rust ${RUST} or newer is needed, this is ${rust}. Run \`rustup update stable\`, or get it from https://rustup.rs.`);
  }
  if (faults.length > 0) stop(faults.join("\n"));
}

/** Installs what the system lacks; `tests` adds what the window tests need. */
export async function systemPackages({ tests = false } = {}) {
  if (!LINUX) return;
  const missing = missingOf(tests ? [...TO_BUILD, ...TO_TEST] : TO_BUILD);
  if (missing.length === 0) return;
  say("These system packages are missing:");
  for (const { name, why } of missing) say(`  ${name.padEnd(24)}${why}`);
  const names = missing.map(({ name }) => name);
  if (ask("apt-get", "--version") === null) {
    stop(`There is no apt-get here. The names above are Debian's; install what your system calls them, then run this again.`);
  }
  const become = asRoot(names);
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=600"];
  say(`Installing them: apt-get install ${names.join(" ")}`);
  const quiet = { stdio: ["ignore", "inherit", "inherit"] };
  const call = async (...args) => {
    const [program, ...rest] = [...become, ...apt, ...args];
    await must(program, rest, become.includes("-n") || become.length === 0 ? quiet : {});
  };
  await call("update");
  await call("install", "-y", "--no-install-recommends", ...names);
  const still = missingOf(missing);
  if (still.length > 0) stop(`Still missing after the installation: ${still.map(({ name }) => name).join(" ")}`);
}

/** How to become root: nothing for root itself, sudo without a question, or sudo with one where somebody can answer. */
function asRoot(names) {
  if (process.getuid?.() === 0) return [];
  if (ask("sudo", "-n", "true") !== null) return ["sudo", "-n"];
  if (process.stdin.isTTY && ask("sudo", "--version") !== null) return ["sudo"];
  return stop(`Only root can install them. Run: apt-get install -y ${names.join(" ")}`);
}

function missingOf(packages) {
  if (ask("dpkg-query", "--version") === null) return packages.filter((one) => !foundWithoutDpkg(one));
  const names = packages.map(({ name }) => name);
  return packages.filter((_, index) => !installed(names[index]));
}

function installed(name) {
  return ask("dpkg-query", "-W", "-f=${db:Status-Status}\n", name)?.split("\n").includes("installed") ?? false;
}

function foundWithoutDpkg({ pkg, tool }) {
  if (pkg !== undefined) return ask("pkg-config", "--exists", pkg) !== null;
  if (tool !== undefined) return ask("sh", "-c", `command -v ${tool}`) !== null;
  return true;
}

/** Runs `npm ci` unless what is installed is what the lock file names. */
export async function npmPackages() {
  if (npmFits()) return;
  say("Installing npm packages");
  await must("npm", ["ci", "--no-fund", "--no-audit"]);
}

function npmFits() {
  const installedLock = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  const got = JSON.parse(readFileSync(installedLock, "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (!path.includes("node_modules/") || optional || link) return true;
    return got[path]?.version === version && existsSync(join(ROOT, path));
  });
}

/** Installs tauri-driver where the version that the tests were written for is missing. */
export async function tauriDriver() {
  if (!LINUX) return;
  const list = ask("cargo", "install", "--list") ?? "";
  if (list.includes(`tauri-driver v${TAURI_DRIVER}:`)) return;
  say(`Installing tauri-driver ${TAURI_DRIVER}, which lets the tests drive the real window`);
  await must("cargo", ["install", `tauri-driver@${TAURI_DRIVER}`, "--locked"]);
}
