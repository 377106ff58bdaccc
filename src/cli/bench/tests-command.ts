// The options of `errand bench tests`.
import type { Command } from "commander";
import { readCount } from "./counts.ts";
import type { BenchTestsOptions } from "./tests.ts";

const readNames = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(",").filter((name) => name !== ""),
];

const help = `
A case is one JSON object a line, plain or gzipped; docs/bench.md names its fields. Its code is run, in the sandbox where this machine can hold one.

Exit status: 0 all measured, 1 a line was refused, or a case could not be made or failed, 2 nothing could be measured, 130 stopped by a signal.`;

export function addTests(bench: Command): void {
  bench
    .command("tests")
    .description(
      "programs with failing tests: how many are put right, and whether anything is pushed that is no fix",
    )
    .requiredOption("--cases <file>", "cases, one JSON object a line, plain or gzipped")
    .requiredOption(
      "--model <model>",
      "scripted:oracle, scripted:garbage, scripted:cheater, or provider:model[@endpoint]",
    )
    .option("--large <model>", "the model that is consulted; scripted models consult themselves")
    .option("--only <kinds or ids>", "measure these alone; several with commas", readNames, [])
    .option("--limit <cases>", "measure the first so many at most", readCount)
    .option("--jobs <cases>", "measure so many at a time", readCount, 1)
    .option("--repositories <folder>", "take commits from git directories in it, owner/name each")
    .option("--cache <folder>", "keep installed packages and fetched commits there")
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(async (options: BenchTestsOptions) => {
      const { benchTests } = await import("./tests.ts");
      const { loopUnderTest } = await import("./tests-loop.ts");
      process.exitCode = await benchTests(options, loopUnderTest);
    });
}
