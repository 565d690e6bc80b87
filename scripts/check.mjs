// `npm run check`: what reads the sources without running them.

import { Steps } from "./lib/steps.mjs";
import { checkVersions, npmPackages, systemPackages } from "./lib/setup.mjs";

checkVersions();
await systemPackages();
await npmPackages();
const steps = new Steps();
await steps.step("rustfmt", "cargo", ["fmt", "--all", "--check", "--", "-l"]);
await steps.step("interface", "npm", ["run", "--silent", "build", "--workspace", "ui"]);
await steps.step("clippy", "cargo", ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]);
await steps.step("types", "npm", ["run", "--silent", "check", "--workspace", "ui"]);
await steps.step("generated files", "cargo", ["run", "--quiet", "--package", "flow-xtask", "--", "gen", "--check"]);
await steps.step("licences", "node", ["scripts/licences.mjs"]);
process.exit(steps.finish());
