// What `errand fix-tests` prints: the proof as a table, the JSON, and the words at the end.
import type { FixEnding, FixReport, TestRow, TestState } from "../core/fix.ts";
import type { UsedModels } from "./fix-tests-models.ts";
import { printable } from "./resolve-text.ts";

/** Exit status of a program that a signal has ended, by convention. */
export const interruptedStatus = 130;

/** What became of the edits. */
export type Fate =
  | { readonly kind: "none" }
  | { readonly kind: "written" }
  | { readonly kind: "dry-run" }
  /** Shown and not written: why, and what to do, for people. */
  | { readonly kind: "shown"; readonly why: string };

export interface Told {
  readonly report: FixReport;
  /** Paths that the edits change. */
  readonly edits: readonly string[];
  /** Of the edits, unified; "" where there are none. */
  readonly patch: string;
  readonly fate: Fate;
  readonly used: UsedModels;
}

const failed: readonly TestState[] = ["failed", "flaky"];

/** 0: fixed, or nothing fails; 1: not. */
export function exitStatus({ report, fate }: Pick<Told, "report" | "fate">): number {
  if (fate.kind === "written" || fate.kind === "dry-run") return 0;
  const isGreen =
    report.ending === "not-reproduced" && !report.rows.some(({ head }) => failed.includes(head));
  return isGreen ? 0 : 1;
}

export function jsonOf({ report, edits, patch, fate, used }: Told): string {
  const { ending, words, rows, runs, tried } = report;
  const { calls, micros } = used;
  const written = fate.kind === "written";
  const why = fate.kind === "shown" ? fate.why : null;
  const said = { ending, words, edits, written, why, patch, rows, runs, tried, calls, micros };
  return `${JSON.stringify(said, null, 2)}\n`;
}

const stateWords: Readonly<Record<TestState, string>> = {
  passed: "passed",
  failed: "failed",
  skipped: "skipped",
  absent: "not there",
  flaky: "both",
  "not-run": "not run",
};
const width = Math.max(...Object.values(stateWords).map((word) => word.length)) + 2;
/** Characters of a test's name in the table. */
const longestName = 160;

/** A line per test, those that failed somewhere first; "" where none was run. */
export function proofTable({ rows, more }: Pick<FixReport, "rows" | "more">): string {
  if (rows.length === 0) return "";
  const line = (states: readonly string[], name: string): string =>
    `${states.map((word) => word.padEnd(width)).join("")}${name}`;
  const lines = [
    line(["base", "now", "result"], "test"),
    ...rows.map((row) => line(statesOf(row), nameOf(row))),
  ];
  if (more.passed + more.other > 0)
    lines.push(`and ${more.passed + more.other} more, of which ${more.passed} passed`);
  return `${lines.join("\n")}\n`;
}

const statesOf = ({ base, head, result }: TestRow): readonly string[] =>
  [base, head, result].map((state) => stateWords[state]);

const nameOf = ({ id }: TestRow): string => printable(id).slice(0, longestName);

/** For a terminal, which control characters in code or in a model's words must not steer; elsewhere a patch is what it is, for `git apply`. */
export function shownPatch(patch: string, isTerminal: boolean): string {
  return isTerminal
    ? patch
        .split("\n")
        .map((line) => line.split("\t").map(printable).join("\t"))
        .join("\n")
    : patch;
}

const hints: Readonly<Partial<Record<FixEnding, string>>> = {
  "red-on-base":
    "Where this branch left the default branch the same tests fail. To have them put right all the same: --no-base.",
};

/** Lines for people at the end. */
export function endLines({ report, edits, fate, used }: Told): readonly string[] {
  const hint = hints[report.ending];
  const best = fate.kind === "none" ? (report.bestPatch ?? "") : "";
  return [
    ...(best === ""
      ? []
      : ["The best that was tried, which did not pass:", shownPatch(best, true).trimEnd()]),
    `${report.ending}: ${printable(report.words)}`,
    ...used.lines.map(printable),
    ...(hint === undefined ? [] : [hint]),
    ...fateLines(edits, fate),
  ];
}

function fateLines(edits: readonly string[], fate: Fate): readonly string[] {
  const paths = edits.map(printable).join(", ");
  switch (fate.kind) {
    case "none":
      return [];
    case "written":
      return [`Written: ${paths}. Look at it (git diff), then commit.`];
    case "dry-run":
      return [`Would be written: ${paths}. Nothing was (--dry-run).`];
    case "shown":
      return [printable(fate.why)];
  }
}
