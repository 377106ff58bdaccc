// The options of `errand resolve`.
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** `true`: ask, or say why that cannot be. */
  readonly interactive?: boolean;
  /** `false`: ask nothing. */
  readonly input: boolean;
  readonly merge?: string;
  /** `false`: ask no model. */
  readonly models: boolean;
  readonly model?: string;
  readonly bar: number;
  readonly base?: string;
  readonly ours?: string;
  readonly theirs?: string;
  readonly output?: string;
  readonly path?: string;
  readonly markerSize: number;
}

export function readBar(text: string): number {
  const bar = Number(text);
  if (text.trim() === "" || !(bar >= 0 && bar <= 1))
    throw new InvalidArgumentError("It is a number from 0 to 1.");
  return bar;
}

function readMarkerSize(text: string): number {
  // Git passes 0 where no size is set.
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("It is a number of characters.");
  return Number(text) || 7;
}

const help = `
In the middle of a conflicted merge, rebase or cherry-pick, settles in place what rules can settle; the rest stays marked as git marked it.
A file in which nothing is open any more is added to the index; you look at it and commit. At a terminal it then shows what is still open, the likeliest
resolutions numbered, and takes your choice.

  errand resolve                      settle the conflicts of the merge under way
  errand resolve --dry-run            only say what would be settled
  errand resolve --merge origin/main  start that merge, then settle its conflicts

Without ERRAND_SMALL_MODEL in the environment (or --model) nothing leaves this machine. With it, a small model is asked about hunks that rules leave open; what
it may cost is limited by ERRAND_BUDGET_RUN. See docs/models.md.

As git's merge tool:
  git config mergetool.errand.cmd 'errand resolve --base "$BASE" --ours "$LOCAL" --theirs "$REMOTE" --output "$MERGED"'
  git config mergetool.errand.trustExitCode true
  git mergetool --tool=errand

As git's merge driver (then name it in .gitattributes: "* merge=errand"):
  git config merge.errand.driver 'errand resolve --base %O --ours %A --theirs %B --output %A --path %P --marker-size %L'

Exit status: 0 all settled, 1 some left, 2 bad usage.`;

/** Adds the command to the program. */
export function addResolve(program: Command): void {
  program
    .command("resolve")
    .description(
      "settle merge conflicts in this repository by rule, and by models where you configure any; no GitHub",
    )
    .argument("[paths...]", "only these conflicted paths")
    .option("--dry-run", "write nothing")
    .option("--json", "print one JSON object")
    .option("--interactive", "ask about what rules leave open (at a terminal that is the default)")
    .option("--no-input", "ask nothing")
    .option("--model <name>", "ask this model about what rules leave open: provider:model[@endpoint]")
    .option("--no-models", "ask no model, whatever ERRAND_SMALL_MODEL and ERRAND_LARGE_MODEL say")
    .option("--merge <ref>", "make the merge first: git merge --no-commit --no-ff <ref>")
    .option(
      "--bar <precision>",
      "settle only by rules whose measured precision is at least this, 0 to 1",
      readBar,
      0,
    )
    .option("--base <file>", "three files instead of a repository: the common ancestor")
    .option("--ours <file>", "the current version")
    .option("--theirs <file>", "the other version")
    .option("--output <file>", "where the result goes")
    .option("--path <path>", "the file's path in the repository, by which its kind is known")
    .option("--marker-size <n>", "length of conflict markers", readMarkerSize, 7)
    .addHelpText("after", help)
    .action(async (paths: string[], options: Options) => {
      const { base, ours, theirs, output } = options;
      const given = [base, ours, theirs, output].filter((file) => file !== undefined);
      const usage = (message: string): never => program.error(`error: ${message}`, { exitCode: 2 });
      const whyNoModel = obstacleToModel(options, given.length > 0);
      if (whyNoModel !== null) usage(`--model: ${whyNoModel}`);
      if (given.length === 0) {
        const { resolveRepository } = await import("./resolve.ts");
        const { hasTerminal, ownTerminal } = await import("./resolve-terminal.ts");
        const obstacle = obstacleToAsking(options, hasTerminal());
        if (options.interactive === true && obstacle !== null) usage(`--interactive: ${obstacle}`);
        process.exitCode = await resolveRepository(
          { ...options, paths },
          obstacle === null ? ownTerminal() : null,
        );
        return;
      }
      if (base === undefined || ours === undefined || theirs === undefined || output === undefined)
        return usage("--base, --ours, --theirs and --output go together");
      if (options.interactive === true) usage("--interactive needs a repository, not three files");
      const { resolveFiles } = await import("./resolve-three.ts");
      process.exitCode = await resolveFiles({ ...options, base, ours, theirs, output });
    });
}

/** Why the model that was named would not be asked; `null` where it would, or none was named. */
function obstacleToModel({ model, models, bar }: Options, isThreeFiles: boolean): string | null {
  if (model === undefined) return null;
  if (isThreeFiles) return "three files ask no model";
  if (!models) return "--no-models says to ask none";
  return bar > 0 ? "--bar above 0 takes measured answers only, and nothing is measured of a model's" : null;
}

/** Why nobody can be asked; `null` where somebody can. */
function obstacleToAsking({ input, json, dryRun }: Options, hasTerminal: boolean): string | null {
  if (!input) return "--no-input says to ask nothing";
  if (json === true) return "--json asks nothing";
  if (dryRun === true) return "--dry-run writes nothing, so there is nothing to ask";
  return hasTerminal ? null : "standard input and output are not a terminal";
}
