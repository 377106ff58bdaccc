// What the repository's own commands said of a tree: test by test, where a report can be read.

/** The commands that a repository has. `setup` comes before each of the others. */
export const commandNames = ["setup", "test", "typecheck", "lint", "format"] as const;
export type CommandName = (typeof commandNames)[number];

/** Command lines by name, for a POSIX shell inside the sandbox; an absent one is detected. "" turns one off. */
export type Commands = Readonly<Partial<Record<CommandName, string>>>;

export interface TestResult {
  /** Runner-level and stable: file, suites and title, joined by " > ". Repeated ids are numbered: " (2)". Hostile text. */
  readonly id: string;
  readonly status: "passed" | "failed" | "skipped";
  /** First lines of what a failed test said, for people; "" else. Hostile text. */
  readonly message: string;
  /** The test's file, relative to the repository, where the report names it. */
  readonly file?: string;
  /** All that a failed test said, at most 8,000 characters, stack and difference among it. Hostile text. */
  readonly detail?: string;
  /**
   * Of a result that is a suite's own word, beside the results of what is in it. `ended`: it came to its end, and all in it is well. `threw`: it stopped at an error,
   * so nobody knows what was to come. Left out: the result is a test's.
   */
  readonly suite?: "ended" | "threw";
}

/** One command on one tree. */
export interface CommandRun {
  readonly name: CommandName;
  /** As a person would type it. */
  readonly command: string;
  /** `passed` and `failed` are its own word (the exit status); `stopped`: a limit ended it, or it could not be judged. */
  readonly status: "passed" | "failed" | "stopped";
  /** Sentences where it was stopped, its report was not there, or it failed and may have missed what was not installed: what happened, what to do. "" else. */
  readonly trouble: string;
  /** Last lines of what it wrote, for people. Hostile text. */
  readonly output: string;
  readonly wallMs: number;
}

/** What the checks said of one tree. */
export interface CheckRun {
  readonly commands: readonly CommandRun[];
  /** Diagnostics of the type checker without line numbers, sorted, to be compared with a parent's; empty where it passed or was not run. */
  readonly typeErrors: readonly string[];
  /** `null`: no report could be read, so the exit status is all there is; `[]`: no test was affected. */
  readonly tests: readonly TestResult[] | null;
  /** By path, the 1-based lines that ran while the tests did; `null`: not to be had. A path that is absent was not measured. */
  readonly coverage: ReadonlyMap<string, ReadonlySet<number>> | null;
}

/** The checks of one repository, ready to be run on trees. */
export interface Checks {
  /** Why nothing can be run, and what to do, in one or two sentences; `null` where a type check or tests can. */
  readonly unavailable: string | null;
  /** Runs type check and those tests that the paths can affect. What was run on the same tree for the same paths is not run again. */
  readonly run: (tree: string, paths: readonly string[]) => Promise<CheckRun>;
}
