// How much text the rules take on: what is larger was written by a program, and stays open.
import type { ConflictedFile, Hunk } from "../core/conflict.ts";
import { splitLines } from "./lines.ts";

/** UTF-16 units a line may have. */
export const longestLine = 2_000;
/** Hunks a file may have. */
export const mostHunks = 500;
/** Lines one side of a hunk may have. */
export const mostLines = 2_000;
/** UTF-16 units one side of a hunk may have: 50 a line. */
export const mostCharacters = 100_000;
/** UTF-16 units the sides of a file may have together to be merged as one document: takes less than 2 s. */
const longestDocument = 2_000_000;

/** What a person reads of a hunk that was not looked at. */
export const tooLargeWhy = "This conflict is too large for rules.";

/** Whether no rule looks at the file at all. */
export function hasTooManyHunks(file: ConflictedFile): boolean {
  return file.segments.filter(({ kind }) => kind === "hunk").length > mostHunks;
}

/** Whether no rule looks at the hunk: it, or a line in sight of it, is too long. */
export function isTooLarge({ base, ours, theirs }: Hunk, around: string): boolean {
  return [base, ours, theirs].some(isTooLargeText) || hasLongLine(splitLines(around));
}

function isTooLargeText(text: string): boolean {
  if (text.length > mostCharacters) return true;
  const lines = splitLines(text);
  return lines.length > mostLines || hasLongLine(lines);
}

function hasLongLine(lines: readonly string[]): boolean {
  return lines.some((line) => line.length > longestLine);
}

/** Whether the file may be merged as one document. */
export function isDocument({ base, ours, theirs }: ConflictedFile): boolean {
  return (base?.length ?? 0) + ours.length + theirs.length <= longestDocument;
}
