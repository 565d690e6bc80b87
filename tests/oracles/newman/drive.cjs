// Runs collections with newman, one after the other, and prints what came of each as a line of JSON. No report of newman's
// own is written: those hold secrets in clear.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const [folder, jobs] = process.argv.slice(2);
const newman = require(path.join(folder, "node_modules", "newman"));

async function run(job) {
  return new Promise((resolve) => {
    const options = {
      collection: JSON.parse(fs.readFileSync(job.collection, "utf8")),
      environment: JSON.parse(fs.readFileSync(job.environment, "utf8")),
      envVar: Object.entries(job.values).map(([key, value]) => ({ key, value })),
      reporters: [],
      timeoutRequest: 10000,
    };
    newman.run(options, (error, summary) => {
      if (error) return resolve({ name: job.name, error: String(error) });
      const { stats, failures } = summary.run;
      const told = failures.map((failure) => `${failure.source?.name ?? ""}: ${failure.error.message}`);
      return resolve({ name: job.name, requests: stats.requests.total, assertions: stats.assertions.total, failures: told });
    });
  });
}

(async () => {
  for (const job of JSON.parse(fs.readFileSync(jobs, "utf8"))) {
    console.log(JSON.stringify(await run(job)));
  }
})();
