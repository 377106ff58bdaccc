// The tests of a tree that a change can affect: run, and what they said.
import type { CheckRun, CommandRun, TestResult } from "../../core/checks.ts";
import type { SandboxResult } from "../../core/sandbox.ts";
import { filesUnder } from "../affected/tree.ts";
import { isForPeople } from "../affected/relevance.ts";
import type { TreeFiles } from "../affected/tree.ts";
import { readManifest } from "../commands/package-json.ts";
import { readCoverage } from "../coverage/index.ts";
import { readReport } from "../reports/index.ts";
import { testCommand } from "../runners/command.ts";
import { detectRunner } from "../runners/detect.ts";
import { findCommand } from "../runners/scripts.ts";
import type { Scripts } from "../runners/scripts.ts";
import type { Runner, TestCommand, TestRequest } from "../runners/types.ts";
import type { ChosenCommand } from "./choose.ts";
import { runCommand } from "./run-command.ts";
import type { Ground } from "./run-command.ts";
import { withoutReport } from "./trouble.ts";

export interface TestsRun extends Pick<CheckRun, "tests" | "coverage"> {
  /** `null`: no test can be affected, so none was run. */
  readonly run: CommandRun | null;
}

export async function runTests(ground: Ground, chosen: ChosenCommand, files: TreeFiles): Promise<TestsRun> {
  const { command, paths } = chosen;
  if (paths.every(isForPeople)) return { run: null, tests: [], coverage: null };
  const { runner, scripts, ...project } = await findRunner(command, files);
  if (runner === null) return await runUnread(ground, chosen, scripts);
  const prepared = await testCommand(runner, { paths, ...project });
  if (prepared === null) return { run: null, tests: [], coverage: null };
  return await runPrepared(ground, prepared, { chosen, files });
}

/** What stands in a command's line and in its folder, for the runner in it. */
export interface FoundRunner extends Pick<TestRequest, "files" | "dependencies"> {
  /** `null` where none is known. */
  readonly runner: Runner | null;
  readonly scripts: Scripts;
}

export async function findRunner(
  { line, folder }: Pick<ChosenCommand["command"], "line" | "folder">,
  files: TreeFiles,
): Promise<FoundRunner> {
  const inside = filesUnder(files, folder);
  const manifest = readManifest(await inside.read("package.json"));
  const scripts: Scripts = manifest?.scripts ?? new Map<string, string>();
  const runner = await detectRunner(line, { scripts, read: inside.read });
  const top = readManifest(await files.read("package.json"));
  const dependencies = new Map([...(top?.dependencies ?? []), ...(manifest?.dependencies ?? [])]);
  return { runner, scripts, files: inside, dependencies };
}

interface About {
  readonly chosen: ChosenCommand;
  readonly files: TreeFiles;
}

async function runPrepared(ground: Ground, prepared: TestCommand, about: About): Promise<TestsRun> {
  const { command } = about.chosen;
  const { run, result } = await runCommand(ground, {
    command,
    line: prepared.line,
    reports: [prepared.report, prepared.coverage].flatMap((one) => one?.name ?? []),
    harmless: prepared.noTests,
  });
  if (result === null || run.status === "stopped") return { run, tests: null, coverage: null };
  const tests = testsOf(result, prepared, command.folder);
  return {
    run: tests === null ? { ...run, trouble: withoutReport("test") } : run,
    tests,
    coverage: await coverageOf(result, prepared, about),
  };
}

/** No runner that is known: the line but for package managers, its exit status, and nothing else. */
async function runUnread(ground: Ground, { command }: ChosenCommand, scripts: Scripts): Promise<TestsRun> {
  const line = findCommand(command.line, scripts, () => false).before;
  const { run } = await runCommand(ground, { command, line, reports: [], harmless: [] });
  return { run, tests: null, coverage: null };
}

/** `null` where there is no report that can be read. */
export function testsOf(
  { reports, ended }: Pick<SandboxResult, "reports" | "ended">,
  { report, noTests }: Pick<TestCommand, "report" | "noTests">,
  folder: string,
): readonly TestResult[] | null {
  if (ended.kind === "exit" && noTests.includes(ended.code)) return [];
  const bytes = report === null ? undefined : reports.get(report.name);
  const tests = report === null || bytes === undefined ? null : readReport(report.format, bytes);
  // Packages of one repository may have tests of the same names.
  return folder === "" ? tests : (tests?.map((test) => ({ ...test, id: `${folder} > ${test.id}` })) ?? null);
}

/** By path of the repository; of the chosen paths alone. */
export async function coverageOf(
  { reports }: SandboxResult,
  { coverage }: Pick<TestCommand, "coverage">,
  { chosen, files }: About,
): Promise<CheckRun["coverage"]> {
  const bytes = coverage === null ? undefined : reports.get(coverage.name);
  if (coverage === null || bytes === undefined) return null;
  const { folder } = chosen.command;
  const sources = new Map<string, string>();
  for (const relative of chosen.paths) {
    const path = folder === "" ? relative : `${folder}/${relative}`;
    const text = await files.read(path);
    if (text !== null) sources.set(path, text);
  }
  const module = /^module[ \t]+"?([^\s"]{1,300})/m.exec(
    (await files.read(folder === "" ? "go.mod" : `${folder}/go.mod`)) ?? "",
  )?.[1];
  const goModules = new Map(module === undefined ? [] : [[module, folder]]);
  return readCoverage({ kind: coverage.format, bytes, sources, goModules });
}
