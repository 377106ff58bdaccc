// Candidates by carrying one side's edits over to the other side's text.
import type { Family, Proposal } from "./candidate.ts";
import { applyRules, editsInContext, renamings } from "./edit-rules.ts";
import type { Edited } from "./edit-rules.ts";
import { isLong, proposal } from "./proposals.ts";
import type { Sides } from "./sides.ts";
import { mergeTokens } from "./token-merge.ts";

/** Renamings carried over; and where that changes anything, the result merged with the side they came from. */
export const renames: Family = (sides) => {
  const edited = editedSides(sides);
  if (edited === null) return [];
  const { base, ours, theirs } = sides;
  const renamedTheirs = applyRules(theirs, renamings(edited.ours));
  const renamedOurs = applyRules(ours, renamings(edited.theirs));
  const proposals: Proposal[] = [
    ...proposal(sides, "rename-ours-on-theirs", renamedTheirs),
    ...proposal(sides, "rename-theirs-on-ours", renamedOurs),
  ];
  if (renamedOurs !== null && renamedOurs !== ours) {
    const text = mergeTokens(base, renamedOurs, theirs, "ours");
    proposals.push(...proposal(sides, "rename-merge-ours", text));
  }
  if (renamedTheirs !== null && renamedTheirs !== theirs) {
    const text = mergeTokens(base, ours, renamedTheirs, "theirs");
    proposals.push(...proposal(sides, "rename-merge-theirs", text));
  }
  return proposals;
};

/** Small edits carried over to wherever the words next to them stand. */
export const replayedEdits: Family = (sides) => {
  const edited = editedSides(sides);
  if (edited === null) return [];
  const onTheirs = applyRules(sides.theirs, editsInContext(edited.ours));
  const onOurs = applyRules(sides.ours, editsInContext(edited.theirs));
  return [
    ...proposal(sides, "replay-ours-on-theirs", onTheirs),
    ...proposal(sides, "replay-theirs-on-ours", onOurs),
  ];
};

function editedSides(sides: Sides): { readonly ours: Edited; readonly theirs: Edited } | null {
  const cut = isLong(sides) ? null : sides.tokens();
  if (cut === null) return null;
  return {
    ours: { base: cut.base, side: cut.ours, toBase: cut.oursToBase },
    theirs: { base: cut.base, side: cut.theirs, toBase: cut.theirsToBase },
  };
}
