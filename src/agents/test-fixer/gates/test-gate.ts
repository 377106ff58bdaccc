// What a whole run of the tests says of a candidate, held against the same run without it. Pure.
import type { TestResult } from "../../../core/checks.ts";
import type { SuiteRun } from "../../../core/suite.ts";
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

type Statuses = ReadonlyMap<string, TestResult["status"]>;

/** A run that was stopped, or left no whole report, never passes. */
export function testGate({ wanted, before, after, flaky }: TestQuestion): TestWord {
  const [was, is] = [statusesOf(before), statusesOf(after)];
  const silent = new Set(flaky);
  const open = wanted.filter((id) => !passesNow(id, { before, after, is }));
  const worse = [...was]
    .filter(([id, status]) => status === "passed" && !silent.has(id) && is.get(id) !== "passed")
    .map(([id]) => id);
  const word = { fixed: wanted.length - open.length, worse, run: after };
  const why =
    runWord(after) ??
    (wanted.length === 0 ? "No failing test was named, so nothing can be shown to be mended." : null) ??
    (open.length > 0
      ? `${count(open.length)} of the ${count(wanted.length)} that failed still ${open.length === 1 ? "does" : "do"}: ${shown(open)}.`
      : null) ??
    (worse.length > 0
      ? `${count(worse.length)} passed before and ${worse.length === 1 ? "does" : "do"} not now: ${shown(worse)}.`
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

function newWord(was: Statuses, is: Statuses, silent: ReadonlySet<string>): string | null {
  const fresh = (wanted: TestResult["status"]) =>
    [...is]
      .filter(([id, status]) => status === wanted && was.get(id) !== wanted && !silent.has(id))
      .map(([id]) => id);
  const skipped = fresh("skipped");
  if (skipped.length > 0)
    return `${count(skipped.length)} ${skipped.length === 1 ? "is" : "are"} skipped now: ${shown(skipped)}.`;
  const failed = fresh("failed");
  if (failed.length > 0)
    return `${count(failed.length)} ${failed.length === 1 ? "fails" : "fail"} that did not before: ${shown(failed)}.`;
  const [ran, runs] = [executed(was), executed(is)];
  return runs < ran ? `Only ${runs} tests ran; ${ran} ran before.` : null;
}

function executed(statuses: Statuses): number {
  return [...statuses.values()].filter((status) => status !== "skipped").length;
}

/** An id that is there twice counts as its worse. */
function statusesOf({ tests }: SuiteRun): Statuses {
  const order = ["passed", "skipped", "failed"] as const;
  const statuses = new Map<string, TestResult["status"]>();
  for (const { id, status } of tests) {
    const known = statuses.get(id);
    if (known === undefined || order.indexOf(status) > order.indexOf(known)) statuses.set(id, status);
  }
  return statuses;
}

interface Seen {
  readonly before: SuiteRun;
  readonly after: SuiteRun;
  readonly is: Statuses;
}

/** A result that stood for a file or a command that could not be run has no successor of its own: the tests of that file, or all, must be there and not fail. */
function passesNow(id: string, { before, after, is }: Seen): boolean {
  const status = is.get(id);
  if (status !== undefined) return status === "passed";
  const stood = before.tests.find((test) => test.id === id);
  if (stood === undefined) return false;
  const heirs = id.startsWith("(no report) ")
    ? after.tests
    : stood.file === undefined || !namesFile(id, stood.file)
      ? []
      : after.tests.filter((test) => test.file === stood.file || test.id.startsWith(`${id} > `));
  return heirs.some((test) => test.status === "passed") && heirs.every((test) => test.status !== "failed");
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
