// The parts of a report that a comment and a check run share.
import type { PolicyProblem, Report, TaskReport } from "../../core/report.ts";
import { codeSpan, fit, prose, proseWithin } from "./markdown.ts";
import { headingOf } from "./words.ts";

const evidenceLimit = 300;

/** The ending in words, the commit, and the summary. */
export function headline(report: Report, budget: number): string {
  const commit = report.commitSha === null ? "" : `\n\nCommit ${shaOf(report.commitSha)}${signature(report)}`;
  return `### ${headingOf(report)}${commit}\n\n${proseWithin(report.summary, budget)}`;
}

/** GitHub links a bare commit name by itself; anything else stays code. */
const shaOf = (sha: string): string => (/^[0-9a-f]{40}$/.test(sha) ? sha : codeSpan(sha, 64));

function signature({ signed }: Report): string {
  if (signed === null) return ".";
  return signed
    ? ", signed by GitHub."
    : ", not signed: the tree was too large for GitHub's API, so it was pushed with git.";
}

export function noteList(report: Report, budget: number): string {
  return list({ title: "Notes", items: report.notes, line: (note) => `- ${prose(note, 1000)}` }, budget);
}

/** What is wrong in the configuration: which file, which line, which key. */
export function problemList(report: Report, budget: number): string {
  const line = ({ file, key, message, line }: PolicyProblem) =>
    `- ${codeSpan(file, 200)}, line ${line}${key === "" ? "" : `, ${codeSpan(key, 100)}`}: ${prose(message, 500)}`;
  return list({ title: "Configuration that was not used", items: report.problems, line }, budget);
}

/** What each verifier saw; failures first. */
export function verdictList(report: Report, budget: number): string {
  const all = report.tasks.flatMap(({ verdicts }) => verdicts);
  const items = [...all.filter(({ passed }) => !passed), ...all.filter(({ passed }) => passed)];
  return list({ title: "Checked before anything else was done", items, line: verdictLine }, budget);
}

function verdictLine({ verifier, passed, evidence }: TaskReport["verdicts"][number]): string {
  const shown = evidence.slice(0, 5).map((line) => prose(line, evidenceLimit));
  const more = evidence.length > 5 ? [`${evidence.length - 5} more`] : [];
  const found = [...shown, ...more].join("; ");
  return `- ${passed ? "✅" : "❌"} ${codeSpan(verifier, 60)}${found === "" ? "" : `: ${found}`}`;
}

function list<T>(
  { title, items, line }: { title: string; items: readonly T[]; line: (item: T) => string },
  budget: number,
): string {
  if (items.length === 0) return "";
  const { kept, left } = fit(items, budget, line);
  const more = left === 0 ? [] : [`- ${left} more are left out: a comment has a size limit.`];
  return [`**${title}**`, "", ...kept, ...more].join("\n");
}
