// A repository's tests on one tree: each test command of it, one after the other, and what they said together.
import type { SuiteRequest, SuiteRun } from "../../core/suite.ts";
import { isUnder } from "../affected/tree.ts";
import type { TreeFiles } from "../affected/tree.ts";
import type { DetectedCommand } from "../commands/types.ts";
import { isForeign } from "../run/choose.ts";
import type { Prepared } from "../run/ground.ts";
import type { Ground } from "../run/run-command.ts";
import { union } from "../run/run-tree.ts";
import { notRun } from "../run/trouble.ts";
import { runTestCommand } from "./run-tests.ts";
import type { OneCommand } from "./run-tests.ts";

export interface SuiteTests {
  readonly commands: readonly DetectedCommand[];
  readonly prepare: (tree: string) => Promise<Prepared>;
  readonly report?: OneCommand["report"];
}

export async function runSuite(
  { commands, prepare, report }: SuiteTests,
  request: SuiteRequest,
): Promise<SuiteRun> {
  const { ground: prepared, files, notes, failed } = await prepare(request.tree);
  if (failed !== null) return nothingRun(notRun("test", failed));
  const ground = groundOf(prepared, request);
  const { chosen, uncovered } = chooseTests(commands, request, files);
  const runs: SuiteRun[] = [];
  for (const one of chosen) {
    ground.signal.throwIfAborted();
    runs.push(await runTestCommand(ground, { ...one, ...(report === undefined ? {} : { report }) }, files));
  }
  if (uncovered.length > 0) runs.push(nothingRun(uncoveredWords(uncovered)));
  return explained(together(runs), notes);
}

function groundOf(prepared: Ground, { wallMs, repetition }: SuiteRequest): Ground {
  return {
    ...prepared,
    ...(wallMs !== undefined && { limits: { ...prepared.limits, wallMs } }),
    ...(repetition !== undefined && { idsSpent: repetition }),
  };
}

export function nothingRun(trouble: string): SuiteRun {
  return {
    status: "stopped",
    tests: [],
    trouble,
    output: "",
    coverage: null,
    shuffled: false,
    wallMs: 0,
  };
}

/** Which commands are run on what, and which of the wanted files none of them would run. Files that the tree does not have are left out. */
function chooseTests(
  commands: readonly DetectedCommand[],
  { tests, seed, measure }: Pick<SuiteRequest, "tests" | "seed" | "measure">,
  files: TreeFiles,
): { readonly chosen: readonly OneCommand[]; readonly uncovered: readonly string[] } {
  const measured = (command: DetectedCommand) => relativeTo(command, pathsOf(command, measure, commands));
  if (tests === "all") {
    const chosen = commands.map((command) => ({ command, tests: null, seed, measure: measured(command) }));
    return { chosen, uncovered: [] };
  }
  const known = new Set(files.paths);
  const wanted = [...new Set(tests)].filter((path) => known.has(path));
  const chosen = commands.flatMap((command) => {
    const own = pathsOf(command, wanted, commands).filter((path) => !isNearer(path, command, commands));
    if (own.length === 0) return [];
    return [{ command, tests: relativeTo(command, own), seed, measure: measured(command) }];
  });
  const covered = new Set(commands.flatMap((command) => pathsOf(command, wanted, commands)));
  return { chosen, uncovered: wanted.filter((path) => !covered.has(path)) };
}

/** Those of the paths that are the command's kind of project, in its folder. */
function pathsOf(
  { folder, ecosystem }: DetectedCommand,
  paths: readonly string[],
  commands: readonly DetectedCommand[],
): readonly string[] {
  const kinds = new Set(commands.map((command) => command.ecosystem));
  return paths.filter((path) => isUnder(path, folder) && !isForeign(path, ecosystem, kinds));
}

/** Whether a command of a folder inside of this one's is there for the path. */
function isNearer(path: string, { folder }: DetectedCommand, commands: readonly DetectedCommand[]): boolean {
  return commands.some(
    (other) => other.folder.length > folder.length && pathsOf(other, [path], commands).length > 0,
  );
}

function relativeTo({ folder }: DetectedCommand, paths: readonly string[]): readonly string[] {
  return folder === "" ? paths : paths.map((path) => path.slice(folder.length + 1));
}

const mostNamed = 5;

function uncoveredWords(paths: readonly string[]): string {
  const shown = paths.slice(0, mostNamed).map((path) => `\`${path}\``);
  const more = paths.length - shown.length;
  return `No test command runs ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}: name one that does as commands.test in .github/agent.yml.`;
}

const order: readonly SuiteRun["status"][] = ["stopped", "unreadable", "reported"];
/** Characters of output that are kept of all commands together. */
const mostOutput = 4_000;

function together(runs: readonly SuiteRun[]): SuiteRun {
  const coverage = new Map<string, ReadonlySet<number>>();
  for (const [path, lines] of runs.flatMap((run) => [...(run.coverage ?? [])])) {
    coverage.set(path, union(coverage.get(path), lines));
  }
  return {
    status: order.find((status) => runs.some((run) => run.status === status)) ?? "reported",
    tests: runs.flatMap(({ tests }) => tests),
    trouble: joined(runs.map(({ trouble }) => trouble)),
    output: runs
      .map(({ output }) => output)
      .filter(Boolean)
      .join("\n")
      .slice(-mostOutput),
    coverage: runs.some((run) => run.coverage !== null) ? coverage : null,
    shuffled: runs.some(({ shuffled }) => shuffled),
    wallMs: runs.reduce((sum, { wallMs }) => sum + wallMs, 0),
  };
}

/** A run that is not all green may have missed something that was not installed. */
function explained(run: SuiteRun, notes: readonly string[]): SuiteRun {
  const isGreen = run.status === "reported" && run.tests.every(({ status }) => status !== "failed");
  return isGreen ? run : { ...run, trouble: joined([run.trouble, ...notes]) };
}

function joined(sentences: readonly string[]): string {
  return [...new Set(sentences)].filter(Boolean).join(" ");
}
