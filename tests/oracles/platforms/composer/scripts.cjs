// Runs the test scripts of exported projects in the adaptive test runtime.
//   node scripts.cjs PROJECT..
const fs = require("node:fs");
const path = require("node:path");
const { explorer } = require("./bot.cjs");

(async () => {
  let bad = 0;
  let good = 0;
  for (const project of process.argv.slice(2)) {
    const tests = path.join(project, "tests");
    for (const file of fs.existsSync(tests) ? fs.readdirSync(tests).sort() : []) {
      try {
        const resources = explorer(project);
        const script = resources.loadType(file);
        script.configuration = {};
        await script.execute(resources, file);
        good += 1;
      } catch (error) {
        bad += 1;
        console.log(`${path.basename(project)} ${file}: ${String(error.message).slice(0, 500)}`);
      }
    }
  }
  console.log(`test scripts: ${good} pass, ${bad} fail`);
  process.exit(bad || !good ? 1 : 0);
})();
