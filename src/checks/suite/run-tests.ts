// One test command on one tree, whole or on some files, and what it said test by test.
import type { TestResult } from "../../core/checks.ts";
import type { SuiteRun } from "../../core/suite.ts";
import type { TreeFiles } from "../affected/tree.ts";
import type { DetectedCommand } from "../commands/types.ts";
import type { ReportFormat } from "../reports/index.ts";
import { runCommand } from "../run/run-command.ts";
import type { Ground } from "../run/run-command.ts";
import { coverageOf, findRunner, testsOf } from "../run/tests.ts";
import type { FoundRunner } from "../run/tests.ts";
import { pathWords } from "../runners/arguments.ts";
import { testCommand } from "../runners/command.ts";
import { reportPath } from "../runners/places.ts";
import { findCommand } from "../runners/scripts.ts";
import type { TestCommand, TestRequest } from "../runners/types.ts";
import { judgeRun } from "./judge-run.ts";
import { locator } from "./locate.ts";
import type { Locate } from "./locate.ts";
import { withSilentFiles } from "./silent-files.ts";

export interface OneCommand {
  readonly command: DetectedCommand;
  /** Relative to the command's folder; `null`: all tests. */
  readonly tests: readonly string[] | null;
  readonly seed: number | null;
  /** Relative to the command's folder. */
  readonly measure: readonly string[];
  /** Of a line whose runner is not known. */
  readonly report?: { readonly format: ReportFormat; readonly variable: string };
}

/** Throws only the signal's reason, and what nobody planned for. */
export async function runTestCommand(ground: Ground, one: OneCommand, files: TreeFiles): Promise<SuiteRun> {
  const { command } = one;
  const found = await findRunner(command, files);
  const prepared = await prepare(found, one);
  const given = found.runner === null ? one.report : undefined;
  const { run, result } = await runCommand(withVariable(ground, given?.variable), {
    command,
    line: prepared.line,
    reports: [prepared.report, prepared.coverage].flatMap((file) => file?.name ?? []),
    harmless: prepared.noTests,
  });
  const read = result === null ? null : testsOf(result, prepared, command.folder);
  const locate = await locator(files, command.folder);
  const located = read?.map((test) => withFile(test, { locate, alone: aloneIn(one, prepared.line) })) ?? null;
  const tests = found.runner?.name === "node" ? await withSilentFiles(located, files) : located;
  const judged = judgeRun({ run, result, tests, reports: prepared.report !== null });
  const isKnown = result !== null && judged.status !== "stopped";
  return {
    ...judged,
    output: run.output,
    coverage: isKnown
      ? await coverageOf(result, prepared, { chosen: { command, paths: one.measure }, files })
      : null,
    shuffled: prepared.shuffled,
    wallMs: run.wallMs,
  };
}

/** Where a line whose runner is not known is told to write. */
const givenReport = "tests.report";

async function prepare(found: FoundRunner, one: OneCommand): Promise<TestCommand> {
  const request: TestRequest = {
    paths: one.measure,
    files: found.files,
    dependencies: found.dependencies,
    selection: one.tests === null ? { kind: "all" } : { kind: "files", files: one.tests },
    ...(one.seed === null ? {} : { seed: one.seed }),
  };
  const prepared = found.runner === null ? null : await testCommand(found.runner, request);
  return (
    prepared ?? {
      line: findCommand(one.command.line, found.scripts, () => false).before,
      report: one.report === undefined ? null : { name: givenReport, format: one.report.format },
      coverage: null,
      noTests: [],
      shuffled: false,
    }
  );
}

function withVariable(ground: Ground, variable: string | undefined): Ground {
  if (variable === undefined) return ground;
  return { ...ground, environment: { ...ground.environment, [variable]: reportPath(givenReport) } };
}

/** The one test file that was run, relative to the repository; `null` where there were others, or the line does not name it. */
function aloneIn({ tests, command }: OneCommand, line: string): string | null {
  const [file, ...others] = tests ?? [];
  if (file === undefined || others.length > 0) return null;
  const isNamed = pathWords([file]).every((word) => line.includes(word));
  return isNamed ? (command.folder === "" ? file : `${command.folder}/${file}`) : null;
}

function withFile(
  test: TestResult,
  { locate, alone }: { readonly locate: Locate; readonly alone: string | null },
): TestResult {
  const { file: named, ...rest } = test;
  const file = (named === undefined ? null : locate(named)) ?? alone;
  return file === null ? rest : { ...rest, file };
}
