// Rows of the report: a hunk, or a path that has none.
import type { Conflict, HunkResolution, RankedCandidate } from "../../core/conflict.ts";
import type { LocalCounts } from "../../core/memory.ts";
import { candidateCharacters, reportedCandidates } from "../../core/task.ts";
import type { CandidateReport, HunkReport } from "../../core/task.ts";
import { standingOf } from "./bar.ts";

/** What a comment shows of one side: enough to recognise it, small enough for 50 of them. */
const shownLines = 40;
const shownCharacters = 2_000;

function cut(text: string, characters = shownCharacters): string {
  const lines = text.split("\n");
  const short = lines.slice(0, shownLines).join("\n").slice(0, characters);
  return short.length < text.length ? `${short}\n… (cut; ${lines.length} lines in all)` : short;
}

/** Characters that the note on what was cut may take. */
const noteCharacters = 50;

function candidateRow({ text, why, probability }: RankedCandidate): CandidateReport {
  return { text: cut(text, candidateCharacters - noteCharacters), why, probability };
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
    candidates: [],
  };
}

/** The row of one hunk; `line` is 1-based in the head's file, `counts` are the repository's own. `approved` holds no hunk below the bar. */
export function hunkRow(
  path: string,
  { hunk, settlement, why, candidates }: HunkResolution,
  place: { index: number; line: number; bar: number; counts: LocalCounts; approved: boolean },
): HunkReport {
  const { index, line } = place;
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
      candidates: candidates.slice(0, reportedCandidates).map(candidateRow),
    };
  }
  return {
    path,
    index,
    tier: settlement.tier,
    class: settlement.class,
    settled: true,
    ...standingOf(settlement, place),
    why,
    line,
    sides: null,
    candidates: [],
  };
}
