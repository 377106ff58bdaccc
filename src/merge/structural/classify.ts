// What a clean structural merge did, as the class that its precision is measured by.
import type { Hunk } from "../../core/conflict.ts";
import { splitLines } from "../lines.ts";
import type { Deed } from "./pieces.ts";

/** The class, without its family and its language. */
export function classOf(hunk: Hunk, text: string, deeds: readonly Deed[]): string {
  if (bringsBack(hunk, text)) return "brings-back";
  if (text === hunk.ours) return "one-sided/ours";
  if (text === hunk.theirs) return "one-sided/theirs";
  const [members] = deeds.flatMap(({ members }) => (members === null ? [] : [members]));
  if (members !== undefined) return deeds.length === 1 ? members : "mixed";
  return `disjoint-edits/${isApart(hunk) ? "apart" : "same-lines"}`;
}

const wordsOf = (text: string): Set<string> => new Set(text.match(/[\p{L}\p{N}_$]+/gu));

/** Whether a word that one side removed from the hunk altogether is in the result: what was renamed or moved away is used by the other side still. */
function bringsBack({ base, ours, theirs }: Hunk, text: string): boolean {
  const [mine, other, result] = [wordsOf(ours), wordsOf(theirs), wordsOf(text)];
  return [...wordsOf(base)].some((word) => result.has(word) && !(mine.has(word) && other.has(word)));
}

/** Whether no line of the base was changed by both sides. */
function isApart({ base, ours, theirs }: Hunk): boolean {
  const [mine, other] = [new Set(splitLines(ours)), new Set(splitLines(theirs))];
  return splitLines(base).every((line) => mine.has(line) || other.has(line));
}
