// A repository's suite: its commands, found on a tree that is trusted, and run on any of its trees in the sandbox.
import type { CommandName } from "../../core/checks.ts";
import type { FormatRun, Suite } from "../../core/suite.ts";
import { detectCommands } from "../commands/detect.ts";
import type { Detection } from "../commands/detect.ts";
import type { DetectedCommand } from "../commands/types.ts";
import { preparer } from "../run/ground.ts";
import type { Prepared } from "../run/ground.ts";
import { readTree } from "../run/read-tree.ts";
import { formatCommands, formChecks } from "./format-commands.ts";
import { runFormat } from "./format.ts";
import { lintWith, runTools, typecheckWith } from "./lint.ts";
import { nothingRun, runSuite } from "./run-suite.ts";
import { suiteCommands } from "./suite-commands.ts";
import type { OpenSuiteOptions } from "./types.ts";

/** Throws what the workspace throws when `detectOn` cannot be read, and the signal's reason. Everything else is in `unavailable`, or in the runs. */
export async function openSuite(options: OpenSuiteOptions): Promise<Suite> {
  const { sandbox, trees, detectOn } = options;
  if (sandbox.kind === "unavailable") return closedSuite(`${sandbox.why} ${sandbox.remedy}`);
  const files = await readTree(trees, detectOn);
  const detection = await detectCommands(files, options.commands);
  const setup = detection.commands.find(({ name }) => name === "setup")?.line ?? "";
  const prepare =
    options.prepare ?? preparer({ ...options, workspace: trees, sandbox: sandbox.sandbox, setup });
  const found: Found = {
    detection,
    prepare,
    formatters: await formatCommands(detection.commands, files, options.commands.format !== undefined),
    formChecks: await formChecks(detection.commands, files),
    commands: await suiteCommands(detection.commands, files),
  };
  say(options, found);
  const { failed } = detection.commands.length === 0 ? { failed: null } : await prepare(detectOn);
  return opened(found, failed ?? detection.missing);
}

interface Found extends Pick<Suite, "commands"> {
  readonly detection: Detection;
  readonly formatters: readonly DetectedCommand[];
  readonly formChecks: readonly DetectedCommand[];
  readonly prepare: (tree: string) => Promise<Prepared>;
}

const nothingFormatted: FormatRun = { runs: [], changed: new Map() };

/** A suite of which nothing can be run. */
export function closedSuite(unavailable: string): Suite {
  return {
    unavailable,
    commands: [],
    run: () => Promise.resolve(nothingRun(unavailable)),
    typecheck: () => Promise.resolve(null),
    lint: () => Promise.resolve(null),
    format: () => Promise.resolve(nothingFormatted),
  };
}

function opened(found: Found, unavailable: string | null): Suite {
  const { detection, formatters, prepare, commands } = found;
  const named = (name: CommandName) => detection.commands.filter((command) => command.name === name);
  return {
    unavailable,
    commands,
    run: async (request) =>
      unavailable === null
        ? await runSuite({ commands: named("test"), prepare }, request)
        : nothingRun(unavailable),
    typecheck: async (tree) => await runTools(named("typecheck"), () => prepare(tree), typecheckWith),
    lint: async (tree) =>
      await runTools([...named("lint"), ...found.formChecks], () => prepare(tree), lintWith),
    format: async (tree, paths) =>
      formatters.length === 0 ? nothingFormatted : await runFormat(formatters, await prepare(tree), paths),
  };
}

function say({ record }: OpenSuiteOptions, { commands, detection }: Found): void {
  const words = commands.map(
    ({ name, line, folder }) => `${name}: ${line}${folder === "" ? "" : ` in ${folder}`}`,
  );
  if (words.length > 0) record({ step: "suite", detail: words.join("; ") });
  if (detection.missing !== null) record({ step: "suite", detail: "no test command was found" });
}
