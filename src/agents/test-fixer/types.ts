// What the parts of the test fixer hand each other. All of it works on trees, so that a pull request, a working copy and a benchmark case are the same to it.
import type { TestResult } from "../../core/checks.ts";
import type { FailedCheck, FailureKind } from "../../core/failed-check.ts";
import type { FixReport } from "../../core/fix.ts";
import type { Models } from "../../core/models.ts";
import type { Suite, SuiteRun, Trees } from "../../core/suite.ts";
import type { FunctionSpan } from "../../syntax/functions.ts";

export interface FixProblem {
  /** Names of trees. */
  readonly head: string;
  /** `null` where there is nothing to compare with. */
  readonly base: string | null;
  /** Paths that the pull request adds or changes; empty where that is not known. */
  readonly changed: readonly string[];
  /** Checks that failed; empty where somebody just asks. */
  readonly checks: readonly FailedCheck[];
  /** Glob patterns of paths that are never written; left out: none. */
  readonly protectedPaths?: readonly string[];
  /** The same seed draws the same samples and orders. */
  readonly seed: string;
}

export interface FixPorts {
  readonly trees: Trees;
  readonly suite: Suite;
  readonly models: Models;
  /** Starts the job of a failed check again; `false` where that is refused. */
  readonly rerunJob: (jobId: number) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Progress for people: one line a step. */
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

export interface FixResult {
  readonly report: FixReport;
  /** New texts by path; empty unless the report's `edits` says what they change. */
  readonly edits: ReadonlyMap<string, string>;
}

/** What the failed checks are about, and how that is known. */
export interface Classified {
  readonly kind: FailureKind;
  /** One sentence for people. */
  readonly why: string;
  /** Ids or titles of failed tests, files and lines that the logs name: hints, never proof. */
  readonly hints: { readonly tests: readonly string[]; readonly files: readonly string[] };
}

/** Failing tests, reproduced: what every later step works from. */
export interface Reproduced {
  /** The whole suite on the head, tests that are flaky left out of `failing`. */
  readonly head: SuiteRun;
  /** The whole suite on the base; `null` where there is none, or it could not be run. */
  readonly base: SuiteRun | null;
  /** Fail each time on the head, and not on the base. */
  readonly failing: readonly TestResult[];
  /** Fail each time on the head, and on the base. */
  readonly redOnBase: readonly TestResult[];
  /** Passed and failed on the head: how often each. */
  readonly flaky: readonly { readonly id: string; readonly passed: number; readonly failed: number }[];
  /** Runs of the failing tests on the head. */
  readonly times: number;
}

/** A part of a file that a model may write anew. */
export interface Place {
  readonly path: string;
  /** The whole file. */
  readonly text: string;
  /** The function; `null`: the whole file (short ones, or faults outside of functions). */
  readonly span: FunctionSpan | null;
  /** One sentence for people: why here. */
  readonly why: string;
  /** Higher is likelier; comparable within one list. */
  readonly score: number;
}

/** One file as it was and as it would be. */
export interface Edit {
  readonly path: string;
  /** "" where the file is new. */
  readonly before: string;
  readonly after: string;
}

/** A gate's word on a candidate. `why` is one sentence for people and for the next prompt; "" where it passed. */
export interface GateWord {
  readonly passed: boolean;
  readonly why: string;
}

/** What the tests say of a candidate. */
export interface TestWord extends GateWord {
  /** Of the failing tests, how many pass now. */
  readonly fixed: number;
  /** Ids that passed and do not now: they fail, are skipped, or are gone. */
  readonly worse: readonly string[];
  readonly run: SuiteRun;
}
