// What the parts of the test writer hand each other. All of it works on trees, so that a pull request, a working copy and a test in memory are the same to it.
import type { WritingReport } from "../../core/fix.ts";
import type { Models } from "../../core/models.ts";
import type { Suite, Trees } from "../../core/suite.ts";
import type { FunctionSpan } from "../../syntax/functions.ts";
import type { Mutant } from "./mutants/types.ts";

export interface WriteProblem {
  /** Name of the tree that tests are written for: what `Trees.treeWith` builds on. */
  readonly head: string;
  /** What it is compared with; `null`: every line counts as changed. */
  readonly base: string | null;
  /** Paths that differ between the two. */
  readonly changed: readonly string[];
  /** A file or folder to look at alone; `null`: all that changed. */
  readonly only: string | null;
  /** The same seed shuffles in the same order. */
  readonly seed: string;
}

export interface WritePorts {
  readonly trees: Trees;
  readonly suite: Suite;
  readonly models: Models;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Progress for people: one line a step. */
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

export interface WriteResult {
  /** `nothing`: there was nothing to write. `none`: there was, and no test was kept. `not-run`: tests cannot be run here. */
  readonly status: "written" | "nothing" | "none" | "not-run";
  readonly report: WritingReport;
  /** New texts by path; empty unless `written`. */
  readonly edits: ReadonlyMap<string, string>;
}

/** A changed function, before anything is written. */
export interface Target {
  readonly path: string;
  /** The whole file. */
  readonly text: string;
  readonly span: FunctionSpan;
  /** Changed lines of it, 1-based. */
  readonly changed: ReadonlySet<number>;
  /** Those of them on which a statement of its body begins. */
  readonly lines: ReadonlySet<number>;
  /** Those of `lines` that run in tests; `null`: not known. */
  readonly covered: ReadonlySet<number> | null;
  readonly mutants: readonly Mutant[];
}

/** One test in a text. */
export interface TestCase {
  /** `null` where it is not a plain string. */
  readonly title: string | null;
  /** UTF-16 offsets of its whole statement, decorators among it. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
