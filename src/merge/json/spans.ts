// Which of the changes of a whole file stand in which of its hunks.
import type { ConflictedFile } from "../../core/conflict.ts";
import { splitLines } from "../lines.ts";
import type { Sides } from "./merge.ts";

/** Line numbers from 0 in the text of a side, both included. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

/** The changes that touch each hunk, in order. */
export function changesByHunk<T extends Sides<Lines | undefined>>(
  changes: readonly T[],
  file: ConflictedFile,
): readonly (readonly T[])[] {
  const spans = spansOf(file);
  const byHunk: T[][] = spans.map(() => []);
  for (const change of changes) {
    const touched = SIDES.flatMap((side) => touchedBy(change[side], side, spans));
    for (const index of new Set(touched)) byHunk[index]?.push(change);
  }
  return byHunk;
}

type Span = Sides<{ readonly from: number; readonly to: number }>;

const SIDES = ["ours", "theirs", "base"] as const;

/** The lines, from 0 and without the last, that each hunk takes up on each side. */
function spansOf(file: ConflictedFile): Span[] {
  const [ours = [], theirs = [], base = []] = SIDES.map((side) => placesOf(file, side));
  return ours.flatMap((span, index) => {
    const [other, old] = [theirs[index], base[index]];
    return other === undefined || old === undefined ? [] : [{ ours: span, theirs: other, base: old }];
  });
}

/**
 * Where the hunks stand in one side. Clean text is what git merged, so that a side may have more or fewer lines there: a hunk stands where its
 * lines, and the clean ones next to it, are found nearest to where the clean text would put it.
 */
function placesOf({ segments, ...file }: ConflictedFile, side: keyof Span): { from: number; to: number }[] {
  const lines = splitLines(file[side] ?? "");
  const places: { from: number; to: number }[] = [];
  let at = 0;
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === "clean") {
      at += splitLines(segment.text).length;
      continue;
    }
    const own = splitLines(segment[side]);
    const [before, after] = [segments[index - 1], segments[index + 1]];
    const above = before?.kind === "clean" ? splitLines(before.text).slice(-1) : [];
    const below = after?.kind === "clean" ? splitLines(after.text).slice(0, 1) : [];
    const found = nearest(lines, [...above, ...own, ...below], at - above.length);
    const from = found === null ? at : found + above.length;
    places.push({ from, to: from + own.length });
    at = from + own.length;
  }
  return places;
}

/** The first line of the run's occurrence that begins nearest to a line; `null` if there is none. */
function nearest(lines: readonly string[], run: readonly string[], near: number): number | null {
  const isAt = (start: number): boolean =>
    start >= 0 && run.every((line, index) => line === lines[start + index]);
  for (let distance = 0; distance <= lines.length; distance++) {
    if (isAt(near - distance)) return near - distance;
    if (isAt(near + distance)) return near + distance;
  }
  return null;
}

/** The spans that an item reaches into. A side's spans stand one behind the other, so the first is looked up. */
function touchedBy(item: Lines | undefined, side: keyof Span, spans: readonly Span[]): number[] {
  const touched: number[] = [];
  if (item === undefined) return touched;
  for (let index = firstBehind(spans, side, item.first); index < spans.length; index++) {
    const span = spans[index]?.[side];
    if (span === undefined || span.from > item.last) break;
    if (span.to > item.first) touched.push(index);
  }
  return touched;
}

/** The first span of a side that ends behind a line, by bisection. */
function firstBehind(spans: readonly Span[], side: keyof Span, line: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.[side].to ?? 0) > line) high = middle;
    else low = middle + 1;
  }
  return low;
}
