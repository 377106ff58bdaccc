// Nothing from nowhere: every token of a merge comes from one of its three sides.

const token = /[\p{L}\p{N}_$]+/gu;

const wordsOf = (text: string): string[] => text.match(token) ?? [];

/** Words and numbers of `result` that no side has, each once, in order of appearance. Punctuation is not looked at: joining lists may need a comma. */
export function tokensFromNowhere(result: string, sides: readonly string[]): string[] {
  const known = new Set(sides.flatMap(wordsOf));
  return [...new Set(wordsOf(result).filter((word) => !known.has(word)))];
}
