// How many tokens a text will be, before any server has counted it.

/** Words as tokenizers cut them, camel case apart; blanks; everything outside ASCII in runs; else single characters. */
const pieces = /[A-Z]?[a-z]+|[A-Z]+|[^\S\n]+|[^\0-\x7f]+|[\s\S]/g;

const letters = /^[A-Za-z]/;
const blank = /^[^\S\n]/;

/**
 * Deliberately high: money is held back by it, and the server's own count corrects that afterwards. Not for comparisons, which it would flatter.
 *
 * A token is taken to be two letters, one digit, one sign, one line's end, one run of up to 16 blanks (a single blank goes with the word behind it), or one and
 * a half bytes of UTF-8 outside ASCII. Measured in November 2026 against the tokenizers o200k and cl100k (gpt-tokenizer 4.0.0) and Claude 2's with 35 % added
 * (newer Claude models count about 30 % more for the same text): code in 11 languages, JSON, YAML, HTML and prose come to 1.1 to 2.5 times their true count,
 * Chinese, Japanese, Korean and Russian to 1.2 to 3.2. Text without words can be more than estimated: minified scripts 0.97, random base64 0.7.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(pieces)) tokens += tokensOf(piece);
  return tokens;
}

function tokensOf(piece: string): number {
  if (letters.test(piece)) return Math.ceil(piece.length / 2);
  if (piece === " ") return 0;
  if (piece.charCodeAt(0) > 0x7f) return Math.ceil(Buffer.byteLength(piece) / 1.5);
  return blank.test(piece) ? 1 + Math.floor(piece.length / 16) : 1;
}
