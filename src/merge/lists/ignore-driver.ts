// The driver for ignore files and lists of people: lines that mean the same wherever they stand, as long as none takes another back.
import type { ConflictedFile, Hunk, Settlement } from "../../core/conflict.ts";
import { splitLines, withoutEnding } from "../lines.ts";
import type { FileDriver } from "../tier.ts";
import { compareSets, isSorted, kindOf, unionOrdered, type SetChange } from "./ordered-union.ts";

/** Mercurial's ignore file is left out: a line of it says how the lines below are read. */
const listFile = /(?:^|\/)(?:\.(?!hgignore$)\w*ignore|\.mailmap|authors|contributors)$/i;

/** Longer lists are no hand's work. */
const mostLines = 2_000;

interface Line {
  /** Without its ending. */
  readonly key: string;
  /** Blank lines before it. */
  readonly lead: string;
  readonly text: string;
}

interface List {
  readonly lines: readonly Line[];
  /** Blank lines behind the last. */
  readonly tail: string;
}

/** Settles each hunk in which both sides add or remove different lines; the others are left open. */
export const ignoreListDriver: FileDriver = {
  name: "ignore-list",
  matches: (path) => listFile.test(path),
  merge: (file) => ({ settlements: settle(file) }),
};

function settle({ segments }: ConflictedFile): (Settlement | null)[] {
  const hunks = segments.filter((segment) => segment.kind === "hunk");
  const company = hunks.length === 1 ? "only-conflict" : "among-conflicts";
  const around = new Map<string, number>();
  const count = (line: string, by: number) => around.set(line, (around.get(line) ?? 0) + by);
  for (const segment of segments)
    for (const line of keysIn(segment.kind === "clean" ? [segment.text] : sidesOf(segment))) count(line, 1);
  return segments.flatMap((segment, index) => {
    if (segment.kind === "clean") return [];
    const own = keysIn(sidesOf(segment));
    for (const line of own) count(line, -1);
    const [before, after] = [segments[index - 1], segments[index + 1]];
    const beside = {
      before: before?.kind === "clean" ? splitLines(before.text).findLast(isSolid) : undefined,
      after: after?.kind === "clean" ? splitLines(after.text).find(isSolid) : undefined,
    };
    const settlement = settleHunk(segment, (line) => (around.get(line) ?? 0) > 0, beside);
    for (const line of own) count(line, 1);
    return [settlement && { ...settlement, class: `${settlement.class}/${company}/ignore` }];
  });
}

const isSolid = (line: string): boolean => line.trim() !== "";

function sidesOf({ base, ours, theirs }: Hunk): string[] {
  return [base, ours, theirs];
}

function keysIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => splitLines(text).filter(isSolid).map(withoutEnding)));
}

interface Beside {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

function settleHunk(hunk: Hunk, isElsewhere: (line: string) => boolean, beside: Beside): Settlement | null {
  const lists = readLists(hunk);
  if (lists === null) return null;
  const { base, ours, theirs } = lists;
  const keys = [base, ours, theirs].map(({ lines }) => lines.map(({ key }) => key));
  const [before = [], own = [], other = []] = keys;
  const change = compareSets(before, own, other);
  const added = [...change.oursAdds, ...change.theirsAdds];
  if (takesBack(keys.flat()) || isReplaced(change) || added.some(isElsewhere)) return null;
  const merged = unionOrdered(before, own, other);
  const sorted = isSortedPlace([own, other], beside) ? merged.sort() : merged;
  const kind = kindOf(change);
  return {
    tier: "semantic",
    class: `lists/${kind}`,
    text: write(ours, theirs, sorted),
    why:
      kind === "both-add"
        ? "Both sides only add lines to a list: the result has all of them, each side's order kept."
        : "The sides add to a list and take from it: the result has what was added and not what was removed.",
  };
}

/** `null` if one of the sides is no plain list. */
function readLists(hunk: Hunk): { base: List; ours: List; theirs: List } | null {
  const [base, ours, theirs] = sidesOf(hunk).map(readList);
  return base && ours && theirs && sameEndings(hunk) ? { base, ours, theirs } : null;
}

/** Whether a pattern takes back what stands above it: there the order is all that counts. */
function takesBack(keys: readonly string[]): boolean {
  return keys.some((key) => key.startsWith("!"));
}

/** `null` for a list in which a line occurs twice, or that is too long. */
function readList(text: string): List | null {
  const lines: Line[] = [];
  let lead = "";
  for (const line of splitLines(text)) {
    if (isSolid(line)) {
      lines.push({ key: withoutEnding(line), lead, text: line });
      lead = "";
    } else lead += line;
  }
  const isPlain = new Set(lines.map(({ key }) => key)).size === lines.length && lines.length <= mostLines;
  return isPlain ? { lines, tail: lead } : null;
}

/** Whether every line of the hunk ends alike, and has an ending. */
function sameEndings(hunk: Hunk): boolean {
  const lines = sidesOf(hunk).flatMap(splitLines);
  return (
    new Set(lines.map((line) => line.slice(withoutEnding(line).length))).size === 1 &&
    lines.every((line) => line.endsWith("\n"))
  );
}

/** Whether both sides took a line away and one put something in its place. */
function isReplaced({ oursAdds, theirsAdds, oursRemoves, theirsRemoves }: SetChange): boolean {
  const gone = new Set(oursRemoves);
  return oursAdds.length + theirsAdds.length > 0 && theirsRemoves.some((key) => gone.has(key));
}

/** Whether each side is sorted, with the lines right before and after the hunk. Comments stand where they stand. */
function isSortedPlace(sides: readonly (readonly string[])[], { before, after }: Beside): boolean {
  if (before === undefined || after === undefined) return false;
  const ends = [withoutEnding(before), withoutEnding(after)] as const;
  return sides.every((keys) => {
    const all = [ends[0], ...keys, ends[1]];
    return isSorted(all) && !all.some((line) => line.startsWith("#"));
  });
}

function write(ours: List, theirs: List, keys: readonly string[]): string {
  const lines = new Map([...theirs.lines, ...ours.lines].map((line) => [line.key, line]));
  // Blank lines before a side's first line belong to what stands above it, not to the line.
  const firsts = new Set([ours.lines[0], theirs.lines[0]]);
  const lead = (ours.lines[0] ?? theirs.lines[0])?.lead ?? "";
  const texts = keys
    .flatMap((key) => lines.get(key) ?? [])
    .map((line, index) => (index === 0 ? lead : firsts.has(line) ? "" : line.lead) + line.text);
  return texts.join("") + (ours.tail === "" ? theirs.tail : ours.tail);
}
