// All candidates of a hunk: every family's answers, each text once.
import { lineBeam, tokenBeam } from "./beam.ts";
import type { BeamOdds } from "./beam.ts";
import { blankMerge } from "./blank-merge.ts";
import type { Candidate, Family, Proposal } from "./candidate.ts";
import { charMerge } from "./char-merge.ts";
import { coreSides } from "./core-sides.ts";
import { keyUnion } from "./keys.ts";
import { lineSets } from "./line-sets.ts";
import { listItems } from "./list-items.ts";
import { higherVersion, numberSum } from "./numbers.ts";
import { pairMerge } from "./pair-merge.ts";
import { renames, replayedEdits } from "./replay.ts";
import { sortedInserts } from "./sorted-insert.ts";
import type { Sides } from "./sides.ts";
import { lineDiff3, tokenDiff3 } from "./token-diff3.ts";
import { additions, deduplicatedSides, spacedSides, wholeSides } from "./whole-sides.ts";

/** In the order in which they come; where there are too many the last go. */
const families: readonly Family[] = [
  wholeSides,
  deduplicatedSides,
  spacedSides,
  lineSets,
  coreSides,
  additions,
  lineDiff3,
  tokenDiff3,
  charMerge,
  pairMerge,
  blankMerge,
  higherVersion,
  numberSum,
  renames,
  replayedEdits,
  listItems,
  keyUnion,
  sortedInserts,
];

/** Candidates a hunk has at most. On the development hunks one in a hundred has more. */
const mostCandidates = 72;

/**
 * The candidates of a hunk, each text once with all that proposed it; first what the rules answered, then family by family. Pure, deterministic. A family
 * that throws has no answer.
 */
export function generateCandidates(
  sides: Sides,
  odds: BeamOdds,
  answered: readonly Proposal[] = [],
): Candidate[] {
  const byText = new Map<string, Proposal[]>();
  const add = (proposal: Proposal): void => {
    const text = asLines(proposal.text, sides);
    const proposals = byText.get(text);
    if (!proposals && byText.size >= mostCandidates) return;
    if (!proposals) byText.set(text, [{ ...proposal, text }]);
    else if (!proposals.some(({ name }) => name === proposal.name)) proposals.push({ ...proposal, text });
  };
  answered.forEach(add);
  for (const family of [...families, lineBeam(odds), tokenBeam(odds)]) answersOf(family, sides).forEach(add);
  return [...byText].map(([text, proposals]) => ({ text, proposals }));
}

function answersOf(family: Family, sides: Sides): readonly Proposal[] {
  try {
    return family(sides);
  } catch {
    return [];
  }
}

/** A text as whole lines; one of blanks alone is an empty line, or none. */
function asLines(text: string, { ours, theirs }: Sides): string {
  const ending = (ours + theirs).includes("\r\n") ? "\r\n" : "\n";
  if (text === "") return "";
  if (text.trim() === "")
    return text.includes("\n") ? ending.repeat(Math.min(2, text.split("\n").length - 1)) : ending;
  return text.endsWith("\n") ? text : text + ending;
}
