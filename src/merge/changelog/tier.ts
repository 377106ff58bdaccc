// The tier for changelogs: what both sides note is kept, under the heading it was written.
import type { Hunk, Settlement } from "../../core/conflict.ts";
import { isChangelog, mergeChangelogs, readChangelog } from "./changelog.ts";
import type { ChangelogEntry } from "./changelog.ts";
import { splitLines } from "../lines.ts";
import type { SetChangeKind } from "../lists/ordered-union.ts";
import type { HunkContext, HunkTier } from "../tier.ts";

/** Continuation lines of an entry whose end both sides share, and which trimming therefore left outside the hunk. */
function continuation(after: string): string {
  const lines = splitLines(after);
  const end = lines.findIndex((line) => !/^[ \t]+[^\s*+-]/.test(line));
  return lines.slice(0, end < 0 ? lines.length : end).join("");
}

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** Shared words by all words (Jaccard), 0 to 1. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / Math.max(1, one.size + other.size - shared);
}

/** Entries of the two sides that are more alike than this are taken for two wordings of one note. */
const sameNote = 0.5;

function tellTheSame(ours: readonly ChangelogEntry[], theirs: readonly ChangelogEntry[]): boolean {
  const words = theirs.map(({ key }) => wordsOf(key));
  return ours.some(({ key }) => {
    const mine = wordsOf(key);
    return words.some((other) => likeness(mine, other) > sameNote);
  });
}

const entriesOf = (text: string) => readChangelog(text).sections.flatMap(({ entries }) => entries);
const isNew = (known: readonly ChangelogEntry[]) => {
  const keys = new Set(known.map(({ key }) => key));
  return ({ key }: ChangelogEntry) => !keys.has(key);
};

/** The most entries compared pair by pair; hunks with more are no hand-written notes. */
const mostEntries = 400;

const whys: Readonly<Record<SetChangeKind, string>> = {
  "both-add": "Both sides add notes to the changelog: all of them are kept, ours first.",
  "one-removes":
    "Both sides change the changelog and one removes notes: what was added is kept, what was removed is not.",
  "both-remove": "Both sides change and remove notes: what was added is kept, what was removed is not.",
};

function shapeOf(
  ours: readonly ChangelogEntry[],
  theirs: readonly ChangelogEntry[],
  sections: boolean,
): string {
  if (sections) return "sections";
  if ([...ours, ...theirs].some(({ isBullet }) => !isBullet)) return "text";
  return ours.length === 1 && theirs.length === 1 ? "one-bullet-each" : "bullets";
}

/** Settles hunks in changelogs where each side's notes are whole and none tells the same as another. */
export const changelogTier: HunkTier = {
  name: "changelog",
  settle(hunk: Hunk, context: HunkContext): Settlement | null {
    if (!isChangelog(context.path) || /^[ \t]/.test(hunk.ours) !== /^[ \t]/.test(hunk.theirs)) return null;
    const tail = continuation(context.after);
    const merged = mergeChangelogs(hunk.base + tail, hunk.ours + tail, hunk.theirs + tail);
    if (!merged?.text.endsWith(tail)) return null;
    const sides = { base: entriesOf(hunk.base), ours: entriesOf(hunk.ours), theirs: entriesOf(hunk.theirs) };
    const ours = sides.ours.filter(isNew(sides.base)).filter(isNew(sides.theirs));
    const theirs = sides.theirs.filter(isNew(sides.base)).filter(isNew(sides.ours));
    if (ours.length + theirs.length > mostEntries || tellTheSame(ours, theirs)) return null;
    const around = entriesOf(context.before + context.after);
    if ([...ours, ...theirs].some((entry) => !isNew(around)(entry))) return null;
    const sections = [hunk.ours, hunk.theirs].some((side) => readChangelog(side).sections.length > 1);
    const shape = shapeOf(ours, theirs, sections);
    return {
      tier: "semantic",
      class: `changelog/${merged.kind}/${shape}`,
      text: merged.text.slice(0, merged.text.length - tail.length),
      why: whys[merged.kind],
    };
  },
};
