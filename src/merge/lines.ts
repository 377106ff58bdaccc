// Text as lines that keep their own endings: the currency of every tier.

/** Splits after every LF, so that joining gives the text back; a lone CR is part of its line, as it is for git. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** The line without its ending (LF or CRLF). */
export function withoutEnding(line: string): string {
  return line.replace(/\r?\n$/, "");
}

/** The line ending that most lines of the text use; LF when there is none. */
export function endingOf(text: string): "\n" | "\r\n" {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const all = text.match(/\n/g)?.length ?? 0;
  return crlf * 2 > all ? "\r\n" : "\n";
}

/** How many lines two texts share at their start. */
export function commonPrefix(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count++;
  return count;
}

/** How many lines two texts share at their end, at most `limit`. */
export function commonSuffix(
  one: readonly string[],
  other: readonly string[],
  limit = Number.POSITIVE_INFINITY,
): number {
  const most = Math.min(one.length, other.length, limit);
  let count = 0;
  while (count < most && one[one.length - 1 - count] === other[other.length - 1 - count]) count++;
  return count;
}

/** Whitespace runs as one space, ends trimmed: for comparing, and so that patterns cannot backtrack over runs of blanks. */
export function collapsed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * Where the run of lines `sought` first stands in `lines`, from line `from` on; `null` if nowhere. Knuth, Morris and Pratt's search: no line is looked
 * at more than twice, however often the run repeats itself.
 */
export function findRun(lines: readonly string[], sought: readonly string[], from: number): number | null {
  const borders = bordersOf(sought);
  let matched = 0;
  for (let index = from; index <= lines.length; index++) {
    if (matched === sought.length) return index - matched;
    const line = lines[index];
    while (matched > 0 && line !== sought[matched]) matched = borders[matched - 1] ?? 0;
    if (line === sought[matched]) matched++;
  }
  return null;
}

/** For each beginning of the run, how long the longest shorter beginning is that it ends with. */
function bordersOf(sought: readonly string[]): number[] {
  const borders = [0];
  let border = 0;
  for (let index = 1; index < sought.length; index++) {
    while (border > 0 && sought[index] !== sought[border]) border = borders[border - 1] ?? 0;
    if (sought[index] === sought[border]) border++;
    borders.push(border);
  }
  return borders;
}
