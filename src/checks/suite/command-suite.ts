// A suite of one test command that somebody gives: for a working copy, and for benchmarks.
import type { Suite } from "../../core/suite.ts";
import type { DetectedCommand } from "../commands/types.ts";
import type { Prepared } from "../run/ground.ts";
import { readTree } from "../run/read-tree.ts";
import { closedSuite } from "./open-suite.ts";
import { runSuite } from "./run-suite.ts";
import { suiteCommands } from "./suite-commands.ts";
import type { CommandSuiteOptions } from "./types.ts";

/** It has neither type check nor linter nor formatter. Throws what reading `detectOn` throws. */
export async function commandSuite(options: CommandSuiteOptions): Promise<Suite> {
  const { sandbox, trees, detectOn, report, record } = options;
  if (sandbox.kind === "unavailable") return closedSuite(`${sandbox.why} ${sandbox.remedy}`);
  const line = options.line.trim();
  if (line === "") return closedSuite("There is no test command: give one, for example `npm test`.");
  const { folder } = options;
  const command: DetectedCommand = { name: "test", line, folder, from: "the command line", ecosystem: "any" };
  const commands = await suiteCommands([command], await readTree(trees, detectOn));
  record({ step: "suite", detail: `test: ${line}${folder === "" ? "" : ` in ${folder}`}` });
  const prepare = async (tree: string): Promise<Prepared> => {
    const { cache, environment, limits, signal } = options;
    const ground = {
      ...{ sandbox: sandbox.sandbox, archive: trees.archive(tree), setup: "", cache, environment, signal },
      ...(limits === undefined ? {} : { limits }),
    };
    return { ground, files: await readTree(trees, tree), notes: [], failed: null };
  };
  const tests = { commands: [command], prepare, ...(report === undefined ? {} : { report }) };
  return {
    ...closedSuite(""),
    unavailable: null,
    commands,
    run: async (request) => await runSuite(tests, request),
  };
}
