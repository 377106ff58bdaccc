// What a whole run of the tests says of a candidate, held against the same run without it. Pure.
import type { TestResult } from "../../../core/checks.ts";
import type { SuiteRun } from "../../../core/suite.ts";
import { isTestPath } from "../../../core/test-paths.ts";
import type { TestWord } from "../types.ts";

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

/** How often a name ended in which way. */
type Counts = Readonly<Record<TestResult["status"], number>>;
type Tally = ReadonlyMap<string, Counts>;

const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** A run that was stopped, or left no whole report, never passes. */
export function testGate({ wanted, before, after, flaky }: TestQuestion): TestWord {
  const [was, is] = [tallyOf(before), tallyOf(after)];
  const silent = new Set(flaky.map(nameOf));
  const open = openOf({ wanted, before, after, was, is });
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
    newWord(was, is, silent);
  return { ...word, passed: why === null, why: why ?? "" };
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
  if (failed.length > 0)
    return `${count(failed.length)} ${failed.length === 1 ? "fails" : "fail"} that did not before: ${shown(failed)}.`;
  const [before, now] = [allRan(was), allRan(is)];
  return now < before ? `Only ${now} tests ran; ${before} ran before.` : null;
}

const ran = ({ passed, failed }: Counts): number => passed + failed;

const allRan = (tally: Tally): number => [...tally.values()].reduce((sum, counts) => sum + ran(counts), 0);

const at = (tally: Tally, name: string): Counts => tally.get(name) ?? none;

/**
 * Ids that repeat are numbered, in the order in which they come: one more in the middle, or a run of some files alone, gives the others new numbers. So they are
 * compared by name, each with how often it ended in which way.
 */
function nameOf(id: string): string {
  return id.replace(/ \(\d{1,6}\)$/, "");
}

function tallyOf({ tests }: Pick<SuiteRun, "tests">): Tally {
  const tally = new Map<string, Record<TestResult["status"], number>>();
  for (const { id, status } of tests) {
    const name = nameOf(id);
    const counts = tally.get(name) ?? { ...none };
    counts[status] += 1;
    tally.set(name, counts);
  }
  return tally;
}

interface Runs {
  readonly wanted: readonly string[];
  readonly before: SuiteRun;
  readonly after: SuiteRun;
  readonly was: Tally;
  readonly is: Tally;
}

/** Results that stood for a file whose heirs are looked for, each among all tests. A report of 100,000 such is no repository's. */
const mostStandIns = 1_000;

/** Those of the wanted ids that do not pass. Takes time in proportion to the reports, which are hostile. */
function openOf({ wanted, before, after, was, is }: Runs): readonly string[] {
  const meant = new Map<string, number>();
  for (const id of wanted) meant.set(nameOf(id), (meant.get(nameOf(id)) ?? 0) + 1);
  const byId = new Map(before.tests.toReversed().map((test) => [test.id, test]));
  let standIns = 0;
  return wanted.filter((id) => {
    const name = nameOf(id);
    const now = is.get(name);
    if (now !== undefined) return !hasPassed(now, at(was, name), meant.get(name) ?? 0);
    standIns += 1;
    return standIns > mostStandIns || !heirsPass(byId.get(id), after, was);
  });
}

/** `meant`: how many of that name are to pass that did not. */
function hasPassed(now: Counts, then: Counts, meant: number): boolean {
  return now.passed >= then.passed + meant && now.failed <= Math.max(0, then.failed - meant);
}

/** A result that stood for a file or a command that could not be run has no successor of its own: the tests of that file, or all, must be there and not fail. */
function heirsPass(stood: TestResult | undefined, after: SuiteRun, was: Tally): boolean {
  if (stood === undefined) return false;
  const heirs = heirsOf(stood, after, was);
  return heirs.some((test) => test.status === "passed") && heirs.every((test) => test.status !== "failed");
}

/** Some reports name no file of a test that passes: then the heirs of a file are the tests that were not there before. */
function heirsOf({ id, file }: TestResult, { tests }: SuiteRun, was: Tally): readonly TestResult[] {
  if (id.startsWith("(no report) ")) return tests;
  const path = file ?? id;
  if (!namesFile(id, path) || !isTestPath(path)) return [];
  const named = tests.filter((test) => test.file === path || test.id.startsWith(`${id} > `));
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
