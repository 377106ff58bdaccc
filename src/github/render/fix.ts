// What was found out of failing tests: the proof test by test, the steps, the places, the doubts, and the best that was tried.
import type { Report } from "../../core/report.ts";
import type { FixReport, TestRow, TestState } from "../../core/fix.ts";
import { codeCell, codeSpan, details, fence, fit, proseCell, prose } from "./markdown.ts";

const idLimit = 240;
const detailLimit = 400;

export function fixesOf({ tasks }: Pick<Report, "tasks">): readonly FixReport[] {
  return tasks.flatMap(({ outcome }) => outcome.fix ?? []);
}

/** Why a fix that passes was not pushed, the proof table, and the steps, each bounded; "" where the report has none. */
export function fixSection(report: Report, budget: number): string {
  return fixesOf(report)
    .map((fix) =>
      [
        doubtList(fix),
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
  flaky: "⚠️ both",
  "not-run": "not run",
};

/** A row per test: how it ended on the base, on the head, and with the fix. */
function proofTable({ rows, more }: FixReport, budget: number): string {
  if (rows.length === 0) return "";
  const head = "| test | base | head | result |\n| --- | --- | --- | --- |";
  const { kept, left } = fit(rows, budget, row);
  const others = more.passed + more.other;
  const notes = [
    ...(others === 0
      ? []
      : [`${others} more tests: ${more.passed} passed${more.other === 0 ? "" : `, ${more.other} did not`}.`]),
    ...(left === 0 ? [] : [`${left} more rows are left out: a comment has a size limit.`]),
  ];
  return [`${head}\n${kept.join("\n")}`, ...notes].join("\n\n");
}

function row({ id, base, head, result }: TestRow): string {
  return `| ${[codeCell(id, idLimit), stateWords[base], stateWords[head], stateWords[result]].join(" | ")} |`;
}

function doubtList({ doubts }: FixReport): string {
  if (doubts.length === 0) return "";
  return [
    "**What speaks against it**",
    "",
    ...doubts.slice(0, 10).map((doubt) => `- ${prose(doubt, detailLimit)}`),
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
  const more = left === 0 ? "" : `\n\n${left} more steps are left out: a comment has a size limit.`;
  return details("What was done", `| step | what came of it |\n| --- | --- |\n${kept.join("\n")}${more}`);
}
