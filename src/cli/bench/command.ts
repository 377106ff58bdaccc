// The options of `errand bench`.
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import { readCount } from "./counts.ts";
import { addTests } from "./tests-command.ts";

interface Options {
  readonly cases: string;
  readonly json?: boolean;
}

interface ModelOptions {
  readonly model: string;
  readonly large?: string;
  readonly max?: number;
  readonly screening: boolean;
}

/** The bar of a repository that sets none: `push.bar` of the configuration. */
const defaultBar = 0.9;

function readBar(text: string): number {
  const bar = Number(text);
  if (text.trim() === "" || !(bar >= 0 && bar <= 1))
    throw new InvalidArgumentError("It is a number from 0 to 1.");
  return bar;
}

const help = `
A case is one JSON object a line, plain or gzipped; docs/bench.md names its fields. Bad lines are named, counted and left out.

Exit status: 0 all measured, 1 a line was refused or a rule failed, 2 nothing could be measured.`;

/** Adds the commands to the program. */
export function addBench(program: Command): void {
  const bench = program
    .command("bench")
    .description(
      "measure the merge rules on conflicts, and models on those and on failing tests, whose solution is known",
    );

  bench
    .command("merge")
    .description("single hunks: how often the first answer is the developers' own")
    .requiredOption("--cases <file>", "hunk cases, one JSON object a line, plain or gzipped")
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(async (options: Options) => {
      const { benchMerge } = await import("./merge.ts");
      process.exitCode = await benchMerge(options);
    });

  bench
    .command("files")
    .description("whole files: how many come out whole and right, and how many would be pushed")
    .requiredOption("--cases <file>", "file cases, one JSON object a line, plain or gzipped")
    .option("--bar <precision>", "least measured precision of what is pushed, 0 to 1", readBar, defaultBar)
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(async (options: Options & { readonly bar: number }) => {
      const { benchFiles } = await import("./files.ts");
      process.exitCode = await benchFiles(options);
    });

  bench
    .command("models")
    .description(
      "the rules, then models on what they leave open: how much is right, and whether any is harmful",
    )
    .requiredOption("--cases <file>", "hunk cases or file cases, one JSON object a line, plain or gzipped")
    .requiredOption(
      "--model <model>",
      "scripted:oracle, scripted:garbage, scripted:obedient, or provider:model[@endpoint]",
    )
    .option("--large <model>", "the model that is consulted; scripted models consult themselves")
    .option("--max <cases>", "measure so many cases at most, evenly spread over the file", readCount)
    .option("--no-screening", "ask a model about cases even where it gets the built-in questions wrong")
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(async (options: Options & ModelOptions) => {
      const { benchModels } = await import("./models.ts");
      process.exitCode = await benchModels(options);
    });

  addTests(bench);
}
