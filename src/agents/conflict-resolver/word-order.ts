// Whether a text says what somebody wrote, or only uses the same words.

/** Neighbours that nobody wrote next to each other, which a text may have: a number of them, or this share of all. */
const mostNew = 2;
const mostNewShare = 0.15;

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}_$]+/gu) ?? [];
const tokensOf = (text: string): string[] => text.match(/[\p{L}\p{N}_$]+|\S/gu) ?? [];

const pairsOf = (tokens: readonly string[]): string[] =>
  tokens.slice(1).map((token, index) => `${tokens[index] ?? ""} ${token}`);

/**
 * Whether the words of a text, or its words and signs, stand in an order that no source has. Joining what two sides wrote makes new neighbours only at the seams:
 * of the developers' own resolutions that use no word from elsewhere and are none of the first eight candidates, 2% are refused.
 */
export function isShuffled(text: string, sources: readonly string[]): boolean {
  return [wordsOf, tokensOf].some((split) => {
    const known = new Set(sources.flatMap((source) => pairsOf(split(source))));
    const pairs = pairsOf(split(text));
    const strange = pairs.filter((pair) => !known.has(pair)).length;
    return strange > mostNew && strange > mostNewShare * pairs.length;
  });
}
