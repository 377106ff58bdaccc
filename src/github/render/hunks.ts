// The table of what happened to every file and hunk; of what is still open the three sides and the likeliest resolutions; and what models made of the rest.
import { chanceInWords } from "../../core/chance.ts";
import type { Ending, Report } from "../../core/report.ts";
import { restsOnModel, resultCharacters } from "../../core/task.ts";
import type { CandidateReport, HunkReport } from "../../core/task.ts";
import { cut } from "../text.ts";
import { codeCell, details, fence, fit, fitItems, htmlCode, prose, proseCell } from "./markdown.ts";

/** Characters of one side of an open hunk that are shown; a screenful. */
const sideLimit = 1500;
const pathLimit = 200;
const whyLimit = 600;
const proofLimit = 200;
/** What a model's answer leaves out stands at the end of its why. */
const modelWhyLimit = 1000;

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

/** Checked as they were made: how often the way is right elsewhere says less. */
const checkedTiers: readonly HunkReport["tier"][] = ["regenerate", "proven"];

function resultOf(hunk: HunkReport): string {
  const { tier, settled, aboveBar, proof } = hunk;
  if (!settled) return "**open**";
  const checked = proof === null ? "" : `; ${proseCell(proof.words, proofLimit)}`;
  if (proof?.proven === true || (tier === "proven" && proof === null)) return `settled${checked}`;
  const measured = checkedTiers.includes(tier) ? "" : measuredInWords(hunk);
  return `${aboveBar ? "settled" : "settled, below the bar"}${measured}${checked}`;
}

/** Precision is rounded down, so that a figure below the bar never reads as the bar. */
function measuredInWords({ precision }: HunkReport): string {
  if (precision === null) return ", not measured yet";
  return ` (right in at least ${Math.floor(precision * 100)}% of measured cases)`;
}

/**
 * A collapsed block for every open hunk that has text, as many as `budget` allows: base, ours, theirs, and its likeliest resolutions in what room is left
 * when all the sides are in.
 */
export function openHunks(hunks: readonly HunkReport[], budget: number): string {
  const open = hunks.filter((hunk) => isOpen(hunk) && hunk.sides !== null);
  const { kept, left } = fitItems(open, budget, (hunk) => block(hunk, ""));
  let room = budget - kept.reduce((used, { text }) => used + text.length + 1, 0);
  let without = 0;
  const blocks = kept.map(({ item, text }) => {
    const likely = likeliest(item.candidates, room);
    if (likely === "" && item.candidates.length > 0) without++;
    const whole = likely === "" ? text : block(item, likely);
    room -= whole.length - text.length;
    return whole;
  });
  const notes = [
    ...(without === 0
      ? []
      : [`For want of room, the likeliest resolutions are left out of so many open hunks: ${without}.`]),
    ...(left === 0
      ? []
      : [`${left} more open hunks are not shown here: merge the base branch in a clone to see them.`]),
  ];
  return [...blocks, ...notes].join("\n");
}

function block({ path, index, line, sides }: HunkReport, likely: string): string {
  if (sides === null) return "";
  const summary = `Open: ${htmlCode(path, pathLimit)}, hunk ${index} (line ${line})`;
  const body = [
    `**Base, before both changes**${lines(sides.base)}`,
    `**${titles.ours}**${lines(sides.ours)}`,
    `**${titles.theirs}**${lines(sides.theirs)}`,
    ...(likely === "" ? [] : [likely]),
  ];
  return details(summary, body.join("\n\n"));
}

const titles = { ours: "Ours, this pull request", theirs: "Theirs, the base branch" };

/** Characters that the note on what is not shown takes at most. */
const noteLength = 300;

/**
 * A collapsed block for every hunk that rests on a model: both sides, and what it was settled with. No rule vouches for these, so a person has to be able to read what
 * their word would push: where something is cut, or does not fit in `budget`, a note says so. "" when there are none.
 */
export function modelHunks(hunks: readonly HunkReport[], ending: Ending, budget: number): string {
  const resting = hunks.filter((hunk) => hunk.settled && restsOnModel(hunk));
  const known = resting.filter(({ sides, result }) => sides !== null && result !== null);
  const { kept } = fitItems(known, budget - noteLength, modelBlock);
  const missing = resting.length - kept.filter(({ item }) => item.result?.whole === true).length;
  const instead =
    ending === "pushed"
      ? "Look at the merge commit."
      : "Look at the branch locally, with the base branch merged in, before you use `/agent apply`.";
  const note = `**Not all of what a model settled is shown here** (hunks that are cut or left out: ${missing}). ${instead}`;
  return [...kept.map(({ text }) => text), ...(missing === 0 ? [] : [`\n${note}`])].join("\n").trimStart();
}

function modelBlock({ path, index, line, sides, result, why }: HunkReport): string {
  if (sides === null || result === null) return "";
  const body = [
    prose(why, modelWhyLimit),
    `**${titles.ours}**${lines(sides.ours, resultCharacters)}`,
    `**${titles.theirs}**${lines(sides.theirs, resultCharacters)}`,
    `**Result**${lines(result.text, resultCharacters)}`,
  ];
  return details(
    `Settled by a model: ${htmlCode(path, pathLimit)}, hunk ${index} (line ${line})`,
    body.join("\n\n"),
  );
}

/** As many of the candidates as `room` characters allow, the likeliest first; "" when there is room for none. */
function likeliest(candidates: readonly CandidateReport[], room: number): string {
  for (let count = candidates.length; count > 0; count--) {
    const shown = candidates.slice(0, count).map(candidate);
    const text = ["**The likeliest resolutions**", ...shown].join("\n\n");
    if (text.length + 2 <= room) return text;
  }
  return "";
}

function candidate({ text, why, probability }: CandidateReport, index: number): string {
  return `**${index + 1}** · ${prose(why, whyLimit)} Right in ${chanceInWords(probability)}${lines(text)}`;
}

/** Whole lines in a fence, or in words that there are none. */
function lines(text: string, limit = sideLimit): string {
  return text === "" ? ": no lines" : `\n\n${fence(cut(text, limit))}`;
}
