// Lines of a text, cut by the judge's own hand.

/** Every line with its end; an unfinished last line counts. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.slice(from, next));
    from = next;
  }
  return lines;
}

/** The line without its end and without blanks behind. */
export function withoutEnd(line: string): string {
  return line.trimEnd();
}
