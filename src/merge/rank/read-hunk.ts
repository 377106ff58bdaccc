// One hunk's candidates, ranked: what a model, a person, or certainty itself may pick from.
import type { Hunk, RankedCandidate, Settlement } from "../../core/conflict.ts";
import { withWholeLines } from "../ladder.ts";
import { isTooLarge } from "../limits.ts";
import type { HunkContext } from "../tier.ts";
import { candidatesOf } from "./candidates-of.ts";
import type { Prepared } from "./prepare.ts";
import { rank } from "./rank.ts";
import type { Beside } from "./rank.ts";
import { measure } from "./rows.ts";

/** A hunk, read once. */
export interface ReadHunk {
  /** What the syntax trees settle; `null` where they do not, or no grammar knows the language. */
  readonly structural: Settlement | null;
  /** Ranks the same candidates anew whenever more is known of the merge's other hunks. */
  readonly rerank: (beside: Beside) => RankedCandidate[];
}

/**
 * Comes up with the hunk's candidates and measures them. A last line that is unfinished is finished for it, and loses its ending again in what comes out
 * where the merged file has none. Nothing for a hunk that is too large. Pure, total.
 */
export function readHunk(hunk: Hunk, context: HunkContext, prepared: Prepared): ReadHunk {
  if (isTooLarge(hunk, context.before + context.after)) return { structural: null, rerank: () => [] };
  const { whole, restore } = withWholeLines(hunk);
  const { sides, candidates } = candidatesOf(whole, context, prepared);
  const measured = measure(sides, context, candidates);
  const settlement = prepared.structural?.settle(whole, context) ?? null;
  return {
    structural: settlement && { ...settlement, text: restore(settlement.text) },
    rerank: (beside) =>
      rank(measured, context.path, beside).map((candidate) => ({
        ...candidate,
        text: restore(candidate.text),
      })),
  };
}
