// Test by test: what passed on the parents, and what became of it in the merged tree.
import type { TestResult } from "../core/checks.ts";
import { testsOf, type Statuses, type Trial } from "./judge-runs.ts";

/** Ids of tests, in the order in which the merged tree's report and then the parents' have them. */
export interface Compared {
  /** Passed wherever a parent ran them; in the merged tree they fail, are skipped, or are gone. */
  readonly broken: readonly string[];
  /** Gone from the merged tree and from one parent: deleted there, or lost by the merge. */
  readonly lost: readonly string[];
  /** Fail in the merged tree; no parent has them. */
  readonly newFailures: readonly string[];
  /** Passed in one run of the merged tree and not in the other: neither broken nor proof. */
  readonly flaky: readonly string[];
  /** How many passed each time. */
  readonly passed: number;
}

type Fate = TestResult["status"] | "flaky" | "gone";

/** `null` where one of the three trees has no list of its tests. */
export function compareTests(trial: Trial): Compared | null {
  const first = testsOf(trial.merged);
  const head = testsOf(trial.parents.head);
  const base = testsOf(trial.parents.base);
  if (first === null || head === null || base === null) return null;
  const second = trial.again === null ? null : testsOf(trial.again);
  const before = trial.before === null ? null : testsOf(trial.before);
  const ids = new Set([first, second, head, base].flatMap((tests) => [...(tests?.keys() ?? [])]));
  const kinds: Record<"broken" | "lost" | "newFailures" | "flaky" | "passed" | "other", string[]> = {
    broken: [],
    lost: [],
    newFailures: [],
    flaky: [],
    passed: [],
    other: [],
  };
  for (const id of ids) {
    const fate = fateOf(id, first, second);
    kinds[
      kindOf(fate, {
        head: head.get(id),
        base: base.get(id),
        before: before === null ? null : before.has(id),
      })
    ].push(id);
  }
  const { broken, lost, newFailures, flaky, passed } = kinds;
  return { broken, lost, newFailures, flaky, passed: passed.length };
}

function fateOf(id: string, first: Statuses, second: Statuses | null): Fate {
  const one = first.get(id) ?? "gone";
  if (second === null) return one;
  const other = second.get(id) ?? "gone";
  if (one === other) return one;
  if (one === "passed" || other === "passed") return "flaky";
  return one === "gone" || other === "gone" ? "gone" : "failed";
}

interface Past {
  readonly head: TestResult["status"] | undefined;
  readonly base: TestResult["status"] | undefined;
  /** Whether the merge base has it; `null` where that is not known. */
  readonly before: boolean | null;
}

function kindOf(fate: Fate, past: Past): keyof Compared | "other" {
  if (fate === "passed" || fate === "flaky") return fate;
  const parents = [past.head, past.base].filter((status) => status !== undefined);
  if (parents.length === 0) return fate === "failed" ? "newFailures" : "other";
  if (!parents.includes("passed") || parents.includes("failed")) return "other";
  if (fate === "failed") return "broken";
  // A branch that skips a test says so for the merge too.
  if (parents.includes("skipped")) return "other";
  return fate === "skipped" || parents.length === 2 ? "broken" : kindOfGone(past.before);
}

/** Where one parent alone has it, the other has deleted or renamed it, or never had it. */
function kindOfGone(before: boolean | null): "lost" | "broken" | "other" {
  if (before === null) return "lost";
  return before ? "other" : "broken";
}
