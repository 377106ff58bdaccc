// Text as tokens.

/** Words, line breaks with the indentation after them, runs of blanks, single other characters. Joining the tokens gives the text. */
export function tokenize(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\n[ \t]*|[ \t]+|[^]/gu) ?? [];
}
