// All checks of one tree: the type check first, then the tests that the change can affect.
import type { CheckRun, CommandName, CommandRun, TestResult } from "../../core/checks.ts";
import type { TreeFiles } from "../affected/tree.ts";
import type { DetectedCommand } from "../commands/types.ts";
import { chooseCommands } from "./choose.ts";
import type { Ground } from "./run-command.ts";
import { runTests } from "./tests.ts";
import { runTypecheck } from "./typecheck.ts";

export async function runTree(
  ground: Ground,
  commands: readonly DetectedCommand[],
  { files, paths }: { readonly files: TreeFiles; readonly paths: readonly string[] },
): Promise<CheckRun> {
  const named = (name: CommandName) =>
    chooseCommands(
      commands.filter((command) => command.name === name),
      paths,
      files,
    );
  const runs: CommandRun[] = [];
  const typeErrors: string[] = [];
  for (const { command } of await named("typecheck")) {
    const { run, errors } = await runTypecheck(ground, command, files);
    runs.push(run);
    typeErrors.push(...errors);
  }
  const tests: (readonly TestResult[] | null)[] = [];
  const coverage = new Map<string, ReadonlySet<number>>();
  let measured = false;
  for (const chosen of await named("test")) {
    const one = await runTests(ground, chosen, files);
    if (one.run !== null) runs.push(one.run);
    tests.push(one.tests);
    measured ||= one.coverage !== null;
    for (const [path, lines] of one.coverage ?? []) coverage.set(path, union(coverage.get(path), lines));
  }
  return {
    commands: runs,
    typeErrors: typeErrors.sort(),
    tests: joined(
      tests,
      commands.some(({ name }) => name === "test"),
    ),
    coverage: measured ? coverage : null,
  };
}

export function union(one: ReadonlySet<number> | undefined, other: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...(one ?? []), ...other]);
}

/** What could be read; `null` where nothing could, or where there is no test command at all. */
function joined(
  all: readonly (readonly TestResult[] | null)[],
  hasTests: boolean,
): readonly TestResult[] | null {
  const read = all.flatMap((one) => (one === null ? [] : [one]));
  const isUnread = all.length > 0 && read.length === 0;
  return isUnread || !hasTests ? null : read.flat();
}
