// Candidates for sorted lines: what a side added goes where the alphabet puts it.
import type { Family } from "./candidate.ts";
import { proposal } from "./proposals.ts";
import type { Cut } from "./sides.ts";

/** Lines of both sides together beyond which no line is placed. */
const mostLines = 60;

export const sortedInserts: Family = (sides) => {
  const { base, ours, theirs } = sides.lines();
  if (ours.length + theirs.length >= mostLines) return [];
  return [
    ...proposal(sides, "insert-sorted-ours", insertSorted(ours, base, theirs)),
    ...proposal(sides, "insert-sorted-theirs", insertSorted(theirs, base, ours)),
    ...proposal(sides, "sorted-ignoring-case", sortedUnion({ base, ours, theirs })),
  ];
};

const keyOf = (line: string): string => line.trim().toLowerCase();

/** `first` less what `second` removed, and each line that `second` added before the first line that is behind it in the alphabet. */
function insertSorted(first: readonly string[], base: readonly string[], second: readonly string[]): string {
  const old = new Set(base);
  const other = new Set(second);
  const merged = first.filter((line) => other.has(line) || !old.has(line));
  const keys = merged.map(keyOf);
  const known = new Set(merged);
  for (const line of second) {
    const key = keyOf(line);
    if (key === "" || known.has(line) || old.has(line)) continue;
    known.add(line);
    const behind = keys.findIndex((each) => each > key);
    const place = behind < 0 ? merged.length : behind;
    merged.splice(place, 0, line);
    keys.splice(place, 0, key);
  }
  return merged.join("");
}

/** Lines in the order of the alphabet, capitals beside small letters; equal ones stay as they came. */
function sortedUnion({ base, ours, theirs }: Pick<Cut, "base" | "ours" | "theirs">): string {
  const old = new Set(base);
  const own = new Set(ours);
  const other = new Set(theirs);
  const isKept = (line: string): boolean => !old.has(line) || (own.has(line) && other.has(line));
  const lines = [...ours, ...theirs.filter((line) => !own.has(line))].filter(isKept);
  const keyed = lines.map((line) => ({ line, key: line.toLowerCase() }));
  keyed.sort((one, next) => (one.key === next.key ? 0 : one.key < next.key ? -1 : 1));
  return keyed.map(({ line }) => line).join("");
}
