// The check run of a report: conclusion, annotations on what is open, and the Apply button.
import { checkNames } from "../../core/github.ts";
import type { Annotation, CheckRun } from "../../core/github.ts";
import type { PolicyProblem, Report } from "../../core/report.ts";
import type { HunkReport } from "../../core/task.ts";
import { visibleLine } from "../text.ts";
import { hunksOf, hunkTable, isOpen, modelHunks, openHunks } from "./hunks.ts";
import { modelList } from "./models.ts";
import { proofParagraph } from "./proof.ts";
import { headline, noteList, problemList, verdictList } from "./report.ts";
import { bestPatchBlock, fixSection } from "./fix.ts";
import { conclusions, headingOf, nextStepOf } from "./words.ts";
import { writtenSection } from "./written.ts";

/** Three requests of 50: more marks than that help nobody, and each request counts against GitHub's limits. */
const annotationLimit = 150;

export function renderCheck(
  report: Report,
  { sha, number }: { readonly sha: string; readonly number: number },
): CheckRun {
  const hunks = hunksOf(report);
  const summary = [
    headline(report, 4_000),
    nextStepOf(report),
    proofParagraph(report, 4_000),
    fixSection(report, 12_000),
    writtenSection(report, 12_000),
    bestPatchBlock(report, 12_000),
    hunkTable(hunks, 12_000),
    openHunks(hunks, 12_000),
    modelHunks(hunks, report.ending, 15_000),
    verdictList(report, 5_000),
    modelList(report, 3_000),
    problemList(report, 3_000),
    noteList(report, 3_000),
  ];
  return {
    name: checkNames[report.errand],
    runId: report.runId,
    sha,
    conclusion: conclusions[report.ending],
    title: headingOf(report),
    summary: summary.filter((part) => part !== "").join("\n\n"),
    annotations: [...report.problems.map(problemAnnotation), ...hunks.filter(isOpen).map(annotation)].slice(
      0,
      annotationLimit,
    ),
    actions: report.ending === "proposed" ? [applyAction(number)] : [],
  };
}

/** GitHub takes identifiers of 20 characters at most; a pull request's number has far fewer than the 14 left. */
const applyAction = (number: number) => ({
  label: "Apply",
  description: "Push the proposed result",
  identifier: `apply#${number}`,
});

/** Annotations are plain text, shown beside the line. */
function annotation({ path, index, line, why }: HunkReport): Annotation {
  return {
    path,
    startLine: line,
    endLine: line,
    level: "warning",
    title:
      index === 0 ? "This file's conflict is left for you" : `Conflict ${index} in this file is left for you`,
    message: visibleLine(why, 1000) || "No rule settles this conflict.",
  };
}

/** The file may be another repository's: then GitHub shows the words without the line. */
function problemAnnotation({ file, key, message, line }: PolicyProblem): Annotation {
  return {
    path: file.slice(file.indexOf(":") + 1),
    startLine: line,
    endLine: line,
    level: "warning",
    title: visibleLine(key === "" ? "This file is not used" : `${key} is not used`, 200),
    message: visibleLine(`${file}: ${message}`, 1000),
  };
}
