// From the text that a family made to its proposal.
import { endingOf } from "../lines.ts";
import type { Proposal } from "./candidate.ts";
import type { CandidateName } from "./names.ts";
import type { Sides } from "./sides.ts";

/** UTF-16 units of a hunk's three sides together beyond which families that look inside lines stay silent. */
const longestHunk = 24_000;

export function isLong({ base, ours, theirs }: Sides): boolean {
  return base.length + ours.length + theirs.length > longestHunk;
}

/** The text as whole lines; nothing where there is none, or only blanks: leaving both sides out is a candidate of its own. */
export function proposal(sides: Sides, name: CandidateName, text: string | null): readonly Proposal[] {
  if (text === null || text.trim() === "") return [];
  const whole = text.endsWith("\n") ? text : text + endingOf(sides.ours + sides.theirs);
  return [{ name, text: whole }];
}
