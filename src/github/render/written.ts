// Tests that were written: for which function, what they notice, and what was not kept.
import type { WritingReport } from "../../core/fix.ts";
import type { WrittenTests } from "../../core/fix.ts";
import type { Report } from "../../core/report.ts";
import { leftOut, stepBlock } from "./fix.ts";
import { codeCell, codeSpan, fit, prose } from "./markdown.ts";

/** A row per function, what was dropped and why, and the steps; "" where the report has none. */
export function writtenSection({ tasks }: Pick<Report, "tasks">, budget: number): string {
  return tasks
    .flatMap(({ outcome }) => outcome.written ?? [])
    .map((written) => section(written, budget))
    .join("\n\n");
}

function section({ functions, steps }: WritingReport, budget: number): string {
  const parts = [
    table(functions, Math.floor(budget * 0.4)),
    dropped(functions, Math.floor(budget * 0.2)),
    stepBlock(steps, Math.floor(budget * 0.3)),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function table(functions: readonly WrittenTests[], budget: number): string {
  if (functions.length === 0) return "";
  const head =
    "| function | tests | in | planted faults noticed | changed lines run |\n| --- | --- | --- | --- | --- |";
  const { kept, left } = fit(functions, budget, row);
  const more = leftOut(left, "row");
  return `${head}\n${kept.join("\n")}${more === "" ? "" : `\n\n${more}`}`;
}

function row(one: WrittenTests): string {
  const lines =
    one.coveredBefore === null || one.coveredAfter === null
      ? "not measured"
      : `${one.coveredBefore} → ${one.coveredAfter} of ${one.lines}`;
  const cells = [
    `${codeCell(one.name, 120)} in ${codeCell(one.path, 200)}`,
    String(one.kept.length),
    codeCell(one.testPath, 200),
    `${one.killedBefore} → ${one.killedAfter} of ${one.mutants}`,
    lines,
  ];
  return `| ${cells.join(" | ")} |`;
}

function dropped(functions: readonly WrittenTests[], budget: number): string {
  const all = functions.flatMap((one) => one.dropped);
  if (all.length === 0) return "";
  const { kept, left } = fit(
    all,
    budget,
    ({ title, why }) => `- ${codeSpan(title, 200)}: ${prose(why, 300)}`,
  );
  const more = left === 0 ? [] : [`- ${leftOut(left, "test")}`];
  return ["**Written and not kept**", "", ...kept, ...more].join("\n");
}
