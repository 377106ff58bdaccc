// What settles a hunk: a rule's answer, or the ranker's first candidate where that is likelier.
import type { Hunk, RankedCandidate, Settlement } from "../../core/conflict.ts";
import { tokensFromNowhere } from "../check/provenance.ts";
import { precisionOf } from "../precision.ts";
import { answerKey } from "./answer-key.ts";
import { categoryOf } from "./features/path-kind.ts";

/** Probability from which a first candidate settles its hunk: below it a person is better asked than told. */
const settlesFrom = 0.8;

/** Bands of probability, each a class of its own: what was measured of sure answers says nothing of less sure ones. */
const bands = [0.95, 0.9, settlesFrom] as const;

/** "ranked/at-least-90/code": the band of the probability, then the kind of file. */
function rankedClass(probability: number, path: string): string {
  const band = bands.find((from) => probability >= from) ?? 0;
  return `ranked/at-least-${Math.round(band * 100)}/${categoryOf(path)}`;
}

/** Precision from which a rule's word is taken without asking the ranker: nine in ten, as the push rule's default. */
const certain = 0.9;

/** Whether a settlement stands whatever the ranker says: it is remembered, or its class was right nine times in ten. */
export function isCertain(settlement: Settlement | null): boolean {
  if (settlement === null) return false;
  return settlement.tier === "memory" || precisionOf(settlement.tier, settlement.class).lower >= certain;
}

/**
 * The likelier of a rule's answer and the ranker's first candidate; `null` where no rule answers and the candidate is not likely enough. A candidate with a
 * word that none of the hunk's sides has settles nothing, however likely.
 */
export function likelier(
  ruled: Settlement | null,
  first: RankedCandidate | undefined,
  { hunk, path }: { readonly hunk: Hunk; readonly path: string },
): Settlement | null {
  if (!first || isCertain(ruled) || first.probability < settlesFrom) return ruled;
  if (ruled) {
    const sameAnswer = answerKey(ruled.text, path) === answerKey(first.text, path);
    if (sameAnswer || precisionOf(ruled.tier, ruled.class).lower >= first.probability) return ruled;
  }
  const fromNowhere = tokensFromNowhere(first.text, [hunk.base, hunk.ours, hunk.theirs]);
  return fromNowhere.length > 0 ? ruled : ranked(first, path);
}

function ranked({ text, why, probability }: RankedCandidate, path: string): Settlement {
  const chance = `Right in about ${Math.floor(probability * 100)} of 100 such cases.`;
  return { tier: "ranked", class: rankedClass(probability, path), text, why: `${why} ${chance}` };
}
