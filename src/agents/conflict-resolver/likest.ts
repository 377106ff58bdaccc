// Which settled hunks are most like an open one: how they were resolved is an example for it.
import type { Hunk } from "../../core/conflict.ts";
import type { Settled } from "../../merge/siblings.ts";

/** UTF-16 units of a hunk that are compared. */
const longestCompared = 2_000;
/** Share of common words from which one hunk is an example for another. */
const leastLikeness = 0.2;
/** Settled hunks that are compared; of more, the last: the nearest. */
const mostCompared = 200;

const wordsOf = ({ ours, theirs }: Hunk): ReadonlySet<string> =>
  new Set(`${ours.slice(0, longestCompared)}\n${theirs.slice(0, longestCompared)}`.match(/[\p{L}\p{N}_]+/gu));

/** Jaccard's index of the words of both sides. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((word) => other.has(word)).length;
  return common === 0 ? 0 : common / (one.size + other.size - common);
}

/** The `most` settled hunks that are most like this one, the likest first; among equals the latest. */
export function likest(hunk: Hunk, settled: readonly Settled[], most: number): Settled[] {
  const words = wordsOf(hunk);
  return settled
    .slice(-mostCompared)
    .map((one) => ({ one, alike: likeness(words, wordsOf(one.hunk)) }))
    .filter(({ alike }) => alike >= leastLikeness)
    .reverse()
    .sort((a, b) => b.alike - a.alike)
    .slice(0, most)
    .map(({ one }) => one);
}
