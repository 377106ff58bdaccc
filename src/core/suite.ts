// The port to a repository's tests, type check, linter and formatter: each run in the sandbox, on any of the repository's trees.
import type { CommandName, CommandRun, TestResult } from "./checks.ts";
import type { Workspace } from "./workspace.ts";

/** The trees of one repository: git's own, or those of a local working copy. */
export type Trees = Pick<Workspace, "treeWith" | "listTree" | "readTree" | "archive">;

export interface SuiteRequest {
  readonly tree: string;
  /** `"all"`, or the test files to run, relative to the repository; what a runner cannot select is run whole. */
  readonly tests: "all" | readonly string[];
  /** Shuffles the tests from this number where the runner can; `null`: the runner's own order. */
  readonly seed: number | null;
  /** Source files of which the lines that ran are wanted. */
  readonly measure: readonly string[];
  /** Milliseconds that each command may take: for code of which nobody knows whether it ends. Left out: the sandbox's own limit. */
  readonly wallMs?: number;
  /** Which of several runs of the same request this is, from 0: what differs from run to run on a machine, such as process ids, differs with it. */
  readonly repetition?: number;
}

export interface SuiteRun {
  /**
   * `reported`: every command left a whole report; what failed is in `tests`. `unreadable`: one left none, or a truncated one: `tests` then holds a failed test
   * that stands for it (`noReportId`), so that it never passes for a success. `stopped`: a limit ended one, or it could not be run: nothing is known.
   */
  readonly status: "reported" | "unreadable" | "stopped";
  readonly tests: readonly TestResult[];
  /** Sentences for people where it was stopped or unreadable, or where something was not installed: what happened, what to do. "" else. */
  readonly trouble: string;
  /** Last lines of what the commands wrote. Hostile text. */
  readonly output: string;
  /** By path, the 1-based lines that ran; `null`: not measured. */
  readonly coverage: ReadonlyMap<string, ReadonlySet<number>> | null;
  /** Whether a runner did put the tests in another order. */
  readonly shuffled: boolean;
  readonly wallMs: number;
}

/** The id of the failed test that stands for a report that is not there, or ends in the middle. */
export function noReportId(command: string): string {
  return `(no report) ${command}`;
}

/** One complaint of a type checker or linter. */
export interface Complaint {
  readonly path: string;
  /** 1-based; 0 where the tool names none. */
  readonly line: number;
  /** Hostile text, one line. */
  readonly message: string;
}

export interface ToolRun {
  readonly run: CommandRun;
  /** Empty where it passed, or where what it wrote could not be read. */
  readonly complaints: readonly Complaint[];
}

export interface FormatRun {
  /** Each command that was run, in order. */
  readonly runs: readonly CommandRun[];
  /** What the commands made of the paths, where it differs from the tree: text by path. Only paths that were asked for. */
  readonly changed: ReadonlyMap<string, string>;
}

/** A command that a repository has, for people. */
export interface SuiteCommand {
  readonly name: CommandName;
  readonly line: string;
  /** Relative; "" is the repository's own folder. */
  readonly folder: string;
  /** The test runner in it ("jest", "vitest", "mocha", "node", "ava", "tap", "tape", "pytest", "go", "cargo"); `null` where none is known. */
  readonly runner: string | null;
}

/** Ends that are expected are in the results; the methods throw only the signal's reason and what the workspace throws. */
export interface Suite {
  /** Why no test can be run, and what to do, in one or two sentences; `null` where tests can. */
  readonly unavailable: string | null;
  readonly commands: readonly SuiteCommand[];
  readonly run: (request: SuiteRequest) => Promise<SuiteRun>;
  /** `null` where there is no type check. */
  readonly typecheck: (tree: string) => Promise<ToolRun | null>;
  /** The linter and the check of form; `null` where there is neither. */
  readonly lint: (tree: string) => Promise<ToolRun | null>;
  /** Runs the formatter, and the linter's own fixer where it is known, on a tree; no more than these paths come back. */
  readonly format: (tree: string, paths: readonly string[]) => Promise<FormatRun>;
}
