// Candidates that take lines as members of a set: what one side adds or removes is added to, or removed from, the other.
import type { Family } from "./candidate.ts";

/** Lines of both sides together beyond which no set is made: the merge compares each with each. */
const mostLines = 400;

export const lineSets: Family = (sides) => {
  const { base, ours, theirs } = sides.lines();
  if (ours.length + theirs.length > mostLines) return [];
  return [
    { name: "set-ours", text: mergeSets(base, ours, theirs) },
    { name: "set-theirs", text: mergeSets(base, theirs, ours) },
    { name: "sorted-union", text: sortedUnion(base, ours, theirs) },
  ];
};

const keyOf = (line: string): string => line.trim();

/** `first` in its order, less what `second` removed of the base, with what `second` added behind the line it followed there. */
function mergeSets(base: readonly string[], first: readonly string[], second: readonly string[]): string {
  const old = new Set(base.map(keyOf));
  const own = new Set(first.map(keyOf));
  const other = new Set(second.map(keyOf));
  const isKept = (line: string): boolean =>
    keyOf(line) === "" || !old.has(keyOf(line)) || other.has(keyOf(line));
  const merged = first.filter(isKept);
  for (const [index, line] of second.entries()) {
    const key = keyOf(line);
    if (key === "" || old.has(key) || own.has(key)) continue;
    merged.splice(placeAfter(merged, second, index), 0, line);
  }
  return merged.join("");
}

/** Behind the nearest line before it that is in the merge already; at the end where there is none. */
function placeAfter(merged: readonly string[], second: readonly string[], index: number): number {
  for (let before = index - 1; before >= 0; before--) {
    const key = keyOf(second[before] ?? "");
    const place = key === "" ? -1 : merged.findLastIndex((line) => keyOf(line) === key);
    if (place >= 0) return place + 1;
  }
  return merged.length;
}

function sortedUnion(base: readonly string[], ours: readonly string[], theirs: readonly string[]): string {
  const old = new Set(base);
  const own = new Set(ours);
  const other = new Set(theirs);
  const union = new Set(
    [...ours, ...theirs].filter((line) => !old.has(line) || (own.has(line) && other.has(line))),
  );
  return [...union].sort().join("");
}
