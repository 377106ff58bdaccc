// Small repositories with a pull request whose checks are red, each in its own way and for each test runner: what the base has, what the head changes, and the fix.
import { formatError, lintError, typeError } from "./failing/complaints.ts";
import { dialects, functionOf } from "./failing/dialects.ts";
import type { Dialect, Files, RunnerName } from "./failing/dialects.ts";

export type { Files, RunnerName } from "./failing/dialects.ts";

export type Situation =
  "failing" | "flaky" | "base-red" | "stale" | "type-error" | "lint-error" | "format-error";

export interface FailingRepository {
  readonly base: Files;
  /** What the pull request changes. */
  readonly head: Files;
  /** The part that a right fix writes anew, as a model would answer; `null` where there is none to write. */
  readonly answer: string | null;
  /** Path of the file that a right fix changes; `null` where nothing is to be changed. */
  readonly fixes: string | null;
  /** That file's text with the fix. */
  readonly fixed: string | null;
  /** Part of the id of the test that fails, or the path that is complained of. */
  readonly test: string;
}

/** `null` where a runner's language has no such fault: checks of types, lint and form are there once, beside node's tests. */
export function failingRepository(runner: RunnerName, situation: Situation): FailingRepository | null {
  const isNode = runner === "node";
  switch (situation) {
    case "type-error":
      return isNode ? typeError() : null;
    case "lint-error":
      return isNode ? lintError() : null;
    case "format-error":
      return isNode ? formatError() : null;
    case "failing":
    case "flaky":
    case "base-red":
    case "stale":
      return failingTests(dialects[runner], situation);
  }
}

/** The variable that `byTurns` reads. */
export const turnVariable = "RECEIPT_TURN";

/** The flaky test without chance: it passes in every second turn, whichever the variable says it is. */
export function byTurns(repository: FailingRepository): FailingRepository {
  const entries = Object.entries(repository.head).map(([path, text]) => {
    const script = text.replace("Date.now()", `Number(process.env.${turnVariable})`);
    const steady = script.replace(
      /__import__\('time'\).*1000/,
      `int(__import__('os').environ['${turnVariable}'])`,
    );
    return [path, steady] as const;
  });
  return { ...repository, head: Object.fromEntries(entries) };
}

function failingTests(
  dialect: Dialect,
  situation: "failing" | "flaky" | "base-red" | "stale",
): FailingRepository | null {
  const { source, testPath, setting, right, wrong, generous, coin, testOf, lastTest, test } = dialect;
  const base: Files = { ...setting, [source]: right, [testPath]: testOf("850") };
  const common = { base, test, answer: functionOf(right), fixes: null, fixed: null };
  switch (situation) {
    case "failing":
      return { ...common, head: { [source]: wrong }, fixes: source, fixed: right };
    case "base-red":
      return { ...common, base: { ...base, [source]: wrong }, head: { "README.md": "A receipt.\n" } };
    case "stale":
      // One piece of three is given away, on purpose; the test still wants all to be paid for.
      return {
        ...common,
        head: { [source]: generous },
        answer: lastTest("600"),
        fixes: testPath,
        fixed: testOf("600"),
      };
    case "flaky":
      return coin === null
        ? null
        : { ...common, head: { [testPath]: testOf(`850 + ${coin}`) }, answer: null };
  }
}
