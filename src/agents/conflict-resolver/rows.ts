// Rows of the report: a hunk, or a path that has none.
import type { Conflict, ConflictedFile, HunkResolution } from "../../core/conflict.ts";
import type { HunkReport } from "../../core/task.ts";
import { precisionOf } from "../../merge/precision.ts";

/** What a comment shows of one side: enough to recognise it, small enough for 50 of them. */
const shownLines = 40;
const shownCharacters = 2_000;

function cut(text: string): string {
  const lines = text.split("\n");
  const short = lines.slice(0, shownLines).join("\n").slice(0, shownCharacters);
  return short.length < text.length ? `${short}\n… (cut; ${lines.length} lines in all)` : short;
}

/** The row of a path that is in conflict as a whole. */
export function openPath(conflict: Conflict, why: string): HunkReport {
  const { path, kind } = conflict;
  return {
    path,
    index: 0,
    tier: "human",
    class: kind,
    settled: false,
    precision: null,
    aboveBar: false,
    why,
    line: 1,
    sides: null,
  };
}

/** The row of one hunk; `line` is 1-based in the head's file. */
export function hunkRow(
  path: string,
  { hunk, settlement, why }: HunkResolution,
  place: { index: number; line: number; bar: number },
): HunkReport {
  const { index, line, bar } = place;
  if (!settlement) {
    const sides = { base: cut(hunk.base), ours: cut(hunk.ours), theirs: cut(hunk.theirs) };
    return {
      path,
      index,
      tier: "human",
      class: "open",
      settled: false,
      precision: null,
      aboveBar: false,
      why,
      line,
      sides,
    };
  }
  const { lower } = precisionOf(settlement.tier, settlement.class);
  return {
    path,
    index,
    tier: settlement.tier,
    class: settlement.class,
    settled: true,
    precision: lower,
    aboveBar: lower >= bar,
    why,
    line,
    sides: null,
  };
}

/** The 1-based line in the head's file at which each hunk begins. */
export function hunkLines(file: ConflictedFile): number[] {
  const lines: number[] = [];
  let line = 1;
  for (const segment of file.segments) {
    const text = segment.kind === "clean" ? segment.text : segment.ours;
    if (segment.kind === "hunk") lines.push(line);
    line += text.split("\n").length - 1;
  }
  return lines;
}
