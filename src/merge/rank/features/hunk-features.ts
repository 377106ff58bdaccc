// Features of the hunk as a whole: the same for each of its candidates.
import { commonPrefix, commonSuffix, splitLines } from "../../lines.ts";
import type { Sides } from "../../candidates/sides.ts";
import type { HunkContext } from "../../tier.ts";
import { jaccard, likeness, minus, shared, sharedSize, size } from "../bags.ts";
import { categoryNumber, languageNumber } from "./path-kind.ts";
import {
  bulletLine,
  commentLine,
  compareVersions,
  importLine,
  isSorted,
  share,
  versionIn,
  versionText,
} from "./text-measures.ts";
import type { Views } from "./views.ts";

type Measure = readonly [name: string, value: number | boolean];

const flat = (text: string): string => text.replace(/\s+/g, "");
const leftOver = /TODO|FIXME|console\.log|debug/;

/** Named values in a fixed order. */
export function hunkFeatures(
  sides: Sides,
  views: Views,
  context: HunkContext,
  candidates: number,
): Measure[] {
  return [
    ...sizes(views),
    ...likenesses(views),
    ...changes(views),
    ...looks(sides, views),
    ...placeOf(sides, context),
    ["candidates", candidates],
  ];
}

function sizes({ ours, base, theirs }: Views): Measure[] {
  return [
    ["lines ours", ours.filled.length],
    ["lines base", base.filled.length],
    ["lines theirs", theirs.filled.length],
    ["length ours", ours.text.length],
    ["length base", base.text.length],
    ["length theirs", theirs.text.length],
    ["words ours", Math.log1p(ours.words.total)],
    ["words base", Math.log1p(base.words.total)],
    ["words theirs", Math.log1p(theirs.words.total)],
  ];
}

function likenesses({ ours, base, theirs }: Views): Measure[] {
  return [
    ["lines alike ours-base", likeness(ours.lines, base.lines)],
    ["lines alike theirs-base", likeness(theirs.lines, base.lines)],
    ["lines alike ours-theirs", likeness(ours.lines, theirs.lines)],
    ["words alike ours-base", likeness(ours.words, base.words)],
    ["words alike theirs-base", likeness(theirs.words, base.words)],
    ["words alike ours-theirs", likeness(ours.words, theirs.words)],
    ["word sets alike ours-theirs", jaccard(ours.words.bits, theirs.words.bits)],
  ];
}

function changes({ ours, base, theirs }: Views): Measure[] {
  const added = {
    ours: minus(ours.lines.bits, base.lines.bits),
    theirs: minus(theirs.lines.bits, base.lines.bits),
  };
  const dropped = {
    ours: minus(base.lines.bits, ours.lines.bits),
    theirs: minus(base.lines.bits, theirs.lines.bits),
  };
  const news = {
    ours: minus(ours.words.bits, base.words.bits),
    theirs: minus(theirs.words.bits, base.words.bits),
  };
  const gone = {
    ours: minus(base.words.bits, ours.words.bits),
    theirs: minus(base.words.bits, theirs.words.bits),
  };
  const within = (one: Int32Array, other: Int32Array): boolean => size(minus(one, other)) === 0;
  return [
    ["lines of ours all in theirs", within(ours.lines.bits, theirs.lines.bits)],
    ["lines of theirs all in ours", within(theirs.lines.bits, ours.lines.bits)],
    ["lines of base all in ours", within(base.lines.bits, ours.lines.bits)],
    ["lines of base all in theirs", within(base.lines.bits, theirs.lines.bits)],
    ["lines added by ours", size(added.ours)],
    ["lines added by theirs", size(added.theirs)],
    ["lines dropped by ours", size(dropped.ours)],
    ["lines dropped by theirs", size(dropped.theirs)],
    ["lines added by both", sharedSize(added.ours, added.theirs)],
    ["lines dropped by both", sharedSize(dropped.ours, dropped.theirs)],
    ["words added by ours", size(news.ours)],
    ["words added by theirs", size(news.theirs)],
    ["words dropped by ours", size(gone.ours)],
    ["words dropped by theirs", size(gone.theirs)],
    ["words added by both", size(shared(news.ours, news.theirs))],
    ["words of ours all in theirs", within(ours.words.bits, theirs.words.bits)],
    ["words of theirs all in ours", within(theirs.words.bits, ours.words.bits)],
  ];
}

function looks({ before, after }: Sides, { ours, base, theirs }: Views): Measure[] {
  const both = [...ours.filled, ...theirs.filled];
  const versions = [ours, base, theirs].map(({ text }) => versionIn(text));
  const [own = null, old = null, other = null] = versions;
  const [above, below] = [splitLines(before).slice(-6), splitLines(after).slice(0, 6)];
  const start = (text: string): number => text.length - text.trimStart().length;
  const end = (text: string): string => text.trimEnd().slice(-1);
  return [
    ["share of imports", share(both, importLine)],
    ["share of comments ours", share(ours.filled, commentLine)],
    ["share of comments theirs", share(theirs.filled, commentLine)],
    ["share of bullets", share(both, bulletLine)],
    ["share of versions", both.filter((line) => versionText.test(line)).length / Math.max(1, both.length)],
    ["version ours to theirs", compareVersions(own, other)],
    ["version ours to base", compareVersions(own, old)],
    ["version theirs to base", compareVersions(other, old)],
    ["sorted", isSorted(both)],
    ["sorted with ours", isSorted([...above, ...ours.filled, ...below])],
    ["sorted with theirs", isSorted([...above, ...theirs.filled, ...below])],
    ["ours sorts first", (ours.filled[0] ?? "") < (theirs.filled[0] ?? "")],
    ["indentation ours", start(ours.text)],
    ["indentation theirs", start(theirs.text)],
    ["ours ends open", ",{(".includes(end(ours.text) || "x")],
    ["theirs ends open", ",{(".includes(end(theirs.text) || "x")],
    ["ends alike", end(ours.text) === end(theirs.text)],
    ["ours ends closed", ";}".includes(end(ours.text) || "x")],
    ["theirs ends closed", ";}".includes(end(theirs.text) || "x")],
    ["ours leaves something over", leftOver.test(ours.text)],
    ["theirs leaves something over", leftOver.test(theirs.text)],
    ["only blanks changed by ours", flat(ours.text) === flat(base.text)],
    ["only blanks changed by theirs", flat(theirs.text) === flat(base.text)],
  ];
}

function placeOf(sides: Sides, context: HunkContext): Measure[] {
  const { ours, theirs } = sides.lines();
  const head = commonPrefix(ours, theirs);
  const { path, place } = context;
  return [
    ["category", categoryNumber(path)],
    ["language", languageNumber(path)],
    ["path of tests", /test|spec/i.test(path)],
    ["path depth", path.split("/").length - 1],
    ["hunks in file", context.hunks ?? Number.NaN],
    ["place in file", place?.index ?? Number.NaN],
    ["conflicted files", place?.conflictedFiles ?? Number.NaN],
    ["clean lines before", splitLines(context.before).length],
    ["clean lines after", splitLines(context.after).length],
    ["shared first lines", head],
    ["shared last lines", commonSuffix(ours, theirs, Math.min(ours.length, theirs.length) - head)],
  ];
}
