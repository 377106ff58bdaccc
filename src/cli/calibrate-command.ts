// The options of `errand calibrate`.
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import { readBar } from "./resolve-command.ts";

interface Options {
  readonly max: number;
  readonly bar: number;
  readonly json?: boolean;
  readonly write?: boolean;
}

function readMax(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError("It is a number of merges, from 1 to 999999.");
  return Number(text);
}

const help = `
Makes the past merges of this repository again, newest first, and compares what the rules say of each conflict with what was committed.
Prints, for each class of rules, what may be pushed here and why. Reads only what is here: nothing is fetched, and no file of yours is touched.

  errand calibrate                 look at the newest 200 merges
  errand calibrate --max 2000      look further back
  errand calibrate --write         also remember what was learned, for errand resolve: in .git/errand/memory.json, safe to delete

Ctrl-C ends early, with what was learned so far.
Exit status: 0 also where there was nothing to learn from, 2 bad usage or no repository.`;

/** Adds the command to the program. */
export function addCalibrate(program: Command): void {
  program
    .command("calibrate")
    .description("learn from this repository's own past merges which rules can be trusted here")
    .option("--max <n>", "merges to make again at most", readMax, 200)
    .option("--bar <precision>", "the push bar, 0 to 1: push.bar of .github/agent.yml", readBar, 0.9)
    .option("--write", "remember it for errand resolve")
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(async (options: Options) => {
      const { calibrate } = await import("./calibrate.ts");
      await calibrate(options);
    });
}
