// `npm start` on machines that lack something. Every program that it calls is a stand-in that notes how it was called.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { ROOT } from "../studio.mjs";

const ALL = ["libwebkit2gtk-4.1-dev", "librsvg2-dev", "build-essential", "pkg-config", "libssl-dev", "fonts-dejavu-core"];

describe("npm start", { skip: process.platform !== "linux" }, () => {
  let folder;
  const log = () => (existsSync(join(folder, "log")) ? readFileSync(join(folder, "log"), "utf8").trim().split("\n") : []);

  /** A stand-in; its script sees its arguments and `$D`, the folder of this test. */
  const program = (name, script) => {
    const text = `#!/bin/sh\nD='${folder}'\n${script}\n`;
    writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
  };
  const noted = 'echo "$(basename "$0") $*" >> "$D/log"';

  const start = (env = {}, ...args) =>
    spawnSync(process.execPath, ["scripts/start.mjs", ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { PATH: join(folder, "bin"), HOME: folder, CARGO_HOME: join(folder, "none"), ...env },
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "handoff-start-"));
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, "target", "release"), { recursive: true });
    for (const tool of ["sh", "env", "basename"]) {
      const [path] = ["/bin", "/usr/bin"].map((bin) => join(bin, tool)).filter(existsSync);
      symlinkSync(path, join(folder, "bin", tool));
    }
    program("rustc", 'echo "rustc 1.90.0 (1159e78c4 2025-09-14)"');
    program("cargo", `case "$1" in --version) echo "cargo 1.90.0";; metadata) echo '{"target_directory":"${folder}/target"}';; *) ${noted};; esac`);
    program("npm", noted);
    program("sudo", `[ "$*" = "-n true" ] && exit 0; shift; exec "$@"`);
    program("dpkg-query", '[ "$1" = --version ] && exit 0; [ -e "$D/installed" ] && echo installed');
    writeFileSync(join(folder, "target", "release", "handoff-studio"), `#!/bin/sh\necho "window $*" >> '${folder}/log'\n`, { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("says what an old Rust needs", () => {
    program("rustc", 'echo "rustc 1.89.1 (29483883e 2025-08-04)"');
    const { status, stderr } = start({ DISPLAY: ":9" });
    assert.equal(status, 1);
    assert.match(stderr, /Rust 1\.90 or newer is needed, this is 1\.89\.1.*rustup/);
    assert.deepEqual(log(), []);
  });

  test("says what an old Node needs", () => {
    const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.19.0'}})";
    const { status, stderr } = start({ DISPLAY: ":9", NODE_OPTIONS: `--import ${older}` });
    assert.equal(status, 1);
    assert.match(stderr, /Node 20\.19 or newer is needed, this is 18\.19\.0.*nodejs\.org/);
    assert.deepEqual(log(), []);
  });

  test("without a display it says so in one line, names the command and exits 2", () => {
    const { status, stdout } = start();
    assert.equal(status, 2);
    assert.match(stdout, /^There is no display .* cargo run -q --bin handoff -- check flows\/templates\/banking_fee_dispute\.flow\.json\n$/);
    assert.deepEqual(log(), []);
  });

  test("where apt is not there, it names the packages and stops", () => {
    const { status, stdout, stderr } = start({ DISPLAY: ":9" });
    assert.equal(status, 1);
    for (const name of ALL) assert.match(stdout, new RegExp(`^  ${name.replaceAll(".", "\\.")} +\\w`, "m"));
    assert.match(stderr, /no apt-get/);
    assert.deepEqual(log(), []);
  });

  test("installs what is missing, builds, and opens the banking flow", () => {
    program("apt-get", `[ "$1" = --version ] && exit 0; echo "$DEBIAN_FRONTEND apt-get $*" >> "$D/log"; case "$*" in *install*) : > "$D/installed";; esac`);
    const { status, stdout, stderr } = start({ DISPLAY: ":9" });
    assert.equal(status, 0, stdout + stderr);
    const calls = log().filter((line) => !line.startsWith("npm ci"));
    assert.match(calls[0], /^noninteractive apt-get .*update$/);
    assert.match(calls[1], /^noninteractive apt-get .*install -y --no-install-recommends /);
    assert.ok(calls[1].endsWith(ALL.join(" ")));
    assert.match(calls[2], /^npm run --silent build --workspace ui$/);
    assert.match(calls[3], /^cargo build .*--package handoff-studio --features custom-protocol$/);
    assert.equal(calls[4], "window flows/templates/banking_fee_dispute.flow.json");
  });

  test("installs nothing where nothing is missing, and opens the flow that was named", () => {
    writeFileSync(join(folder, "installed"), "");
    const { status } = start({ WAYLAND_DISPLAY: "wayland-0", INIT_CWD: "/home/me" }, "a.flow.json");
    assert.equal(status, 0);
    assert.ok(!log().some((line) => line.includes("apt-get")));
    assert.equal(log().at(-1), "window /home/me/a.flow.json");
  });
});
