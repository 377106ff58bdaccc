// The table of what happened to every file and hunk, and the three sides of what is still open.
import type { Report } from "../../core/report.ts";
import type { HunkReport } from "../../core/task.ts";
import { cut } from "../text.ts";
import { codeCell, details, fence, fit, htmlCode, proseCell } from "./markdown.ts";

/** Characters of one side of an open hunk that are shown; a screenful. */
const sideLimit = 1500;
const pathLimit = 200;
const whyLimit = 300;

/** Open hunks first, because they are what somebody has to do; else in the order of the report. */
export function hunksOf(report: Report): HunkReport[] {
  const all = report.tasks.flatMap(({ outcome }) => outcome.hunks);
  return [...all.filter(isOpen), ...all.filter((hunk) => !isOpen(hunk))];
}

export const isOpen = ({ settled }: HunkReport): boolean => !settled;

/** A row per file and hunk, as many as `budget` characters allow; says how many are left out. "" when there are none. */
export function hunkTable(hunks: readonly HunkReport[], budget: number): string {
  if (hunks.length === 0) return "";
  const head = "| file | hunk | tier | class | result | why |\n| --- | --- | --- | --- | --- | --- |";
  const { kept, left } = fit(hunks, budget, row);
  const note = left === 0 ? "" : `\n\n${left} more rows are left out: a comment has a size limit.`;
  return `${head}\n${kept.join("\n")}${note}`;
}

function row(hunk: HunkReport): string {
  const cells = [
    codeCell(hunk.path, pathLimit),
    hunk.index === 0 ? "whole file" : String(hunk.index),
    hunk.tier,
    codeCell(hunk.class, 120),
    resultOf(hunk),
    proseCell(hunk.why, whyLimit),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Precision is rounded down, so that a figure below the bar never reads as the bar. */
function resultOf({ settled, precision, aboveBar }: HunkReport): string {
  if (!settled) return "**open**";
  const measured =
    precision === null ? "" : ` (right in at least ${Math.floor(precision * 100)}% of measured cases)`;
  return aboveBar ? `settled${measured}` : `settled, below the bar${measured}`;
}

/** A collapsed block with base, ours and theirs for every open hunk that has text, as many as `budget` allows. */
export function openHunks(hunks: readonly HunkReport[], budget: number): string {
  const open = hunks.filter((hunk) => isOpen(hunk) && hunk.sides !== null);
  const { kept, left } = fit(open, budget, openHunk);
  const note =
    left === 0
      ? []
      : [`${left} more open hunks are not shown here: merge the base branch in a clone to see them.`];
  return [...kept, ...note].join("\n");
}

function openHunk({ path, index, line, sides }: HunkReport): string {
  if (sides === null) return "";
  const summary = `Open: ${htmlCode(path, pathLimit)}, hunk ${index} (line ${line})`;
  const side = (title: string, text: string) =>
    text === "" ? `**${title}**: no lines` : `**${title}**\n\n${fence(cut(text, sideLimit))}`;
  const body = [
    side("Base, before both changes", sides.base),
    side("Ours, this pull request", sides.ours),
    side("Theirs, the base branch", sides.theirs),
  ];
  return details(summary, body.join("\n\n"));
}
