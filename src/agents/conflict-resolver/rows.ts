// Rows of the report: a hunk, or a path that has none.
import type { Conflict, Hunk, HunkResolution, RankedCandidate } from "../../core/conflict.ts";
import type { LocalCounts } from "../../core/memory.ts";
import { candidateCharacters, reportedCandidates, restsOnModel, resultCharacters } from "../../core/task.ts";
import type { CandidateReport, HunkReport } from "../../core/task.ts";
import { standingOf } from "./bar.ts";

/** What a comment shows of one side: enough to recognise it, small enough for 50 of them. */
const shownLines = 40;
const shownCharacters = 2_000;

function cut(text: string, characters = shownCharacters, most = shownLines): string {
  const lines = text.split("\n");
  const short = lines.slice(0, most).join("\n").slice(0, characters);
  return short.length < text.length ? `${short}\n… (cut; ${lines.length} lines in all)` : short;
}

/** Characters that the note on what was cut may take. */
const noteCharacters = 50;

/** Of what a model settled a person has to see all that may be pushed: lines enough that the characters are met first. */
const resultLines = 400;

function candidateRow({ text, why, probability }: RankedCandidate): CandidateReport {
  return { text: cut(text, candidateCharacters - noteCharacters), why, probability };
}

const sidesRow = ({ base, ours, theirs }: Hunk): NonNullable<HunkReport["sides"]> => ({
  base: cut(base),
  ours: cut(ours),
  theirs: cut(theirs),
});

/** What a person who may push it has to see of a hunk that rests on a model. The base is not shown with it. */
function restingOnModel(hunk: Hunk, settled: string): Pick<HunkReport, "sides" | "result"> {
  const long = (text: string): string => cut(text, resultCharacters - noteCharacters, resultLines);
  const sides = { ...sidesRow(hunk), ours: long(hunk.ours), theirs: long(hunk.theirs) };
  const text = long(settled);
  const whole = text === settled && sides.ours === hunk.ours && sides.theirs === hunk.theirs;
  return { sides, result: { text, whole } };
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
    result: null,
    proof: null,
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
      sides: sidesRow(hunk),
      candidates: candidates.slice(0, reportedCandidates).map(candidateRow),
      result: null,
      proof: null,
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
    ...(restsOnModel(settlement) ? restingOnModel(hunk, settlement.text) : { sides: null, result: null }),
    candidates: [],
    proof: null,
  };
}
