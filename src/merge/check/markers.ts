// Conflict markers that a merge left behind.
import { splitLines } from "../lines.ts";

const bare = (line: string): string => line.replace(/\r?\n$/, "");

/** A line that git could have written as a marker: 7 or more of one character, then a space and a label, or nothing. */
function isMarker(line: string): boolean {
  const first = line[0];
  if (first !== "<" && first !== "|" && first !== "=" && first !== ">") return false;
  let length = 1;
  while (line[length] === first) length++;
  return length >= 7 && (length === line.length || line[length] === " ");
}

/** Marker lines of `result` that neither parent has: a heading underlined with "=======" in a parent is none of ours. */
export function newMarkers(result: string, parents: readonly string[]): string[] {
  const known = new Set(parents.flatMap((text) => splitLines(text).map(bare).filter(isMarker)));
  return splitLines(result)
    .map(bare)
    .filter((line) => isMarker(line) && !known.has(line));
}
