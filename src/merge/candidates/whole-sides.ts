// Candidates made of whole sides: one of them, both in either order, and both without what one repeats of the other.
import { splitLines } from "../lines.ts";
import type { Family, Proposal } from "./candidate.ts";
import type { CandidateName } from "./names.ts";

const isBlank = (line: string): boolean => line.trim() === "";

export const wholeSides: Family = ({ base, ours, theirs }) => [
  { name: "ours", text: ours },
  { name: "theirs", text: theirs },
  { name: "ours-theirs", text: ours + theirs },
  { name: "theirs-ours", text: theirs + ours },
  { name: "base", text: base },
  { name: "empty", text: "" },
];

/** Both sides with exactly one empty line, or none, between them. */
export const spacedSides: Family = ({ ours, theirs }) => {
  if (isBlank(ours) || isBlank(theirs)) return [];
  return [
    ...spaced(ours, theirs, "ours-blank-theirs", "ours-theirs-tight"),
    ...spaced(theirs, ours, "theirs-blank-ours", "theirs-ours-tight"),
  ];
};

function spaced(first: string, second: string, apart: CandidateName, tight: CandidateName): Proposal[] {
  const head = splitLines(first);
  const tail = splitLines(second);
  while (isBlank(head.at(-1) ?? "x")) head.pop();
  const skip = tail.findIndex((line) => !isBlank(line));
  const ending = first.endsWith("\r\n") ? "\r\n" : "\n";
  const [start, rest] = [head.join(""), tail.slice(skip).join("")];
  return [
    { name: apart, text: start + ending + rest },
    { name: tight, text: start + rest },
  ];
}

/** Both sides, less the lines of the second that the first has: what both added stands once. */
export const deduplicatedSides: Family = ({ ours, theirs }) => [
  { name: "dedup-ours", text: ours + without(theirs, ours) },
  { name: "dedup-theirs", text: theirs + without(ours, theirs) },
];

function without(text: string, other: string): string {
  const known = new Set(splitLines(other).map((line) => line.trim()));
  return splitLines(text)
    .filter((line) => isBlank(line) || !known.has(line.trim()))
    .join("");
}

/** What each side added, without the lines that stood there before. */
export const additions: Family = ({ base, ours, theirs }) => {
  if (isBlank(base)) return [];
  const [own, other] = [without(ours, base), without(theirs, base)];
  return [
    { name: "additions-ours", text: own },
    { name: "additions-theirs", text: other },
    { name: "additions-both", text: own + other },
  ];
};
