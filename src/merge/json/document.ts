// A whole JSON file merged by key, and the merged text cut back into the hunks of the file.
import type { ConflictedFile, Segment, Settlement } from "../../core/conflict.ts";
import { countErrors } from "../../syntax/json.ts";
import { classOf } from "./class.ts";
import { joinLines, lineEndings } from "./endings.ts";
import { linesOf, readDocument, type JsonItem } from "./items.ts";
import { mergeRoot, type Change, type JsonFileKind, type Sides } from "./merge.ts";
import { explain } from "./why.ts";
import { findRun, splitLines } from "../lines.ts";

export interface MergedDocument {
  readonly text: string;
  readonly changes: readonly Change[];
}

/** `null` where the sides want different things of one key, or where a side is not laid out one thing a line. */
export function mergeDocument(file: ConflictedFile, kind: JsonFileKind): MergedDocument | null {
  const endings = lineEndings({ base: file.base ?? "", ours: file.ours, theirs: file.theirs });
  const [ours, theirs] = [rootOf(file.ours), rootOf(file.theirs)];
  const base = file.base === null ? undefined : rootOf(file.base);
  if (base === null || ours === null || theirs === null || endings === null) return null;
  const merged = mergeRoot({ base: base?.item, ours: ours.item, theirs: theirs.item }, kind);
  if (merged === null || ours.rest.join("\n") !== theirs.rest.join("\n")) return null;
  const text = joinLines([...linesOf(merged.item, false), ...ours.rest], endings);
  return countErrors(text) === 0 ? { text, changes: merged.changes } : null;
}

function rootOf(text: string): { readonly item: JsonItem; readonly rest: readonly string[] } | null {
  const document = readDocument(text);
  const item = document?.items[0];
  return document === null || item === undefined ? null : { item, rest: document.rest };
}

/**
 * One settlement per hunk, such that the file's clean text with these in place of its hunks is the merged text, byte for byte;
 * `null` if the merged text differs from what git merged cleanly.
 */
export function settleHunks(
  file: ConflictedFile,
  merged: MergedDocument,
  kind: JsonFileKind,
): readonly Settlement[] | null {
  const texts = cut(merged.text, file.segments);
  if (texts === null) return null;
  const changes = changesBySpan(merged.changes, spansOf(file.segments));
  const judge = (own: readonly Change[]) => ({ class: classOf(own, kind), why: explain(own) });
  // A hunk that no change can be placed in is judged as the whole file is.
  const whole = judge(merged.changes);
  return texts.map((text, index) => {
    const own = changes[index] ?? [];
    return { tier: "semantic", text, ...(own.length === 0 ? whole : judge(own)) };
  });
}

/** The parts of `text` that stand where the hunks stand. */
function cut(text: string, segments: readonly Segment[]): string[] | null {
  const lines = splitLines(text);
  const parts: string[] = [];
  let at = 0;
  for (const [index, segment] of segments.entries()) {
    const opens = segments[index - 1]?.kind !== "hunk";
    if (segment.kind === "hunk") {
      if (!opens) return null;
      continue;
    }
    const clean = splitLines(segment.text);
    const found = find(lines, clean, { at, opens, last: index === segments.length - 1 });
    if (found === null) return null;
    if (!opens) parts.push(lines.slice(at, found).join(""));
    at = found + clean.length;
  }
  if (segments.at(-1)?.kind === "hunk") parts.push(lines.slice(at).join(""));
  return parts;
}

interface Search {
  readonly at: number;
  /** No hunk stands before: the text must be right here. */
  readonly opens: boolean;
  /** Nothing stands after: the text must be at the very end. */
  readonly last: boolean;
}

/** The number of the line a clean text begins at; `null` if it is not there. */
function find(
  lines: readonly string[],
  clean: readonly string[],
  { at, opens, last }: Search,
): number | null {
  const isAt = (start: number): boolean =>
    start >= at && clean.every((line, index) => line === lines[start + index]);
  if (opens) return isAt(at) ? at : null;
  if (last) return isAt(lines.length - clean.length) ? lines.length - clean.length : null;
  return findRun(lines, clean, at);
}

type Span = Sides<{ readonly from: number; readonly to: number }>;

/** The lines, from 0 and without the last, that each hunk takes up on each side. */
function spansOf(segments: readonly Segment[]): Span[] {
  const at = { base: 0, ours: 0, theirs: 0 };
  const spans: Span[] = [];
  for (const segment of segments) {
    const texts = segment.kind === "clean" ? undefined : segment;
    const clean = segment.kind === "clean" ? segment.text : "";
    const take = (side: keyof typeof at): { from: number; to: number } => {
      const from = at[side];
      at[side] += splitLines(texts === undefined ? clean : texts[side]).length;
      return { from, to: at[side] };
    };
    const span = { base: take("base"), ours: take("ours"), theirs: take("theirs") };
    if (texts !== undefined) spans.push(span);
  }
  return spans;
}

/** The changes that touch each span, in order. */
function changesBySpan(changes: readonly Change[], spans: readonly Span[]): readonly Change[][] {
  const bySpan: Change[][] = spans.map(() => []);
  for (const change of changes) {
    const touched = (["ours", "theirs", "base"] as const).flatMap((side) =>
      touchedBy(change[side], side, spans),
    );
    for (const index of new Set(touched)) bySpan[index]?.push(change);
  }
  return bySpan;
}

/** The spans that an item reaches into. A side's spans stand one behind the other, so the first is looked up. */
function touchedBy(item: JsonItem | undefined, side: keyof Span, spans: readonly Span[]): number[] {
  const touched: number[] = [];
  if (item === undefined) return touched;
  for (let index = firstBehind(spans, side, item.first); index < spans.length; index++) {
    const span = spans[index]?.[side];
    if (span === undefined || span.from > item.last) break;
    touched.push(index);
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
