// How a merged file compares with the developers' own: byte for byte, whitespace aside, or as a set of lines.

export interface Likeness {
  readonly exact: boolean;
  /** Runs of blanks are one, blank lines and line endings do not count. */
  readonly normalised: boolean;
  /** The same, and the order of lines does not count. */
  readonly sameLines: boolean;
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim().replaceAll(/\s+/g, " "))
    .filter((line) => line !== "");

const joined = (lines: Iterable<string>): string => [...lines].join("\n");

export function likenessOf(one: string, other: string): Likeness {
  const [mine, theirs] = [linesOf(one), linesOf(other)];
  return {
    exact: one === other,
    normalised: joined(mine) === joined(theirs),
    sameLines: joined(mine.toSorted()) === joined(theirs.toSorted()),
  };
}
