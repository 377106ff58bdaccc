// Hostile text made safe to look at: what cannot be seen, or moves what is seen, is written out; length is bounded.

/**
 * Control, format (bidi, zero-width, tags), unassigned and default-ignorable characters, lone surrogates, line and paragraph separators.
 * U+FE0F alone is let through: emoji are full of it.
 */
const hidden = /(?!\uFE0F)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Spaces that are not the space: a branch name with one of them reads as something else. */
const oddSpaces = /(?! )\p{Zs}/gu;

const writtenOut = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** Several lines: line feeds and tabs stay; everything that cannot be seen becomes `\u{…}`. */
export function visible(text: string): string {
  return text.replace(hidden, (character) =>
    character === "\n" || character === "\t" ? character : writtenOut(character),
  );
}

/** Whether `visible` would change the text: such a text does not survive being copied. */
export function hasHidden(text: string): boolean {
  return visible(text) !== text;
}

/** One line of at most `limit` characters before they are written out: line breaks become `\u{a}`. */
export function visibleLine(text: string, limit: number): string {
  return cut(text, limit).replace(hidden, writtenOut).replace(oddSpaces, writtenOut);
}

/** At most `limit` UTF-16 units, never half a character; an ellipsis says that something is missing. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = limit - 1;
  const splits = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return `${text.slice(0, Math.max(0, splits ? end - 1 : end))}…`;
}
