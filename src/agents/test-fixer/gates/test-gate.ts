// What a whole run of the tests says of a candidate, held against the same run without it. Pure.
import type { TestResult } from "../../../core/checks.ts";
import type { SuiteRun } from "../../../core/suite.ts";
import { isTestPath } from "../../../core/test-paths.ts";
import type { TestWord } from "../types.ts";
import { at, inside, nameOf, ran, ranIn, tallyOf, type Counts, type Tally } from "./tally.ts";

export interface TestQuestion {
  /** Ids that must pass now. */
  readonly wanted: readonly string[];
  /** The whole suite on the head. */
  readonly before: SuiteRun;
  /** The whole suite on the candidate. */
  readonly after: SuiteRun;
  /** Ids that say nothing: they pass and fail on the same tree. */
  readonly flaky: readonly string[];
}

/** A run that was stopped, or left no whole report, never passes. */
export function testGate({ wanted, before, after, flaky }: TestQuestion): TestWord {
  const [old, now] = [testsOf(before), testsOf(after)];
  const [was, is] = [tallyOf(old), tallyOf(now)];
  const silent = new Set(flaky.map(nameOf));
  const open = openOf({ wanted, old, now, was, is });
  const worse = [...was].filter(([name, { passed }]) => !silent.has(name) && at(is, name).passed < passed);
  const lost = worse.map(([name]) => name);
  const word = { fixed: wanted.length - open.length, worse: lost, run: after };
  const why =
    runWord(after) ??
    (wanted.length === 0 ? "No failing test was named, so nothing can be shown to be mended." : null) ??
    (open.length > 0
      ? `${count(open.length)} of the ${count(wanted.length)} that failed still ${open.length === 1 ? "does" : "do"}: ${shown(open)}.`
      : null) ??
    (lost.length > 0
      ? `${count(lost.length)} passed before and ${lost.length === 1 ? "does" : "do"} not now: ${shown(lost)}.`
      : null) ??
    newWord(was, is, silent) ??
    countWord(ranIn(old), ranIn(now));
  return { ...word, passed: why === null, why: why ?? "" };
}

/** A suite that came to its end says nothing that its tests do not. */
function testsOf({ tests }: SuiteRun): readonly TestResult[] {
  return tests.filter(({ suite }) => suite !== "ended");
}

function runWord({ status, trouble }: SuiteRun): string | null {
  if (status === "reported") return null;
  return status === "stopped"
    ? `The tests were stopped, so nothing is known. ${trouble}`.trim()
    : `The tests left no whole report. ${trouble}`.trim();
}

function newWord(was: Tally, is: Tally, silent: ReadonlySet<string>): string | null {
  const names = (isWorse: (before: Counts, after: Counts) => boolean) =>
    [...is].filter(([name, now]) => !silent.has(name) && isWorse(at(was, name), now)).map(([name]) => name);
  // What was never come to before, and is skipped now, was not taken from anybody.
  const skipped = names((before, now) => now.skipped > before.skipped && ran(now) < ran(before));
  if (skipped.length > 0)
    return `${count(skipped.length)} ${skipped.length === 1 ? "is" : "are"} skipped now: ${shown(skipped)}.`;
  const failed = names((before, now) => now.failed > before.failed);
  return failed.length > 0
    ? `${count(failed.length)} ${failed.length === 1 ? "fails" : "fail"} that did not before: ${shown(failed)}.`
    : null;
}

function countWord(before: number, now: number): string | null {
  return now < before ? `Only ${now} tests ran; ${before} ran before.` : null;
}

interface Runs {
  readonly wanted: readonly string[];
  readonly old: readonly TestResult[];
  readonly now: readonly TestResult[];
  readonly was: Tally;
  readonly is: Tally;
}

/** Results that stood for others, which are looked for among all tests. A report of 100,000 such is no repository's. */
const mostStandIns = 1_000;

/** Those of the wanted ids that do not pass. Takes time in proportion to the reports, which are hostile. */
function openOf({ wanted, old, now, was, is }: Runs): readonly string[] {
  const meant = new Map<string, number>();
  for (const id of wanted) meant.set(nameOf(id), (meant.get(nameOf(id)) ?? 0) + 1);
  const byId = new Map(old.toReversed().map((test) => [test.id, test]));
  let standIns = 0;
  return wanted.filter((id) => {
    const name = nameOf(id);
    const [stood, ends, times] = [byId.get(id), is.get(name), meant.get(name) ?? 0];
    const threw = stood?.suite === "threw";
    if (!threw && ends !== undefined) return !hasPassed(ends, at(was, name), times);
    standIns += 1;
    if (standIns > mostStandIns) return true;
    return threw ? !goesOn(name, times, was, is) : !heirsPass(stood, now, was);
  });
}

/** `meant`: how many of that name are to pass that did not. */
function hasPassed(now: Counts, then: Counts, meant: number): boolean {
  return now.passed >= then.passed + meant && now.failed <= Math.max(0, then.failed - meant);
}

/**
 * What a suite threw at stood for all that was to come in it, so more of it passes now than did before, and none fails for it. A suite that merely ends is no proof: it
 * does so as well where the rest of it was taken out, or the error was swallowed.
 */
function goesOn(name: string, meant: number, was: Tally, is: Tally): boolean {
  const [then, now] = [inside(was, name), inside(is, name)];
  const stillThrows = at(is, name).failed > Math.max(0, at(was, name).failed - meant);
  return !stillThrows && now.passed >= then.passed + meant && now.failed <= then.failed;
}

/** A result that stood for a file or a command that could not be run has no successor of its own: the tests of that file, or all, must be there and not fail. */
function heirsPass(stood: TestResult | undefined, now: readonly TestResult[], was: Tally): boolean {
  if (stood === undefined) return false;
  const heirs = heirsOf(stood, now, was);
  return heirs.some((test) => test.status === "passed") && heirs.every((test) => test.status !== "failed");
}

/** Some reports name no file of a test that passes: then the heirs of a file are the tests that were not there before. */
function heirsOf({ id, file }: TestResult, tests: readonly TestResult[], was: Tally): readonly TestResult[] {
  if (id.startsWith("(no report) ")) return tests;
  const path = file ?? id;
  if (!namesFile(id, path) || !isTestPath(path)) return [];
  const start = `${id} > `;
  const named = tests.filter((test) => test.file === path || test.id.startsWith(start));
  return named.length > 0
    ? named
    : tests.filter((test) => test.file === undefined && !was.has(nameOf(test.id)));
}

function namesFile(id: string, file: string): boolean {
  return id === file || id.endsWith(`/${file}`) || file.endsWith(`/${id}`);
}

function count(number: number): string {
  return `${number} ${number === 1 ? "test" : "tests"}`;
}

const shownIds = 3;

function shown(ids: readonly string[]): string {
  const names = ids.slice(0, shownIds).map((id) => JSON.stringify(id.slice(0, 160)));
  return ids.length > shownIds ? `${names.join(", ")} and ${ids.length - shownIds} more` : names.join(", ");
}
