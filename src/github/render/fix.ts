// What was found out of failing tests: the proof test by test, the steps, the places, the doubts, and the best that was tried.
import type { Report } from "../../core/report.ts";
import type { FixReport, TestRow, TestState } from "../../core/fix.ts";
import { codeCell, codeSpan, details, fence, fit, proseCell, prose } from "./markdown.ts";

const idLimit = 240;
const detailLimit = 400;

function fixesOf({ tasks }: Pick<Report, "tasks">): readonly FixReport[] {
  return tasks.flatMap(({ outcome }) => outcome.fix ?? []);
}

/** Why a fix that passes was not pushed, the proof table, and the steps, each bounded; "" where the report has none. */
export function fixSection(report: Report, budget: number): string {
  return fixesOf(report)
    .map((fix) =>
      [
        doubtList(fix, report.summary),
        proofTable(fix, Math.floor(budget * 0.6)),
        placeList(fix),
        stepList(fix, Math.floor(budget * 0.25)),
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
    )
    .join("\n\n");
}

/** The best that was tried and is not the result, in a fence; "" where there is none, or no room for all of it. */
export function bestPatchBlock(report: Report, budget: number): string {
  const blocks = fixesOf(report).flatMap(({ bestPatch }) => {
    if (bestPatch === null || bestPatch === "") return [];
    const block = details(
      "The best that was tried, which the checks above refused",
      fence(bestPatch, "diff"),
    );
    return block.length <= budget ? [block] : ["The best that was tried is too large for a comment."];
  });
  return blocks.join("\n\n");
}

const stateWords: Readonly<Record<TestState, string>> = {
  passed: "✅ passed",
  failed: "❌ failed",
  skipped: "skipped",
  absent: "not there",
  flaky: "⚠️ flaky",
  "not-run": "not run",
};

type Column = Exclude<keyof TestRow, "id">;

const columns: readonly { readonly of: Column; readonly title: string }[] = [
  { of: "base", title: "base" },
  { of: "head", title: "this branch" },
  { of: "result", title: "with the change" },
];

/** A row per test: how it ended on the base, on the head, and with the fix; a column in which nothing was run is left out. */
function proofTable({ rows, more }: FixReport, budget: number): string {
  const shown = columns.filter(({ of }) => rows.some((row) => row[of] !== "not-run"));
  if (shown.length === 0) return "";
  const titles = ["test", ...shown.map(({ title }) => title)];
  const head = `| ${titles.join(" | ")} |\n|${" --- |".repeat(titles.length)}`;
  const { kept, left } = fit(rows, budget, (row) => {
    const cells = [codeCell(row.id, idLimit), ...shown.map(({ of }) => stateWords[row[of]])];
    return `| ${cells.join(" | ")} |`;
  });
  return [`${head}\n${kept.join("\n")}`, othersLine(more), leftOut(left, "row")]
    .filter((part) => part !== "")
    .join("\n\n");
}

function othersLine({ passed, other }: FixReport["more"]): string {
  if (passed + other === 0) return "";
  const tests = (many: number): string => `${many} more ${many === 1 ? "test" : "tests"}`;
  if (other === 0) return `${tests(passed)} passed.`;
  return passed === 0
    ? `${tests(other)} did not pass.`
    : `${tests(passed + other)}: ${passed} passed, ${other} did not.`;
}

/** What the summary says already is not said again. */
function doubtList({ doubts }: FixReport, summary: string): string {
  const unsaid = doubts.filter((doubt) => !summary.includes(doubt));
  if (unsaid.length === 0) return "";
  return [
    "**What speaks against it**",
    "",
    ...unsaid.slice(0, 10).map((doubt) => `- ${prose(doubt, detailLimit)}`),
  ].join("\n");
}

function placeList({ places }: FixReport): string {
  if (places.length === 0) return "";
  const lines = places
    .slice(0, 3)
    .map(
      ({ path, line, name, why }) =>
        `- ${codeSpan(name, 120)} in ${codeSpan(path, 200)}, line ${line}: ${prose(why, detailLimit)}`,
    );
  return ["**Where the fault was looked for**", "", ...lines].join("\n");
}

function stepList({ steps }: FixReport, budget: number): string {
  return stepBlock(steps, budget);
}

/** What was done, in order, collapsed. */
export function stepBlock(
  steps: readonly { readonly name: string; readonly detail: string }[],
  budget: number,
): string {
  if (steps.length === 0) return "";
  const { kept, left } = fit(
    steps,
    budget - 200,
    ({ name, detail }) => `| ${proseCell(name, 60)} | ${proseCell(detail, detailLimit)} |`,
  );
  const table = `| step | what came of it |\n| --- | --- |\n${kept.join("\n")}`;
  const more = leftOut(left, "step");
  return details("What was done", more === "" ? table : `${table}\n\n${more}`);
}

/** "" where nothing is. */
export function leftOut(left: number, thing: string): string {
  if (left === 0) return "";
  return `${left} more ${thing}${left === 1 ? " is" : "s are"} left out: a comment has a size limit.`;
}
