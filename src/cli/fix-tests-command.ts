// The options of `errand fix-tests`.
import type { Command } from "commander";

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly tests?: boolean;
  /** `false`: compare with nothing. */
  readonly base: boolean;
  /** `false`: ask no model. */
  readonly models: boolean;
}

const help = `
Runs the tests of this working copy as its files are now, finds out which fail each time and not by chance, and has a small model write the likely places
anew until the tests and the gates pass. A file is written only when they do; you look at it and commit.

  errand fix-tests                       run the test command that the files show
  errand fix-tests -- npx jest src/cart  run this one
  errand fix-tests -- 'make && npm test' one word is taken as a line of shell
  errand fix-tests --dry-run             only show the change

Tests run in the sandbox where this machine can hold one (docs/sandbox.md), on a copy of the files, without network. Code that the tests exercise is sent to
the models in ERRAND_SMALL_MODEL and ERRAND_LARGE_MODEL, and to nobody where neither is set. See docs/fix-tests.md.

Exit status: 0 fixed or nothing fails, 1 not fixed, 2 bad usage, no git repository or no test command, 130 stopped by a signal.`;

/** Adds the command to the program. */
export function addFixTests(program: Command): void {
  program
    .command("fix-tests")
    .description(
      "find out why tests fail in this working copy, and put right what the tests then prove; no GitHub",
    )
    .argument("[command...]", "the test command, after --; left out: what the files show")
    .option("--dry-run", "write nothing")
    .option("--json", "print one JSON object")
    .option("--tests", "write changes of tests, too: where a test is out of date")
    .option("--no-base", "put right, too, what fails where this branch left the default branch")
    .option("--no-models", "ask no model, whatever ERRAND_SMALL_MODEL and ERRAND_LARGE_MODEL say")
    .addHelpText("after", help)
    .action(async (command: string[], options: Options) => {
      const { fixLocalTests } = await import("./fix-tests.ts");
      const { ownProcess } = await import("./fix-tests-process.ts");
      const here = ownProcess();
      try {
        process.exitCode = await fixLocalTests({ ...options, command }, here.around);
      } finally {
        here.release();
      }
    });
}
