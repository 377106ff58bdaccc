// The whole app as a process that kills itself, with SIGKILL, at the boundary that a file names; once, since it empties the file first.
import { readFileSync, writeFileSync } from "node:fs";
import { startApp } from "../../src/cli/app.ts";
import { createLog } from "../../src/cli/log.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { processVariables } from "../../src/config/process-environment.ts";

const [planFile = ""] = process.argv.slice(2);
const environment = readEnvironment(processVariables());
const { app } = environment;
if (!app) throw new Error("The test gives credentials.");

await startApp("start", { ...environment, app }, createLog({ level: "debug", format: "json", secrets: [] }), {
  reached: (boundary) => {
    if (readFileSync(planFile, "utf8") === boundary) {
      writeFileSync(planFile, "");
      process.kill(process.pid, "SIGKILL");
    }
    return Promise.resolve();
  },
  // A dead worker's mailbox is taken over after a second instead of a minute.
  worker: { concurrency: 1, lockMs: 1_000, stalledCheckMs: 500, retryMs: { first: 100, longest: 500 } },
});
