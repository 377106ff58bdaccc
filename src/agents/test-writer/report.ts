// What was written, as data for the report, and the words for people.
import type { WritingReport, WrittenTests } from "../../core/fix.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { noticed } from "./draft.ts";
import type { Work } from "./draft.ts";

/** `after`: the whole suite with what was kept; `null` where nothing was. */
export function functionReport(work: Work, after: SuiteRun | null): WrittenTests {
  const { wanted, place, kills, judged, dropped } = work;
  const { target, killedBefore } = wanted;
  const kept = after === null ? [] : [...kills.keys()];
  const told = new Set([...judged, ...killedBefore]);
  const coveredBefore = target.covered?.size ?? null;
  const ran = after?.coverage?.get(target.path);
  const coveredAfter =
    after === null
      ? coveredBefore
      : ran === undefined
        ? null
        : [...target.lines].filter((line) => ran.has(line)).length;
  return {
    path: target.path,
    name: target.span.name,
    testPath: place.testPath,
    kept,
    dropped: distinct(dropped.filter(({ title }) => !kept.includes(title))),
    mutants: told.size,
    killedBefore: killedBefore.size,
    killedAfter: after === null ? killedBefore.size : noticed(work).size,
    lines: target.lines.size,
    coveredBefore,
    coveredAfter,
  };
}

/** Each title once, with what was said last; titles are a model's words. */
function distinct(dropped: Work["dropped"]): WrittenTests["dropped"] {
  const last = new Map(dropped.map(({ title, why }) => [title, why]));
  return [...last]
    .slice(0, 30)
    .map(([title, why]) => ({ title: oneLine(title, 160), why: oneLine(why, 300) }));
}

const oneLine = (text: string, longest: number): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").slice(0, longest);

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Of functions for which tests are kept. */
export function keptWords(functions: readonly WrittenTests[]): string {
  const kept = functions.filter((one) => one.kept.length > 0);
  const sum = (of: (one: WrittenTests) => number) => kept.reduce((total, one) => total + of(one), 0);
  const tests = counted(
    sum((one) => one.kept.length),
    "test",
  );
  const mutants = sum((one) => one.mutants);
  const before = sum((one) => one.killedBefore);
  const after = sum((one) => one.killedAfter);
  const without = functions.length - kept.length;
  const rest = without === 0 ? "" : ` For ${counted(without, "more function")} no test was kept.`;
  return `${tests} for ${counted(kept.length, "function")}: each passes every time, and fails with a fault put into the changed lines. Of ${counted(mutants, "such fault")}, tests notice ${after} now and noticed ${before} before.${rest}`;
}

export const emptyReport = (words: string, steps: WritingReport["steps"] = []): WritingReport => ({
  words,
  steps,
  functions: [],
});
