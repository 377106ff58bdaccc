// A whole JSON file merged by key, and the merged text cut back into the hunks of the file.
import type { ConflictedFile, Segment, Settlement } from "../core/conflict.ts";
import { countErrors } from "../syntax/json.ts";
import { classOf } from "./json-class.ts";
import { joinLines, lineEndings } from "./json-endings.ts";
import { linesOf, readDocument, type JsonItem } from "./json-items.ts";
import { mergeRoot, type Change, type JsonFileKind, type Sides } from "./json-merge.ts";
import { explain } from "./json-why.ts";
import { splitLines } from "./lines.ts";

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
  const spans = spansOf(file.segments);
  return texts.map((text, index) => {
    const span = spans[index];
    const own = merged.changes.filter((change) => span !== undefined && touches(change, span));
    // A hunk that no change can be placed in is judged as the whole file is.
    const changes = own.length === 0 ? merged.changes : own;
    return { tier: "semantic", class: classOf(changes, kind), text, why: explain(changes) };
  });
}

/** The parts of `text` that stand where the hunks stand. */
function cut(text: string, segments: readonly Segment[]): string[] | null {
  const parts: string[] = [];
  let at = 0;
  for (const [index, segment] of segments.entries()) {
    const opens = segments[index - 1]?.kind !== "hunk";
    const found =
      segment.kind === "hunk"
        ? at
        : find(text, segment.text, { at, opens, last: index === segments.length - 1 });
    if (found === null || (segment.kind === "hunk" && !opens)) return null;
    if (!opens) parts.push(text.slice(at, found));
    at = segment.kind === "hunk" ? at : found + segment.text.length;
  }
  if (segments.at(-1)?.kind === "hunk") parts.push(text.slice(at));
  return parts;
}

interface Search {
  readonly at: number;
  /** No hunk stands before: the text must be right here. */
  readonly opens: boolean;
  /** Nothing stands after: the text must be at the very end. */
  readonly last: boolean;
}

/** Where a clean text begins, at the start of a line; `null` if it is not there. */
function find(text: string, clean: string, { at, opens, last }: Search): number | null {
  if (opens) return text.startsWith(clean, at) ? at : null;
  if (last) {
    const start = text.length - clean.length;
    return start >= at && text.endsWith(clean) && atLineStart(text, start) ? start : null;
  }
  let start = text.indexOf(clean, at);
  while (start !== -1 && !atLineStart(text, start)) start = text.indexOf(clean, start + 1);
  return start === -1 ? null : start;
}

function atLineStart(text: string, index: number): boolean {
  return index === 0 || text[index - 1] === "\n";
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

function touches(change: Change, span: Span): boolean {
  const inside = (item: JsonItem | undefined, { from, to }: Span["base"]): boolean =>
    item !== undefined && item.first < to && item.last >= from;
  return (
    inside(change.ours, span.ours) || inside(change.theirs, span.theirs) || inside(change.base, span.base)
  );
}
