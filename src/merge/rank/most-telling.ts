// The order in which open hunks are best asked about: first the one whose answer would tell most about the others.
import type { HunkResolution } from "../../core/conflict.ts";
import { tokenize } from "../candidates/tokens.ts";

/** UTF-16 units of a side that are looked at. */
const longestSide = 2_000;

/** The words in which the two sides of a hunk differ. */
function contestedWords({ hunk: { ours, theirs } }: HunkResolution): ReadonlySet<string> {
  const words = (text: string): Set<string> =>
    new Set(tokenize(text.slice(0, longestSide)).filter((token) => token.trim() !== ""));
  const [own, other] = [words(ours), words(theirs)];
  return new Set([
    ...[...own].filter((word) => !other.has(word)),
    ...[...other].filter((word) => !own.has(word)),
  ]);
}

/** Open hunks that are compared with each other; where there are more they stay in file order. */
const mostCompared = 100;

/** Doubt that an answer elsewhere takes away even where no word is shared: whoever takes one side once often takes it again. */
const sameFile = 0.1;

/**
 * Indexes of the open hunks. An answer is worth the doubt it may take away: for each other open hunk, how unsure its first candidate is, by the share of its
 * contested words that are contested here too. Among equals the more doubtful first, then file order.
 */
export function mostTelling(hunks: readonly HunkResolution[]): number[] {
  const indexes = hunks.flatMap(({ settlement }, index) => (settlement === null ? [index] : []));
  if (indexes.length > mostCompared) return indexes;
  const open = hunks.flatMap((hunk, index) =>
    hunk.settlement === null
      ? [{ index, doubt: 1 - (hunk.candidates[0]?.probability ?? 0), words: contestedWords(hunk) }]
      : [],
  );
  const worth = open.map((one) =>
    open.reduce((sum, other) => {
      if (other === one) return sum;
      const shared =
        [...other.words].filter((word) => one.words.has(word)).length / Math.max(1, other.words.size);
      return sum + other.doubt * (sameFile + (1 - sameFile) * shared);
    }, 0),
  );
  return [...open.entries()]
    .sort(
      ([one, a], [other, b]) =>
        (worth[other] ?? 0) - (worth[one] ?? 0) || b.doubt - a.doubt || a.index - b.index,
    )
    .map(([, { index }]) => index);
}
