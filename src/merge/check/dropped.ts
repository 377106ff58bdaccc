// Additions that a merge did not keep.
import { splitLines } from "../lines.ts";

const lineSet = (text: string): Set<string> => new Set(splitLines(text).map((line) => line.trim()));

/**
 * Lines that one side added against the base and the result lacks, white space aside. A line that is only punctuation says nothing and is passed over.
 * Dropping can be right (of two bumped versions one is dropped): this lists, it does not judge.
 */
export function droppedAdditions(sides: {
  base: string;
  ours: string;
  theirs: string;
  result: string;
}): { side: "ours" | "theirs"; line: string }[] {
  const base = lineSet(sides.base);
  const result = lineSet(sides.result);
  return (["ours", "theirs"] as const).flatMap((side) =>
    [...lineSet(sides[side])]
      .filter((line) => /[\p{L}\p{N}]/u.test(line) && !base.has(line) && !result.has(line))
      .map((line) => ({ side, line })),
  );
}
