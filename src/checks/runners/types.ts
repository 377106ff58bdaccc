// What is known of a test runner in a command line, and what is to be run instead of it.
import type { TreeFiles } from "../affected/tree.ts";
import type { CoverageKind } from "../coverage/index.ts";
import type { ReportFormat } from "../reports/index.ts";

export type RunnerName =
  "jest" | "vitest" | "mocha" | "node" | "ava" | "tap" | "tape" | "pytest" | "go" | "cargo";

/** One argument of a program. */
export interface Argument {
  /** As it is written in the line. */
  readonly raw: string;
  /** What the shell makes of it; `null` where that hangs on a variable. */
  readonly text: string | null;
  /** Whether the shell hands a pattern in it on as it is. */
  readonly quoted: boolean;
}

/** A test runner found in a line, apart from everything around it. Joined again: before, assignments, launch, arguments, after. */
export interface Runner {
  readonly name: RunnerName;
  readonly before: string;
  /** `NAME=value`, as a shell reads it. */
  readonly assignments: readonly string[];
  /** The words that start it, its subcommand among them: `mocha`, `node --import tsx`, `go test`. */
  readonly launch: readonly string[];
  readonly arguments: readonly Argument[];
  readonly after: string;
}

/** Which tests are run: those that the changed paths can affect, all, or those of some files, relative to the folder in which the command runs. */
export type Selection =
  | { readonly kind: "affected" }
  | { readonly kind: "all" }
  | { readonly kind: "files"; readonly files: readonly string[] };

/** What is to be tested. */
export interface TestRequest {
  /** Changed paths, relative to the folder in which the command runs: they are measured, and decide which tests are affected. */
  readonly paths: readonly string[];
  /** The files under that folder, of the tree that is tested. */
  readonly files: TreeFiles;
  /** Names and ranges of the packages that the folder's manifest, or the project's, depends on. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** Left out: the affected tests. What a runner cannot select is run whole. */
  readonly selection?: Selection;
  /** Has the runner put the tests in an order that hangs on this number, where it can; left out: its own order. */
  readonly seed?: number;
}

/** A file in the folder for reports, by name, and how it is read. */
interface ExpectedReport<Format extends string> {
  readonly name: string;
  readonly format: Format;
}

/** A test command made ready for the sandbox. */
export interface TestCommand {
  /** For `sh -c`, in the folder of the command. */
  readonly line: string;
  readonly report: ExpectedReport<ReportFormat> | null;
  readonly coverage: ExpectedReport<CoverageKind> | null;
  /** Exit statuses, beside 0, that only say that there was no test to run. */
  readonly noTests: readonly number[];
  /** Whether the tests are in another order than the runner's own. */
  readonly shuffled: boolean;
}

/** What one runner makes of a request; `null`: no test can be affected. */
export type Prepare = (runner: Runner, request: TestRequest) => Promise<Prepared | null>;

/** The runner's part of a line. */
export interface Prepared {
  /** Instead of `Runner.launch` and `Runner.arguments`, each a word as the shell reads it. */
  readonly words: readonly string[];
  /** `NAME=value` before them, beside the line's own. */
  readonly assignments?: readonly string[];
  /** Redirections behind them: "> /reports/tests.tap". */
  readonly redirection?: string;
  /** Shell lines before and after all of the line. They change nothing about its exit status. */
  readonly first?: readonly string[];
  readonly last?: readonly string[];
  readonly report: ExpectedReport<ReportFormat>;
  readonly coverage: ExpectedReport<CoverageKind> | null;
  readonly noTests?: readonly number[];
  readonly shuffled?: boolean;
}
