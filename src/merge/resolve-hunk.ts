// One hunk by itself: settled by tier and class, or open, and in any case with its likeliest resolutions.
import type { Hunk, HunkResolution, SettledSibling } from "../core/conflict.ts";
import { settleHunk } from "./ladder.ts";
import { isTooLarge, tooLargeWhy } from "./limits.ts";
import { lessonOf } from "./rank/features/sibling-features.ts";
import type { Prepared } from "./rank/prepare.ts";
import { readHunk } from "./rank/read-hunk.ts";
import { likelier } from "./rank/settle.ts";
import { tiers } from "./resolve-file.ts";
import type { HunkContext } from "./tier.ts";

/**
 * Settles a hunk of which only a window of its file is known. `siblings` are hunks of the same merge whose resolutions are known; the hunk stands
 * behind them. Pure, deterministic, total.
 */
export function resolveHunk(
  hunk: Hunk,
  context: HunkContext,
  prepared: Prepared,
  siblings: readonly SettledSibling[] = [],
): HunkResolution {
  if (isTooLarge(hunk, context.before + context.after))
    return { hunk, settlement: null, why: tooLargeWhy, candidates: [] };
  const { structural, rerank } = readHunk(hunk, context, prepared);
  const candidates = rerank({ place: siblings.length, lessons: siblings.map(lessonOf) });
  const ruled = settleHunk(hunk, context, tiers) ?? structural;
  const settlement = likelier(ruled, candidates[0], { hunk, path: context.path });
  return { hunk, settlement, why: settlement?.why ?? "No answer is likely enough.", candidates };
}
