// The ranked tier: the hunks of a file settled most certain first, each settled one telling about the rest.
import type {
  ConflictedFile,
  FileResolution,
  Hunk,
  HunkResolution,
  RankedCandidate,
  Settlement,
} from "../../core/conflict.ts";
import type { SettledSibling } from "../../core/conflict.ts";
import { hasTooManyHunks } from "../limits.ts";
import { contextsOf } from "../ladder.ts";
import { lessonOf } from "./features/sibling-features.ts";
import type { Lesson } from "./features/sibling-features.ts";
import { mostTelling } from "./most-telling.ts";
import type { Prepared } from "./prepare.ts";
import { readHunk } from "./read-hunk.ts";
import type { ReadHunk } from "./read-hunk.ts";
import { isCertain, likelier } from "./settle.ts";

/** Candidates of a hunk that are handed on: what a person looks through, or a model picks from. */
const mostHandedOn = 8;
/** UTF-16 units of hunks that are read in one file, about 5 s of work; the rest stays as the rules left it. */
const mostRead = 400_000;
/** Times that the open hunks are ranked anew: after that hardly one more is settled. */
const mostRounds = 4;

/** A hunk while the file is being settled. */
interface Standing {
  readonly hunk: Hunk;
  readonly rerank: ReadHunk["rerank"];
  /** What a rule made of it; the ranker may find something likelier. */
  readonly ruled: Settlement | null;
  settlement: Settlement | null;
  candidates: readonly RankedCandidate[];
}

/** What of the merge is settled outside this file. */
export interface RankOptions {
  readonly siblings?: readonly SettledSibling[];
}

/**
 * Ranks the candidates of every hunk that is not settled for certain, and settles those whose first candidate is likely enough. Hunks settled for certain
 * (by memory, or by a rule that is right nine times in ten) are known beforehand; whatever is settled then re-ranks the rest.
 */
export function rankFile(
  file: ConflictedFile,
  resolution: FileResolution,
  prepared: Prepared,
  { siblings = [] }: RankOptions = {},
): FileResolution {
  // What its tool should write anew is not for the ranker: its parts depend on each other.
  if (hasTooManyHunks(file) || resolution.regeneration !== null) return resolution;
  const contexts = contextsOf(file);
  const lessons: Lesson[] = siblings.map(lessonOf);
  let read = 0;
  const standings = resolution.hunks.map(({ hunk, settlement }, index): Standing | null => {
    const context = contexts[index];
    if (context === undefined || (settlement && isCertain(settlement))) return null;
    read += hunk.base.length + hunk.ours.length + hunk.theirs.length;
    if (read > mostRead) return null;
    const { structural, rerank } = readHunk(hunk, context, prepared);
    return { hunk, rerank, ruled: settlement ?? structural, settlement: null, candidates: [] };
  });
  const place = (index: number): number => siblings.length + index;
  const learn = (index: number, text: string): void => {
    const hunk = resolution.hunks[index]?.hunk;
    if (hunk) lessons.push(lessonOf({ path: file.path, hunk, text, place: place(index) }));
  };
  for (const [index, { settlement }] of resolution.hunks.entries())
    if (settlement && isCertain(settlement)) learn(index, settlement.text);
  settleInRounds(standings, { lessons, learn, place, path: file.path });
  const hunks = resolution.hunks.map((one, index) => resolved(one, standings[index] ?? null));
  return { ...resolution, hunks, openHunks: mostTelling(hunks) };
}

interface Round {
  readonly lessons: Lesson[];
  readonly learn: (index: number, text: string) => void;
  readonly place: (index: number) => number;
  readonly path: string;
}

function settleInRounds(
  standings: readonly (Standing | null)[],
  { lessons, learn, place, path }: Round,
): void {
  for (let round = 0; round < mostRounds; round++) {
    const known = [...lessons];
    let settled = 0;
    for (const [index, standing] of standings.entries()) {
      if (standing === null || standing.settlement?.tier === "ranked") continue;
      standing.candidates = standing.rerank({ place: place(index), lessons: known }).slice(0, mostHandedOn);
      standing.settlement = likelier(standing.ruled, standing.candidates[0], { hunk: standing.hunk, path });
      if (standing.settlement?.tier !== "ranked") continue;
      settled++;
      learn(index, standing.settlement.text);
    }
    if (settled === 0) return;
  }
}

function resolved(one: HunkResolution, standing: Standing | null): HunkResolution {
  if (standing === null) return one;
  const { candidates, settlement } = standing;
  return { ...one, settlement, candidates, why: settlement?.why ?? one.why };
}
