// How often a test's name ended in which way. Pure.
import { standsForTheRest } from "../../../checks/suite/judge-run.ts";
import type { TestResult } from "../../../core/checks.ts";
import { noReportId } from "../../../core/suite.ts";

export type Counts = Readonly<Record<TestResult["status"], number>>;
export type Tally = ReadonlyMap<string, Counts>;

const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/**
 * Ids that repeat are numbered, in the order in which they come: one more in the middle, or a run of some files alone, gives the others new numbers. So they are
 * compared by name, each with how often it ended in which way.
 */
export function nameOf(id: string): string {
  return id.replace(/ \(\d{1,6}\)$/, "");
}

export function tallyOf(tests: readonly TestResult[]): Tally {
  const tally = new Map<string, Record<TestResult["status"], number>>();
  for (const { id, status } of tests) {
    const name = nameOf(id);
    const counts = tally.get(name) ?? { ...none };
    counts[status] += 1;
    tally.set(name, counts);
  }
  return tally;
}

export const at = (tally: Tally, name: string): Counts => tally.get(name) ?? none;

export const ran = ({ passed, failed }: Pick<Counts, "passed" | "failed">): number => passed + failed;

/** How many tests ran. What stands for a report, for the rest of one, or for what a suite did not come to, is none of them. */
export function ranIn(tests: readonly TestResult[]): number {
  const isTest = ({ id, suite }: TestResult): boolean =>
    suite === undefined && !standsForTheRest(id) && !id.startsWith(noReportId(""));
  return tests.filter((test) => test.status !== "skipped" && isTest(test)).length;
}

/** How often what is in the suites of a name passed and failed. */
export function inside(tally: Tally, name: string): Pick<Counts, "passed" | "failed"> {
  const sum = { passed: 0, failed: 0 };
  const start = `${name} > `;
  for (const [each, { passed, failed }] of tally) {
    if (!each.startsWith(start)) continue;
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}
