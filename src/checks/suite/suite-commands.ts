// Commands as people are told of them, with the test runner in each.
import type { SuiteCommand } from "../../core/suite.ts";
import type { TreeFiles } from "../affected/tree.ts";
import type { DetectedCommand } from "../commands/types.ts";
import { findRunner } from "../run/tests.ts";

export async function suiteCommands(
  commands: readonly DetectedCommand[],
  files: TreeFiles,
): Promise<readonly SuiteCommand[]> {
  return await Promise.all(
    commands.map(async (command) => {
      const { name, line, folder } = command;
      const runner = name === "test" ? (await findRunner(command, files)).runner : null;
      return { name, line, folder, runner: runner?.name ?? null };
    }),
  );
}
