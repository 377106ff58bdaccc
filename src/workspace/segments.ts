// The output of `git merge-file --diff3` as segments: clean text and hunks that give each side back byte for byte.
import type { Segment } from "../core/conflict.ts";

/** The three sides of a file, whole. `base` is "" when both sides added it. */
export interface Sides {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Far above what people write, so the search below seldom takes a second step. */
const leastMarkerSize = 20;

/** A marker length that no line of the sides starts with, so that no line of theirs is taken for a marker. */
export function markerSizeFor(sides: Sides): number {
  const taken = new Set<number>();
  for (const text of [sides.base, sides.ours, sides.theirs]) {
    for (const line of text.split("\n")) taken.add(markerRun(line));
  }
  let size = leastMarkerSize;
  while (taken.has(size)) size += 1;
  return size;
}

/** How many times a line's first character is repeated at its start, if it is a marker character; 0 otherwise. */
function markerRun(line: string): number {
  const first = line[0];
  if (first === undefined || !"<|=>".includes(first)) return 0;
  let length = 1;
  while (line[length] === first) length += 1;
  return length;
}

const order = ["<", "|", "=", ">"];

/**
 * Splits merged text at its markers. `null` when they do not come in git's order: the text is then not what git wrote for these sides.
 * Git ends a side's unfinished last line before a marker; that newline is taken away again.
 */
export function parseSegments(merged: string, markerSize: number, sides: Sides): Segment[] | null {
  const lines = merged.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const markers = lines.flatMap((line, index) => (markerRun(line) === markerSize ? [index] : []));
  const between = (from: number | undefined, to: number | undefined) =>
    lines.slice(from === undefined ? 0 : from + 1, to).join("");
  const segments: Segment[] = [];
  const addClean = (text: string) => {
    if (text !== "") segments.push({ kind: "clean", text });
  };
  for (let at = 0; at < markers.length; at += order.length) {
    const hunk = markers.slice(at, at + order.length);
    if (hunk.map((index) => lines[index]?.charAt(0)).join("") !== order.join("")) return null;
    const [start, middle, equals, end] = hunk;
    const last = end === lines.length - 1;
    const side = (text: string, whole: string) => (last ? withoutAddedNewline(text, whole) : text);
    addClean(between(markers[at - 1], start));
    segments.push({
      kind: "hunk",
      base: side(between(middle, equals), sides.base),
      ours: side(between(start, middle), sides.ours),
      theirs: side(between(equals, end), sides.theirs),
    });
  }
  addClean(between(markers.at(-1), undefined));
  return segments;
}

/** The last hunk reaches the end of each side: where the side's last line has no newline, git put one there. */
function withoutAddedNewline(text: string, whole: string): string {
  if (text === "" || whole === "" || whole.endsWith("\n")) return text;
  const bare = text.slice(0, -1);
  return whole.endsWith(bare) ? bare : bare.replace(/\r$/, "");
}
