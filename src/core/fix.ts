// What was found out of failing tests and done about them, and which tests were written: plain data for the report.
import { z } from "zod";
import { failureKinds } from "./failed-check.ts";

/** `absent`: there is no such test on that tree. `flaky`: it passed and failed on the same tree. */
export const TestState = z.enum(["passed", "failed", "skipped", "absent", "flaky", "not-run"]);
export type TestState = z.infer<typeof TestState>;

/** One test in the proof: how it ended on the base, on the head, and on the head with the fix. */
export const TestRow = z.object({ id: z.string(), base: TestState, head: TestState, result: TestState });
export type TestRow = z.infer<typeof TestRow>;

/** Rows of a proof that a report carries: those that fail somewhere first. */
export const reportedRows = 50;

export const FixEnding = z.enum([
  /** Every gate passed: it may be pushed. */
  "fixed",
  /** Every gate passed, but it changes tests: proposed, never pushed unasked. */
  "test-edit",
  /** The tests pass, and something speaks against it: proposed, with what that is. */
  "doubtful",
  /** The same tree passes and fails. */
  "flaky",
  /** The base fails in the same way: this pull request did not break it. */
  "red-on-base",
  "not-reproduced",
  /** No fault of the code: the job was started again. */
  "rerun",
  /** Reproduced, and nothing that was tried passes the gates. */
  "unfixed",
  /** Nothing could be run. */
  "not-run",
]);
export type FixEnding = z.infer<typeof FixEnding>;

export const FixReport = z.object({
  kind: z.enum(failureKinds),
  ending: FixEnding,
  /** What the edits change; `null` where there are none. */
  edits: z.enum(["source", "tests", "format"]).nullable(),
  /** One to three sentences for people: what happened, why, what to do. May hold words of the repository. */
  words: z.string(),
  /** What was done, in order: a row of the report each. */
  steps: z.array(z.object({ name: z.string(), detail: z.string() })),
  rows: z.array(TestRow).max(reportedRows),
  /** Tests beyond `rows`, by how they ended on the result. */
  more: z.object({ passed: z.number().int().nonnegative(), other: z.number().int().nonnegative() }),
  /** Where the fault was looked for and, where there is a fix, found. */
  places: z.array(
    z.object({ path: z.string(), line: z.number().int().positive(), name: z.string(), why: z.string() }),
  ),
  /** What speaks against edits that pass. */
  doubts: z.array(z.string()),
  /** The best that was tried and is not the result, as a unified diff; `null` where there is none. */
  bestPatch: z.string().nullable(),
  /** Candidates that were tried, and runs of tests. */
  tried: z.number().int().nonnegative(),
  runs: z.number().int().nonnegative(),
});
export type FixReport = z.infer<typeof FixReport>;

/** Tests written for one function. */
export const WrittenTests = z.object({
  path: z.string(),
  name: z.string(),
  /** Where the tests stand. */
  testPath: z.string(),
  /** Titles of those that are kept. */
  kept: z.array(z.string()),
  /** Of those that are not, how many and why. */
  dropped: z.array(z.object({ title: z.string(), why: z.string() })),
  /** Mutants of the function's changed lines, and how many of them the tests notice. */
  mutants: z.number().int().nonnegative(),
  killedBefore: z.number().int().nonnegative(),
  killedAfter: z.number().int().nonnegative(),
  /** Of the changed lines of the function, how many run in tests; `null`: not measured. */
  lines: z.number().int().nonnegative(),
  coveredBefore: z.number().int().nonnegative().nullable(),
  coveredAfter: z.number().int().nonnegative().nullable(),
});
export type WrittenTests = z.infer<typeof WrittenTests>;

export const WritingReport = z.object({
  /** One to three sentences for people. */
  words: z.string(),
  steps: z.array(z.object({ name: z.string(), detail: z.string() })),
  functions: z.array(WrittenTests),
});
export type WritingReport = z.infer<typeof WritingReport>;

/** Texts by path that passed the gates: kept with the run, so that neither a second attempt nor `apply` asks and pays again, or gets another answer. */
export const KeptEdits = z.object({
  /** The agent that made them. */
  agent: z.string(),
  /** The commit that they were made for. */
  headSha: z.string(),
  edits: z.array(z.object({ path: z.string(), text: z.string() })),
  fix: FixReport.nullable(),
  written: WritingReport.nullable(),
});
export type KeptEdits = z.infer<typeof KeptEdits>;
