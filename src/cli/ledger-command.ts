// The options of `errand ledger`.
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { parseModelName } from "../core/model.ts";

const slots = ["pick", "generate", "consult"] as const;

const slotOption = (text: string) => new Option("--slot <slot>", text).choices(slots);

function readDays(text: string): number {
  if (!/^\d{1,5}(?:\.\d{1,3})?$/.test(text))
    throw new InvalidArgumentError("It is a number of days, from 0 to 99999.");
  return Number(text);
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It is a number from 1 to 999999.");
  return Number(text);
}

function readShare(text: string): number {
  const share = Number(text);
  if (text.trim() === "" || !(share >= 0 && share < 1))
    throw new InvalidArgumentError("It is a share: 0 or more, and less than 1.");
  return share;
}

function readModel(text: string): string {
  if (parseModelName(text) === null || /\p{C}/u.test(text))
    throw new InvalidArgumentError(
      "It is provider:model or provider:model@endpoint, such as openai:qwen3.5:9b@local.",
    );
  return text;
}

function readAgent(text: string): string {
  if (!/^[a-z][a-z\d-]{0,39}$/.test(text))
    throw new InvalidArgumentError("It is the name of an agent, such as conflict-resolver.");
  return text;
}

/** Adds the commands to the program. */
export function addLedger(program: Command): void {
  const ledger = program
    .command("ledger")
    .description("what models were asked, what it cost, and how to move a slot to a smaller model")
    .addHelpText("after", ledgerHelp);
  for (const add of [addStats, addExport, addShadow, addPromote, addPurge]) add(ledger);
}

const ledgerHelp = `
  errand ledger stats --since 30
  errand ledger export --out rows.jsonl
  errand ledger shadow --model openai:qwen3.5:9b@local --slot pick
  errand ledger promote --model openai:qwen3.5:9b@local --slot pick
  errand ledger purge --contents

The store is the one that the environment names (REDIS_URL, DATABASE_URL, or the embedded one in ERRAND_DATA_DIR). The embedded one takes one process: stop
\`errand start\` first. docs/ledger.md tells the whole loop.`;

const json = ["--json", "print one JSON object"] as const;

function addStats(ledger: Command): void {
  ledger
    .command("stats")
    .description("calls, endings, outcomes, tokens, dollars and times, by agent, slot and model")
    .option("--since <days>", "only calls of the last so many days", readDays)
    .option(...json)
    .addHelpText(
      "after",
      `
  errand ledger stats               everything that is kept
  errand ledger stats --since 7     the last week

Exit status: 0 also where there is no call, 2 bad usage or no store.`,
    )
    .action(async (options: { readonly since?: number; readonly json?: boolean }) => {
      const { withLedger } = await import("./ledger/open-ledger.ts");
      const { showStats } = await import("./ledger/stats-command.ts");
      process.exitCode = await withLedger((ports) =>
        showStats({ since: options.since, json: options.json ?? false }, ports),
      );
    });
}

