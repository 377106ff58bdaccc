#!/usr/bin/env node
// The command line. Each command loads only what it needs, so that `errand resolve` does not wait for a web server to load.
import { createRequire } from "node:module";
import { Command } from "commander";
import { addBench } from "./cli/bench/command.ts";
import { addCalibrate } from "./cli/calibrate-command.ts";
import { addFixTests } from "./cli/fix-tests-command.ts";
import { addLedger } from "./cli/ledger-command.ts";
import { explain } from "./cli/explain.ts";
import { addResolve } from "./cli/resolve-command.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** Commander's own errors are bad usage: exit 2, so that 1 keeps its meaning (some conflicts left, a check failed). */
function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error) || !("exitCode" in error)) return 2;
  return error.exitCode === 0 ? 0 : 2;
}

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("errand")
    .description(
      "Small models run errands on pull requests; code runs the loop; nothing is pushed that was not verified.",
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError("(run `errand --help` for all commands)");

  for (const [name, description] of [
    ["start", "serve webhooks and work on them, in one process"],
    ["web", "serve webhooks only; needs REDIS_URL or DATABASE_URL"],
    ["worker", "work on what the web process has accepted; needs REDIS_URL or DATABASE_URL"],
  ] as const) {
    program
      .command(name)
      .description(description)
      .action(async () => {
        const { serve } = await import("./cli/serve.ts");
        await serve(name);
      });
  }

  program
    .command("doctor")
    .description(
      "check environment, git, sandbox, store, app credentials and models; each problem with its remedy",
    )
    .option("--json", "print one JSON object")
    .option("--no-models", "do not ask the configured models what they can do")
    .option("--no-sandbox", "do not try the sandbox, which takes half a minute")
    .action(async (options: { json?: boolean; models: boolean; sandbox: boolean }) => {
      const { doctor } = await import("./cli/doctor.ts");
      process.exitCode = await doctor({ ...options, json: options.json ?? false });
    });

  addResolve(program);
  addFixTests(program);
  addCalibrate(program);
  addBench(program);
  addLedger(program);
  await program.parseAsync(argv);
}

try {
  await main(process.argv);
} catch (error) {
  if (error instanceof Error && "code" in error && String(error.code).startsWith("commander.")) {
    process.exitCode = exitCodeOf(error);
  } else {
    process.stderr.write(explain(error));
    process.exitCode = 2;
  }
}
