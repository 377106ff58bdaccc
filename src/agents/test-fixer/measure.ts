// Which lines the failing tests run, and which those that pass: evidence that costs a few runs, so it is asked for only where the rest does not tell the places apart.
import type { SuiteRun } from "../../core/suite.ts";
import type { TestsProblem } from "./judge-tests.ts";
import { measuredPassing, measuredSources } from "./limits.ts";
import { filesOf } from "./reproduce.ts";

/** By path, the 1-based lines that ran. */
export type LinesThatRan = NonNullable<SuiteRun["coverage"]>;

export interface Measured {
  /** Of the files of the failing tests; `null`: not measured. */
  readonly failing: LinesThatRan | null;
  /** Of test files in which nothing fails, each by itself. */
  readonly passing: readonly LinesThatRan[];
}

const notMeasured: Measured = { failing: null, passing: [] };

/**
 * Runs the files of the failing tests, and up to three in which nothing fails, on the head as it is. Nothing is measured where a report names no files, for the whole suite
 * would say of every line that it ran. Throws only the signal's reason and what the workspace throws.
 */
export async function measure(
  { problem: { head: tree }, reproduced, tools: { budget, journal } }: TestsProblem,
  sources: readonly string[],
): Promise<Measured> {
  const tests = filesOf(reproduced.failing);
  if (tests === "all" || sources.length === 0) return notMeasured;
  const measured = sources.slice(0, measuredSources);
  const linesOf = async (files: readonly string[]) => {
    const run = await budget.suite.run({ tree, tests: files, seed: null, measure: measured });
    return run.status === "reported" ? run.coverage : null;
  };
  const failing = await linesOf(tests);
  if (failing === null) {
    journal.note("localise", "Which lines the failing tests run could not be measured.");
    return notMeasured;
  }
  const passing: LinesThatRan[] = [];
  for (const file of passingFiles(reproduced.head, tests)) {
    const lines = await linesOf([file]);
    if (lines !== null) passing.push(lines);
  }
  const others = passing.length === 1 ? "1 test file that passes" : `${passing.length} test files that pass`;
  journal.note("localise", `Which lines run was measured with the failing tests, and with ${others}.`);
  return { failing, passing };
}

/** Test files in which nothing fails, nearest to the failing ones first: those are likeliest to run the same source. */
function passingFiles({ tests }: SuiteRun, failing: readonly string[]): readonly string[] {
  const broken = new Set([
    ...failing,
    ...tests.flatMap(({ status, file }) => (status === "failed" && file !== undefined ? [file] : [])),
  ]);
  const files = new Set<string>();
  for (const { status, file } of tests)
    if (status === "passed" && file !== undefined && !broken.has(file)) files.add(file);
  const nearness = (file: string) => Math.max(...failing.map((one) => sharedFolders(one, file)));
  return [...files]
    .map((file) => ({ file, near: nearness(file) }))
    .toSorted((one, other) => other.near - one.near || (one.file < other.file ? -1 : 1))
    .slice(0, measuredPassing)
    .map(({ file }) => file);
}

function sharedFolders(one: string, other: string): number {
  const [parts, others] = [one.split("/").slice(0, -1), other.split("/").slice(0, -1)];
  const end = parts.findIndex((part, index) => part !== others[index]);
  return end === -1 ? parts.length : end;
}