interface ExportFlags {
  readonly out: string;
  readonly slot?: string;
  readonly includeModelOutputs?: boolean;
  readonly holdout: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

function addExport(ledger: Command): void {
  ledger
    .command("export")
    .description("examples to train a small model on, as chat JSONL: what was shown, and what people kept")
    .requiredOption("--out <file>", "file to write")
    .addOption(slotOption("only this slot"))
    .option("--include-model-outputs", "also rows whose answer a model wrote and people kept")
    .option("--holdout <share>", "share of rows to hold out, by repository and by time", readShare, 0.1)
    .option("--force", "replace the file if it is there")
    .option(...json)
    .addHelpText(
      "after",
      `
  errand ledger export --out rows.jsonl
  errand ledger export --out pick.jsonl --slot pick --holdout 0.2

Rows are of repositories that consent to it (ledger.contents in agent.yml), never of forks. The answers are people's: what they wrote, or which of the merge
rules' texts they kept. What a model wrote is left out even where people kept it: providers' terms may forbid to train other models on their models' words.
Every row names the provider. --include-model-outputs is for models whose terms allow it: that is yours to know.

Exit status: 0 written, 1 nothing to write, 2 bad usage, no store, or a file that cannot be written.`,
    )
    .action(async (flags: ExportFlags) => {
      const { withLedger } = await import("./ledger/open-ledger.ts");
      const { exportLedger } = await import("./ledger/export.ts");
      const { out, slot, includeModelOutputs = false, holdout, force = false, json: asJson = false } = flags;
      const command = { out, slot, includeModelOutputs, holdout, force, json: asJson };
      process.exitCode = await withLedger((ports) => exportLedger(command, ports));
    });
}

interface ShadowFlags {
  readonly model: string;
  readonly slot?: string;
  readonly max: number;
  readonly json?: boolean;
}

function addShadow(ledger: Command): void {
  ledger
    .command("shadow")
    .description("ask logged questions again of another model, and hold its answers against what people kept")
    .requiredOption("--model <name>", "provider:model[@endpoint], among those that are allowed", readModel)
    .addOption(slotOption("only this slot"))
    .option("--max <n>", "questions at most, newest first; one takes up to three calls", readCount, 200)
    .option(...json)
    .addHelpText(
      "after",
      `
  errand ledger shadow --model openai:qwen3.5:9b@local
  errand ledger shadow --model anthropic:claude-haiku-5-5 --slot pick --max 60

It asks the model for real: budgets hold (ERRAND_BUDGET_RUN for the whole replay), and the calls are in the ledger. Ctrl-C ends early, with what was asked.
The bar: on at least 50 answers of both models, the lower bound of its precision is not below the present model's.

Exit status: 0 every slot meets the bar, 1 one does not or nothing could be compared, 2 bad usage or no store.`,
    )
    .action(async (flags: ShadowFlags) => {
      const { withLedger } = await import("./ledger/open-ledger.ts");
      const { shadowFromEnvironment } = await import("./ledger/shadow-command.ts");
      const options = { ...flags, slot: flags.slot, json: flags.json ?? false };
      process.exitCode = await withLedger((ports, environment) =>
        shadowFromEnvironment(options, ports, environment.models),
      );
    });
}

interface PromoteFlags {
  readonly model: string;
  readonly slot: string;
  readonly agent?: string;
  readonly json?: boolean;
}

function addPromote(ledger: Command): void {
  ledger
    .command("promote")
    .description("print what to set so that a model fills a slot, with the evidence; changes nothing")
    .requiredOption("--model <name>", "provider:model[@endpoint], as it was replayed", readModel)
    .addOption(slotOption("which slot").makeOptionMandatory())
    .option("--agent <name>", "for this agent alone", readAgent)
    .option(...json)
    .addHelpText(
      "after",
      `
  errand ledger promote --model openai:qwen3.5:9b@local --slot pick
  errand ledger promote --model openai:qwen3.5:9b@local --slot pick --agent conflict-resolver

The evidence is the last \`errand ledger shadow\` of that model on that slot.

Exit status: 0 with a change to make, 1 refused for want of evidence, 2 bad usage or no store.`,
    )
    .action(async (flags: PromoteFlags) => {
      const { withLedger } = await import("./ledger/open-ledger.ts");
      const { promote } = await import("./ledger/promote.ts");
      const options = { ...flags, agent: flags.agent, json: flags.json ?? false };
      process.exitCode = await withLedger((ports, { models }) => promote(options, ports, models));
    });
}

interface PurgeFlags {
  readonly contents?: boolean;
  readonly before?: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

function addPurge(ledger: Command): void {
  ledger
    .command("purge")
    .description("forget calls, or the texts in them, of all repositories; asks first")
    .option("--contents", "forget the texts alone and keep outcomes and figures")
    .option("--before <days>", "only calls begun more than so many days ago", readDays)
    .option("--yes", "do not ask")
    .option(...json)
    .addHelpText(
      "after",
      `
  errand ledger purge --contents --before 7    texts older than a week
  errand ledger purge --yes                    everything, without asking

What calls cost stays counted in the budgets. Without this, rows go after ERRAND_LEDGER_DAYS and texts after ERRAND_LEDGER_CONTENT_DAYS.

Exit status: 0 forgotten, 1 you said no, 2 bad usage, no store, or nobody to ask.`,
    )
    .action(async (flags: PurgeFlags) => {
      const { withLedger } = await import("./ledger/open-ledger.ts");
      const { purge } = await import("./ledger/purge.ts");
      const { confirmAtTerminal } = await import("./ledger/confirm.ts");
      const { contents = false, before, yes = false, json: asJson = false } = flags;
      process.exitCode = await withLedger((ports) =>
        purge({ contents, before, yes, json: asJson }, ports, confirmAtTerminal()),
      );
    });
}
