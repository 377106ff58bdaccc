// Texts as words of a POSIX shell, and a line rewritten in places.

/** One word that the shell reads as exactly this text. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path that no program takes for an option. */
export function pathArgument(path: string): string {
  return path.startsWith("-") ? `./${path}` : path;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The line with these parts replaced; they must not overlap. Those at one place come in the order given. */
export function rewrite(line: string, edits: readonly Edit[]): string {
  const ordered = edits.map((edit, order) => ({ ...edit, order }));
  ordered.sort((one, other) => one.start - other.start || one.end - other.end || one.order - other.order);
  let text = "";
  let at = 0;
  for (const edit of ordered) {
    text += line.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + line.slice(at);
}
