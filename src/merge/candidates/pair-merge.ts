// Candidates for hunks with as many lines on every side: each line merged word by word with its counterpart.
import type { Family } from "./candidate.ts";
import { diff3 } from "./diff3.ts";
import { spell } from "./pieces.ts";
import type { Piece } from "./pieces.ts";
import { isLong, proposal } from "./proposals.ts";
import { cutTokens } from "./token-cut.ts";

/** Lines of a side beyond which counterparts are seldom what their number says. */
const mostLines = 60;
/** UTF-16 units of one line's three versions beyond which it is not looked into. */
const longestLine = 3_000;

export const pairMerge: Family = (sides) => {
  const { base, ours, theirs } = sides.lines();
  if (ours.length !== base.length || theirs.length !== base.length) return [];
  if (base.length > mostLines || isLong(sides)) return [];
  const merged = base.map((line, index) => mergeLine(line, ours[index] ?? "", theirs[index] ?? ""));
  return (["ours", "theirs", "both"] as const).flatMap((mode) => {
    const text = merged.map((pieces) => spell(pieces, mode)).join("");
    return proposal(sides, `pair-merge-${mode}`, text);
  });
};

function mergeLine(base: string, ours: string, theirs: string): readonly Piece[] {
  if (ours === base) return [theirs];
  if (theirs === base || ours === theirs) return [ours];
  const cut = cutTokens(base, ours, theirs, longestLine);
  return cut ? diff3(cut) : [ours];
}
