// What models were asked and what it cost, and what went wrong with them.
import { tierLines, useInWords } from "../../core/model-use.ts";
import type { Report } from "../../core/report.ts";
import { fit, prose } from "./markdown.ts";

/** Characters of a line. */
const lineLimit = 600;

/** "" where models had no part in the run. */
export function modelList(report: Report, budget: number): string {
  const { models, tasks } = report;
  if (models === null) return "";
  const hunks = tasks.flatMap(({ outcome }) => outcome.hunks);
  const asked = models.tiers.length > 0 ? [useInWords(models, hunks), ...tierLines(models)] : [];
  const wrong = models.problems.map((problem) => `⚠️ ${problem}`);
  const { kept, left } = fit([...asked, ...wrong], budget, (line) => `- ${prose(line, lineLimit)}`);
  const more = left === 0 ? [] : [`- ${left} more are left out: a comment has a size limit.`];
  return ["**Models**", "", ...kept, ...more].join("\n");
}
