// `npm test`: makes the machine ready, then runs every test: Rust, TypeScript, and the real window.

import { LINUX, Steps, say } from "./lib/steps.mjs";
import { checkVersions, npmPackages, systemPackages, tauriDriver } from "./lib/setup.mjs";

checkVersions();
await systemPackages({ tests: true });
await npmPackages();
await tauriDriver();

const steps = new Steps();
await steps.step("rust tests", "cargo", ["test", "--quiet", "--no-fail-fast"]);
await steps.step("interface types", "npm", ["run", "--silent", "check", "--workspace", "ui"]);
await steps.step("interface tests", "npm", ["run", "--silent", "test", "--workspace", "ui"]);
await steps.step("interface build", "npm", ["run", "--silent", "build", "--workspace", "ui"]);
const window = ["--quiet", "--package", "handoff-studio", "--features", "custom-protocol"];
await steps.step("window build", "cargo", ["build", ...window], { after: "interface build" });
await steps.step("window unit tests", "cargo", ["test", ...window], { after: "window build" });
await steps.step("command line build", "cargo", ["build", "--quiet", "--package", "flow-cli"]);
if (LINUX) {
  await steps.step("real window", "npm", ["run", "--silent", "test", "--workspace", "tests/e2e"], { after: "window build" });
} else {
  say("\n== real window: left out; WebDriver reaches the web view on Linux only");
}
process.exit(steps.finish());
