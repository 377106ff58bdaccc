// The candidates of a hunk as shipped: what the rules answer, and what every family comes up with.
import type { Hunk } from "../../core/conflict.ts";
import type { Candidate, Proposal } from "../candidates/candidate.ts";
import { generateCandidates } from "../candidates/generate.ts";
import { explanations } from "../candidates/names.ts";
import type { CandidateName } from "../candidates/names.ts";
import { sidesOf } from "../candidates/sides.ts";
import type { Sides } from "../candidates/sides.ts";
import { tiers } from "../resolve-file.ts";
import type { HunkContext } from "../tier.ts";
import type { Prepared } from "./prepare.ts";
import { ruleAnswers } from "./rule-answers.ts";

/** The hunk must be whole lines. */
export function candidatesOf(
  hunk: Hunk,
  context: HunkContext,
  { odds, structural }: Prepared,
): { readonly sides: Sides; readonly candidates: readonly Candidate[] } {
  const sides = sidesOf(hunk, context);
  const structured = structural?.candidates(hunk, context) ?? [];
  const answered = [...ruleAnswers(hunk, context, tiers), ...structured.flatMap(named)];
  return { sides, candidates: generateCandidates(sides, odds, answered) };
}

const isName = (name: string): name is CandidateName => Object.hasOwn(explanations, name);

const named = ({ name, text }: { name: string; text: string }): Proposal[] =>
  isName(name) ? [{ name, text }] : [];
