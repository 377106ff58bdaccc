// Candidates by three-way merge anchored in the base, over words and over lines.
import type { Family, Proposal } from "./candidate.ts";
import { diff3 } from "./diff3.ts";
import { modes, spell, spellClean } from "./pieces.ts";
import type { Piece } from "./pieces.ts";
import { isLong, proposal } from "./proposals.ts";
import type { Sides } from "./sides.ts";

/** Word by word. Half of all resolutions that no whole side is, are one of these. */
export const tokenDiff3: Family = (sides) => {
  const cut = isLong(sides) ? null : sides.tokens();
  if (cut === null) return [];
  const pieces = diff3(cut);
  return [
    ...proposal(sides, "token-merge", spellClean(pieces)),
    ...inEveryMode(sides, "token-merge", pieces),
  ];
};

/** Line by line: what git does, but for the conflicts, which are decided. */
export const lineDiff3: Family = (sides) => inEveryMode(sides, "line-merge", diff3(sides.lines()));

function inEveryMode(
  sides: Sides,
  name: "token-merge" | "line-merge",
  pieces: readonly Piece[],
): readonly Proposal[] {
  return modes.flatMap((mode) => proposal(sides, `${name}-${mode}`, spell(pieces, mode)));
}
