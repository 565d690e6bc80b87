// `npm run build`: the interface, the command line and the window, optimised.

import { must, say, windowProgram } from "./lib/steps.mjs";
import { checkVersions, npmPackages, systemPackages } from "./lib/setup.mjs";

checkVersions();
await systemPackages();
await npmPackages();
await must("npm", ["run", "--silent", "build", "--workspace", "ui"]);
await must("cargo", ["build", "--release", "--package", "flow-cli"]);
await must("cargo", ["build", "--release", "--package", "handoff-studio", "--features", "custom-protocol"]);
say(`The window: ${windowProgram("release")}`);
