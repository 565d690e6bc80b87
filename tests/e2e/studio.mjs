// Starts a screen, the driver and the real window, and takes all of it down again.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Page, command, until } from "./driver.mjs";

/** The root of the sources. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where pictures of failures and of milestones go; never inside the sources. */
export const PICTURES = process.env.HANDOFF_PICTURES ?? join(tmpdir(), "handoff-studio-e2e");

let target;

/** A program that cargo has built: `handoff-studio` or `handoff`. */
export function program(name, profile = process.env.HANDOFF_PROFILE ?? "debug") {
  target ??= JSON.parse(
    spawnSync("cargo", ["metadata", "--format-version", "1", "--no-deps"], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 }).stdout,
  ).target_directory;
  return join(target, profile, name);
}

/** Runs the command line of the studio; answers `{ status, stdout, stderr }`. */
export function handoff(...args) {
  const env = { ...process.env, HANDOFF_KEYS_FILE: "", HANDOFF_HASH_KEY: "", HANDOFF_RESUME_KEY: "" };
  return spawnSync(program("handoff"), args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28, env });
}

/** A free port. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A screen of its own: Xvfb picks a free number and writes it to the pipe. */
async function screen(width, height) {
  const xvfb = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = await new Promise((resolve, reject) => {
    xvfb.on("error", reject);
    xvfb.on("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    xvfb.stdio[3].once("data", (data) => resolve(String(data).trim()));
  });
  return { xvfb, display: `:${number}` };
}

/** Ends a process and waits for it. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(timer);
}

/**
 * Opens the window; with the `home` of an earlier one, as the same user.
 * @param {{ args?: string[], width?: number, height?: number, profile?: string, env?: Record<string, string>, home?: string }} [options]
 */
export async function openStudio({ args = [], width = 1400, height = 900, profile, env = {}, home = mkdtempSync(join(tmpdir(), "handoff-e2e-")) } = {}) {
  const application = program("handoff-studio", profile);
  if (!existsSync(application)) throw new Error(`${application} is not built; \`npm test\` builds it`);
  const answers = join(home, "dialog-answer");
  writeFileSync(answers, "");
  const { xvfb, display } = await screen(width, height);
  const [port, nativePort] = [await freePort(), await freePort()];
  const driver = spawn("tauri-driver", ["--port", String(port), "--native-port", String(nativePort)], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...surroundings(home, display), HANDOFF_TEST_DIALOG: `@${answers}`, ...env },
  });
  let complaints = "";
  driver.stderr.on("data", (data) => { complaints += data; });
  const base = `http://127.0.0.1:${port}`;
  const close = async ({ keep = false } = {}) => {
    await end(driver);
    await end(xvfb);
    await ended(home);
    if (!keep) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await until("the driver answers", () => command(base, "GET", "/status"));
    const options = { "tauri:options": { application, args } };
    const { sessionId } = await command(base, "POST", "/session", { capabilities: { alwaysMatch: options } });
    return new Studio(new Page(base, sessionId), { home, answers, close });
  } catch (error) {
    await close();
    throw new Error(`${error.message}\n${complaints}`, { cause: error });
  }
}

/** Waits for the window and what it started: until then they write to their home. */
async function ended(home) {
  const theirs = () => processes().filter(({ environment }) => environment.includes(`XDG_DATA_HOME=${join(home, "data")}`));
  await until("the window has ended", () => theirs().length === 0, { seconds: 5 }).catch(() => {
    for (const { pid } of theirs()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself meanwhile.
      }
    }
  });
}

/** The processes that can be seen. */
function processes() {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      return [{ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, "utf8").trim(), environment }];
    } catch {
      return []; // It ended while we looked, or is not ours to see.
    }
  });
}

/** No setting of the person who runs the tests reaches the window, and nothing of it stays behind. */
function surroundings(home, display) {
  const folder = (name) => {
    const path = join(home, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    DISPLAY: display,
    WAYLAND_DISPLAY: "",
    GDK_BACKEND: "x11",
    XDG_CONFIG_HOME: folder("config"),
    XDG_DATA_HOME: folder("data"),
    XDG_CACHE_HOME: folder("cache"),
    XDG_RUNTIME_DIR: folder("runtime"),
    // GLib would leave a session bus behind for every screen; the window needs none.
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
    // Keys of the person who runs the tests are never asked for.
    HANDOFF_KEYS_FILE: "",
    HANDOFF_HASH_KEY: "",
    HANDOFF_RESUME_KEY: "",
    NO_AT_BRIDGE: "1",
    GTK_USE_PORTAL: "0",
    // There is no GPU on such a screen: drawing on the CPU straight away is about a third faster.
    WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1",
    MESA_SHADER_CACHE_DISABLE: "true",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
  };
}

/** An open window. */
export class Studio {
  #answers;
  #close;

  constructor(page, { home, answers, close }) {
    /** The page in the window. */
    this.page = page;
    /** A folder of this window alone, removed with it. */
    this.home = home;
    this.#answers = answers;
    this.#close = close;
  }

  /** The next file dialog answers with this path; "" is Cancel. */
  answerDialog(path) {
    writeFileSync(this.#answers, path);
  }

  /** Saves a picture of the window and says where. */
  async picture(name) {
    mkdirSync(PICTURES, { recursive: true });
    const file = join(PICTURES, `${name}.png`);
    writeFileSync(file, await this.page.screenshot());
    return file;
  }

  /** Closes the window and everything that was started for it. */
  async close() {
    await this.page.quit().catch(() => {});
    await this.#close();
  }

  /** Ends the window as a power cut does, and keeps its home for the next one. */
  async kill() {
    const mine = `XDG_DATA_HOME=${join(this.home, "data")}`;
    const pid = processes().find((one) => one.name === "handoff-studio" && one.environment.includes(mine))?.pid;
    if (pid === undefined) throw new Error("the window does not run");
    process.kill(pid, "SIGKILL");
    await until("the window is gone", () => !processes().some((one) => one.pid === pid));
    await this.#close({ keep: true });
  }
}

/** Opens a window for the tests of one file, with a picture when one of them fails: `const studio = withStudio(options)`. */
export function withStudio({ before, after, afterEach }, options) {
  const held = {};
  before(async () => { held.studio = await openStudio(options); });
  afterEach(async (context) => {
    if (context.passed === false && held.studio) {
      const file = await held.studio.picture(`failed-${context.name.replaceAll(/\W+/g, "-")}`).catch(() => "none");
      context.diagnostic?.(`picture: ${file}`);
    }
  });
  after(() => held.studio?.close());
  return held;
}
