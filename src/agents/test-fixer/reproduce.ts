// Runs the tests before anybody is asked: do they fail here, each time, and not on the base as well?
import { standsForTheRest } from "../../checks/suite/judge-run.ts";
import type { TestResult } from "../../core/checks.ts";
import { noReportId } from "../../core/suite.ts";
import type { Suite, SuiteRun } from "../../core/suite.ts";
import { reproductions } from "./limits.ts";
import { needOf } from "./needs.ts";
import type { Need } from "./needs.ts";
import type { FixProblem, Reproduced } from "./types.ts";

/** Failing tests that want what the sandbox does not give. */
export type Needing = readonly { readonly id: string; readonly need: Need }[];

export type Reproduction =
  /** `why`: sentences for people. */
  | { readonly kind: "not-run"; readonly why: string; readonly runs: number }
  /** Nothing fails, or nothing but what needs something. */
  | { readonly kind: "green"; readonly head: SuiteRun; readonly needing: Needing; readonly runs: number }
  | {
      readonly kind: "red";
      readonly reproduced: Reproduced;
      readonly needing: Needing;
      /** Sentences about what could not be compared; "" where all was. */
      readonly trouble: string;
      readonly runs: number;
    };

/**
 * The whole head, then what failed (or, where nothing did, the whole again) at least twice more, and the whole base once. Throws the signal's reason.
 */
export async function reproduce(
  { head: headTree, base: baseTree }: Pick<FixProblem, "head" | "base">,
  suite: Suite,
): Promise<Reproduction> {
  if (suite.unavailable !== null) return { kind: "not-run", why: suite.unavailable, runs: 0 };
  const head = await suite.run(whole(headTree));
  if (head.status === "stopped") return { kind: "not-run", why: head.trouble, runs: 1 };
  const again = await runAgain(headTree, head, suite);
  const runs = [head, ...again];
  const failed = distinct(runs.flatMap(failedIn));
  if (failed.length === 0) return { kind: "green", head, needing: [], runs: runs.length };
  const flaky = flakyOf(failed, runs);
  const isFlaky = new Set(flaky.map(({ id }) => id));
  const steady = failed.filter(({ id }) => !isFlaky.has(id));
  // Where all of them are flaky, the base has nothing to add.
  const baseRun = baseTree === null || steady.length === 0 ? null : await suite.run(whole(baseTree));
  const all = runs.length + (baseRun === null ? 0 : 1);
  return compared({ head, steady, flaky, times: runs.length }, baseRun, all);
}

/** Each test once, as it failed first. */
function distinct(failed: readonly TestResult[]): readonly TestResult[] {
  return [...new Map(failed.toReversed().map((test) => [test.id, test])).values()].toReversed();
}

interface OnHead extends Pick<Reproduced, "head" | "flaky" | "times"> {
  /** Fail each time. */
  readonly steady: readonly TestResult[];
}

function compared(
  { head, steady, flaky, times }: OnHead,
  baseRun: SuiteRun | null,
  runs: number,
): Reproduction {
  const base = baseRun?.status === "stopped" ? null : baseRun;
  const needing = needingOf(steady, base);
  const isNeeding = new Set(needing.map(({ id }) => id));
  const rest = steady.filter(({ id }) => !isNeeding.has(id));
  if (rest.length === 0 && flaky.length === 0) return { kind: "green", head, needing, runs };
  const redOnBase = rest.filter(({ id }) => statusIn(base, id) === "failed");
  const failing = rest.filter(({ id }) => statusIn(base, id) !== "failed");
  const trouble = baseRun?.status === "stopped" ? `The base could not be run: ${baseRun.trouble}` : "";
  return {
    kind: "red",
    reproduced: { head, base, failing, redOnBase, flaky, times },
    needing,
    trouble,
    runs,
  };
}

const whole = (tree: string) => ({ tree, tests: "all" as const, seed: null, measure: [] });

/** What stands for the rest of a run has no successor in a run that ends; what stands for its whole report says the same. */
const failedIn = (run: SuiteRun): readonly TestResult[] =>
  run.tests.filter(
    ({ id, status }) => status === "failed" && !(run.status === "unreadable" && standsForTheRest(id)),
  );

/** How a test ended in a run; `null` where it is not there, or nothing was run. */
export function statusIn(run: Pick<SuiteRun, "tests"> | null, id: string): TestResult["status"] | null {
  return run === null ? null : (byId(run.tests).get(id)?.status ?? null);
}

const indexes = new WeakMap<readonly TestResult[], ReadonlyMap<string, TestResult>>();

/** The tests of a report by their ids, indexed once: a report may hold 100,000 that fail. Of equal ids the first. */
export function byId(tests: readonly TestResult[]): ReadonlyMap<string, TestResult> {
  const known = indexes.get(tests);
  if (known !== undefined) return known;
  const index = new Map(tests.toReversed().map((test) => [test.id, test]));
  indexes.set(tests, index);
  return index;
}

/** The files of these tests; `"all"` where one of them names none, as a report that is not there. */
export function filesOf(tests: readonly TestResult[]): "all" | readonly string[] {
  const files = tests.map(({ file }) => file);
  const known = files.filter((file) => file !== undefined);
  return known.length < files.length ? "all" : [...new Set(known)].toSorted();
}

async function runAgain(tree: string, first: SuiteRun, suite: Suite): Promise<readonly SuiteRun[]> {
  const failed = failedIn(first);
  const tests = failed.length === 0 ? "all" : filesOf(failed);
  const { least, most, quickMs } = reproductions;
  const runs: SuiteRun[] = [];
  let spentMs = 0;
  while (
    runs.length + 1 < least ||
    (runs.length + 1 < most && !isMixed([first, ...runs]) && spentMs < quickMs)
  ) {
    const run = await suite.run({ tree, tests, seed: null, measure: [], repetition: runs.length + 1 });
    spentMs += run.wallMs;
    runs.push(run);
  }
  return runs;
}

/** Whether it is known already that something is flaky. */
const isMixed = (runs: readonly SuiteRun[]): boolean =>
  flakyOf(distinct(runs.flatMap(failedIn)), runs).length > 0;

/** Those that passed in one run and failed in another of the same tree. A run that was stopped says nothing. */
function flakyOf(failed: readonly TestResult[], runs: readonly SuiteRun[]): Reproduced["flaky"] {
  return failed.flatMap(({ id }) => {
    const ends = runs.filter(({ status }) => status !== "stopped").map((run) => endIn(run, id));
    const passed = ends.filter((end) => end === "passed").length;
    return passed > 0 ? [{ id, passed, failed: ends.filter((end) => end === "failed").length }] : [];
  });
}

/** A report that is there again, after one that was not, has passed what the absence stood for. A test that an unreadable report lacks did not end. */
function endIn(run: SuiteRun, id: string): TestResult["status"] | null {
  const status = statusIn(run, id);
  if (status !== null) return status;
  if (id.startsWith(noReportId(""))) return run.status === "reported" ? "passed" : null;
  return null;
}

/** A test that passes on the base in this very sandbox has all that it needs: then it is the change that breaks it. */
const needingOf = (failed: readonly TestResult[], base: SuiteRun | null): Needing =>
  failed.flatMap((test) => {
    const need = statusIn(base, test.id) === "passed" ? null : needOf(test);
    return need === null ? [] : [{ id: test.id, need }];
  });
