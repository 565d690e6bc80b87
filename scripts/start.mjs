// `npm start [-- flow.json]`: makes the machine ready, builds, and opens the window on the banking flow.

import { isAbsolute, resolve } from "node:path";
import { LINUX, must, run, say, windowProgram } from "./lib/steps.mjs";
import { checkVersions, npmPackages, systemPackages } from "./lib/setup.mjs";

const BANKING = "flows/templates/banking_fee_dispute.flow.json";
const [flow = BANKING] = process.argv.slice(2);

checkVersions();
if (LINUX && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
  say(`There is no display to open a window on; check the flow in the terminal: cargo run -q --bin handoff -- check ${flow}`);
  process.exit(2);
}
await systemPackages();
await npmPackages();
say("Building the interface");
await must("npm", ["run", "--silent", "build", "--workspace", "ui"]);
say("Building the window (the first time takes some minutes)");
await must("cargo", ["build", "--quiet", "--release", "--package", "handoff-studio", "--features", "custom-protocol"]);
say(`Opening ${flow}`);
// npm runs us in the root of the sources; a relative path was meant from where the user stood.
const path = flow === BANKING || isAbsolute(flow) ? flow : resolve(process.env.INIT_CWD ?? ".", flow);
process.exit(await run(windowProgram("release"), [path]));
