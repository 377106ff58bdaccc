// The rule of proof: what the runs of a merged tree and of both parents say of the merge.
import type { CheckRun, CommandName } from "../core/checks.ts";
import { failsAnew, judgedCommands, newTypeErrors, statusOf, troublesOf, type Trial } from "./judge-runs.ts";
import { compareTests, type Compared } from "./judge-tests.ts";

/** Lines of the merged tree, 1-based and both included. `last` is `first - 1` where the hunk left none: then the lines on its two sides are looked at. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

export interface SettledHunk {
  readonly path: string;
  readonly lines: LineRange;
}

/**
 * `proven`: nothing that passed before is worse, a test passed, and of each hunk a line ran. `broken`: a test that passed on the
 * parents does not pass, a command that passed on them fails, or there is a type error that neither has. `unknown`: a run was stopped, or too little is told.
 */
type Verdict = "proven" | "not-proven" | "broken" | "unknown";

/** `ran`: tests ran a line of it. `not-measured`: tests passed, and which lines they ran is not known. Only the first is proof. */
export type HunkEvidence = "ran" | "not-measured" | "not-touched" | "no-tests" | "exit-status-only";

export interface HunkProof extends SettledHunk {
  readonly evidence: HunkEvidence;
  readonly proven: boolean;
}

/** For people: the first few, and how many there are. Hostile text. */
interface Names {
  readonly names: readonly string[];
  readonly total: number;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Tests that passed each time they were run; `null` where the exit status is all there is. */
  readonly passed: number | null;
  /** In the order in which they were given. Of a merge that is broken or unknown, none is proven. */
  readonly hunks: readonly HunkProof[];
  readonly brokenTests: Names;
  readonly typeErrors: Names;
  /** Passed on the one branch that has them and are gone: deleted on the other, or lost. A run of the merge base tells which. */
  readonly lostTests: Names;
  readonly newFailures: Names;
  readonly flakyTests: Names;
  /** Commands that passed on both parents and fail on the merged tree. */
  readonly failedCommands: readonly CommandName[];
  /** Why it is not known, a sentence each. */
  readonly troubles: readonly string[];
  /** Ids of the tests to be run a second time before they count, [] for all of them; `null` where a second run would tell nothing or was made. */
  readonly rerun: readonly string[] | null;
}

/** Names of one kind that a person is shown. */
const shownNames = 10;

/** A test that fails counts once `trial.again` is there; before, `rerun` names it. Pure. */
export function judge(trial: Trial, hunks: readonly SettledHunk[]): Judgement {
  const tests = compareTests(trial);
  const told = tests ?? nothingTold;
  const comparedTypes = newTypeErrors(trial);
  const typeErrors = comparedTypes ?? [];
  const failed = failedCommands(trial, told);
  const troubles = troublesOfAll(trial, { tests: tests !== null, types: comparedTypes !== null });
  const broken = told.broken.length + typeErrors.length + failed.length > 0;
  const holds = !broken && troubles.length === 0 && nothingAgainst(trial, told);
  const proofs = hunks.map((hunk) => {
    const evidence = evidenceOf(hunk, trial.merged, tests);
    return { ...hunk, evidence, proven: holds && isEvidence(evidence) };
  });
  const touched = proofs.length > 0 ? proofs.every(({ proven }) => proven) : told.passed > 0;
  const settled = holds && touched ? "proven" : "not-proven";
  const known = troubles.length === 0 ? settled : "unknown";
  return {
    verdict: broken ? "broken" : known,
    passed: tests === null ? null : told.passed,
    hunks: proofs,
    brokenTests: named(told.broken),
    typeErrors: named(typeErrors),
    lostTests: named(told.lost),
    newFailures: named(told.newFailures),
    flakyTests: named(told.flaky),
    failedCommands: failed,
    troubles,
    rerun: trial.again === null ? rerunOf(told, failed) : null,
  };
}

const nothingTold: Compared = { broken: [], lost: [], newFailures: [], flaky: [], passed: 0 };

/** Short of breaking it. */
function nothingAgainst(trial: Trial, { lost, newFailures }: Compared): boolean {
  return lost.length + newFailures.length === 0 && !failsAnew("test", trial);
}

/** Where tests were flaky, the exit status of a run says nothing that they do not. */
function failedCommands(trial: Trial, { flaky }: Compared): readonly CommandName[] {
  return judgedCommands.filter((name) => failsAnew(name, trial) && !(name === "test" && flaky.length > 0));
}

function troublesOfAll(
  trial: Trial,
  comparable: { readonly tests: boolean; readonly types: boolean },
): readonly string[] {
  const stopped = troublesOf(trial);
  if (stopped.length > 0) return stopped;
  const { merged, again, parents } = trial;
  const best = again !== null && statusOf(again, "test") === "passed" ? again : merged;
  const allPass = [best, parents.head, parents.base].every((run) => statusOf(run, "test") === "passed");
  return [
    ...(comparable.types
      ? []
      : ["One of the branches has no type check, so its errors cannot be told from the merge's."]),
    ...(comparable.tests || allPass
      ? []
      : ["There is no report of the tests, and their exit status alone does not tell which of them fail."]),
  ];
}

function evidenceOf({ path, lines }: SettledHunk, merged: CheckRun, tests: Compared | null): HunkEvidence {
  // Without a list of tests nobody sees that one is gone, or that none passed.
  if (tests === null) return "exit-status-only";
  if (tests.passed === 0) return "no-tests";
  const ran = merged.coverage?.get(path);
  if (ran === undefined) return "not-measured";
  const [first, last] = lines.last < lines.first ? [lines.first - 1, lines.first] : [lines.first, lines.last];
  return [...ran].some((line) => line >= first && line <= last) ? "ran" : "not-touched";
}

/** Whether it proves a hunk, as long as nothing speaks against the whole merge. */
export function isEvidence(evidence: HunkEvidence): boolean {
  return evidence === "ran";
}

function rerunOf(
  { broken, newFailures }: Compared,
  failed: readonly CommandName[],
): readonly string[] | null {
  const ids = [...broken, ...newFailures];
  return ids.length > 0 ? ids : failed.includes("test") ? [] : null;
}

function named(names: readonly string[]): Names {
  return { names: names.slice(0, shownNames), total: names.length };
}
