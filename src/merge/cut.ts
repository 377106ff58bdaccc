// A merged whole text cut back into the hunks of its file.
import type { Segment } from "../core/conflict.ts";
import { findRun, splitLines } from "./lines.ts";

/**
 * The parts of `text` that stand where the hunks stand, such that the clean text with these in place of the hunks is `text`, byte for byte;
 * `null` if the clean text is not all there, in order.
 */
export function cut(text: string, segments: readonly Segment[]): string[] | null {
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
