// The tier for lists: both sides add entries, and the result has all of them.
import type { Hunk, Settlement } from "../core/conflict.ts";
import { isChangelog } from "./changelog.ts";
import { endingOf, splitLines } from "./lines.ts";
import { isLineFile, openBracket, readEntries, skeleton } from "./lists.ts";
import type { ListEntry, ListForm } from "./lists.ts";
import { compareSets, isSorted, kindOf, unionOrdered } from "./ordered-union.ts";
import type { HunkContext, HunkTier } from "./tier.ts";

const bulletLine = /^\s*(?:[-*+]|\d{1,3}[.)])\s+\S/;
const rowLine = /^\s*\|.*\|\s*$/;
const elementLine = /,\s*(?:\/\/.*|#.*)?$/;
const proseFile = /\.(?:md|mdx|rst|txt|adoc|ya?ml)$/i;

/** Merged as data, by key: never as lines. */
const dataFile = /\.(?:json[c5]?|toml|lock|sum|mod|xml|svg|csv)$/i;
const importLine = /^\s*(?:import|from|use|require|export \*)\b/;

/** Says that a program writes the file: its next run decides, not a union. */
const generated = /\b(?:generated (?:by|from|with)|auto-?generated|do not edit)\b/i;

/** Longer lists are no hand's work. */
const mostEntries = 2_000;

const solidLines = (text: string) => splitLines(text).filter((line) => line.trim() !== "");

/** The solid lines right before and after the hunk. */
function adjacent(context: HunkContext): string[] {
  return [solidLines(context.before).at(-1), solidLines(context.after).at(0)].filter(
    (line) => line !== undefined,
  );
}

/** Which form of list the sides are; `null` for none. */
function formOf(hunk: Hunk, context: HunkContext): ListForm | null {
  if (isLineFile(context.path)) return "lines";
  if (dataFile.test(context.path)) return null;
  const lines = solidLines(hunk.ours + hunk.theirs);
  const around = adjacent(context);
  if (lines.every((line) => rowLine.test(line)) && around.some((line) => rowLine.test(line))) return "rows";
  if (proseFile.test(context.path)) {
    const starts = [hunk.ours, hunk.theirs].every((side) => bulletLine.test(solidLines(side)[0] ?? "-  x"));
    return starts && around.some((line) => bulletLine.test(line)) ? "bullets" : null;
  }
  const forms = new Set(around.map(skeleton));
  if (lines.some((line) => importLine.test(line))) return null;
  if (lines.every((line) => forms.has(skeleton(line))) && !lines.some((line) => elementLine.test(line)))
    return "alike";
  const ends = [hunk.ours, hunk.theirs].every((side) =>
    elementLine.test(solidLines(side).at(-1)?.trimEnd() ?? ","),
  );
  const before = solidLines(context.before).at(-1)?.trimEnd() ?? "";
  if (!ends || !(elementLine.test(before) || /[[{(]$/.test(before))) return null;
  return "[{".includes(openBracket(context.before) || "(") ? "elements" : null;
}

interface Read {
  readonly base: readonly ListEntry[];
  readonly ours: readonly ListEntry[];
  readonly theirs: readonly ListEntry[];
}

function readSides(hunk: Hunk, form: ListForm): Read | null {
  const base = readEntries(hunk.base, form);
  const ours = readEntries(hunk.ours, form);
  const theirs = readEntries(hunk.theirs, form);
  if (!base || !ours || !theirs || base.length + ours.length + theirs.length > mostEntries) return null;
  return { base, ours, theirs };
}

const keysOf = (entries: readonly ListEntry[]) => entries.map(({ key }) => key);
const twice = (entries: readonly ListEntry[]) => new Set(keysOf(entries)).size < entries.length;

/** Whether a key stands for different things in different versions: then somebody changed an entry, and a union is no answer. */
function rivals({ base, ours, theirs }: Read): boolean {
  const known = new Map<string, string>();
  return [...base, ...ours, ...theirs].some(({ key, flat }) => {
    const other = known.get(key);
    known.set(key, flat);
    return other !== undefined && other !== flat;
  });
}

function order(read: Read, context: HunkContext): string[] {
  const merged = unionOrdered(keysOf(read.base), keysOf(read.ours), keysOf(read.theirs));
  const ends = [solidLines(context.before).at(-1), solidLines(context.after).at(0)].map((line) =>
    skeletonKey(line),
  );
  const framed = (keys: readonly string[]) => [ends[0], ...keys, ends[1]].filter((key) => key !== undefined);
  const wasSorted = isSorted(framed(keysOf(read.ours))) && isSorted(framed(keysOf(read.theirs)));
  return wasSorted && framed(merged).length > 2 ? [...merged].sort() : merged;
}

function skeletonKey(line: string | undefined): string | undefined {
  return line === undefined ? undefined : readEntries(line, "lines")?.[0]?.key;
}

function write(read: Read, keys: readonly string[], form: ListForm): string {
  const entries = new Map([...read.theirs, ...read.ours].map((entry) => [entry.key, entry]));
  const ending = endingOf(read.ours.map(({ text }) => text).join(""));
  const firstOfTheirs = read.theirs[0];
  return keys
    .flatMap((key) => entries.get(key) ?? [])
    .map((entry, index, all) => {
      const last = index === all.length - 1;
      const text = last || entry.text.endsWith("\n") ? entry.text : entry.text + ending;
      const lead = index > 0 && entry === firstOfTheirs && form !== "lines" ? "" : entry.lead;
      return lead + text;
    })
    .join("");
}

/** Settles hunks that are runs of whole entries, where no entry was changed and none occurs twice. */
export const listsTier: HunkTier = {
  name: "lists",
  settle(hunk: Hunk, context: HunkContext): Settlement | null {
    if (isChangelog(context.path) || generated.test(context.before + context.after)) return null;
    const form = formOf(hunk, context);
    const read = form && readSides(hunk, form);
    if (!form || !read || twice(read.base) || twice(read.ours) || twice(read.theirs) || rivals(read))
      return null;
    const around = new Set(readEntries(context.before + context.after, "lines")?.map(({ key }) => key));
    const change = compareSets(keysOf(read.base), keysOf(read.ours), keysOf(read.theirs));
    if ([...change.oursAdds, ...change.theirsAdds].some((key) => around.has(key))) return null;
    const kind = kindOf(change);
    if (kind !== "both-add" && form !== "lines" && form !== "elements") return null;
    const company = context.hunks === 1 ? "only-conflict" : "among-conflicts";
    return {
      tier: "semantic",
      class: `lists/${kind}/${company}/${form}`,
      text: write(read, order(read, context), form),
      why:
        kind === "both-add"
          ? "Both sides only add entries to a list: the result has all of them, each side's order kept."
          : "The sides add to a list and take from it: the result has what was added and not what was removed.",
    };
  },
};
