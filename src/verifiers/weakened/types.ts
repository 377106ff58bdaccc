// What is read of a file of tests: its tests, what each of them checks, and under which conditions.

/** How much a check pins down. 0: nothing (two constants). 1: that there is something, or that it is not one thing. 2: a part or a bound. 3: a value. */
export type Strength = 0 | 1 | 2 | 3;

/** Texts are without comments, spaces and differences of quotes (`squeeze`). */
export interface Check {
  readonly text: string;
  /** What is looked at. */
  readonly subject: string;
  /** What it is compared with; `null` where the matcher says it all. */
  readonly expected: string | null;
  readonly matcher: string;
  readonly strength: Strength;
  /** Larger is looser; `null` where there is none. */
  readonly tolerance: number | null;
  /** The condition that it stands under; `null` where it always runs. */
  readonly condition: string | null;
  /** Behind a return, in a branch that is never taken, or in a loop over nothing. */
  readonly never: boolean;
  /** What it throws is caught and dropped. */
  readonly swallowed: boolean;
  /** In a loop, or a function of the file that tests call: it may stand for many. */
  readonly many: boolean;
}

export interface TestCase {
  /** Suites and title, joined by " > ". */
  readonly title: string;
  /** `helper`: a function beside the tests that checks something. `file`: what stands outside of both. */
  readonly kind: "test" | "helper" | "file";
  /** The word that turns it off ("skip", "todo"); `null` where it runs. */
  readonly off: string | null;
  readonly checks: readonly Check[];
  /** Without comments. */
  readonly body: string;
  /** How many checks it announces (`expect.assertions`, `t.plan`); `null` where it does not. */
  readonly plan: number | null;
  /** Rows of its table; `null` where it has none. */
  readonly rows: readonly string[] | null;
  /** Comments inside that silence a type checker. */
  readonly silenced: number;
  /** Runs again that a failure has. */
  readonly retries: number;
}

export interface TestFile {
  readonly tests: readonly TestCase[];
  /** Comments blanked, offsets kept. */
  readonly code: string;
  /** Comments and texts in quotes blanked. */
  readonly bare: string;
  readonly comments: string;
}

export type WeakeningKind =
  | "removed"
  | "skipped"
  | "focused"
  | "assertions"
  | "weaker"
  | "circular"
  | "tolerance"
  | "swallowed"
  | "condition"
  | "plan"
  | "rows"
  | "retries"
  | "timeout"
  | "mocked"
  | "exit"
  | "patched"
  | "silenced"
  | "snapshot"
  | "configuration";

export interface Weakening {
  readonly kind: WeakeningKind;
  /** One sentence for people; parts of it are the repository's words. */
  readonly words: string;
}
