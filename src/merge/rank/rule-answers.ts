// What the rules of the ladder answer, as candidates: the ranker weighs them with the rest.
import type { Hunk } from "../../core/conflict.ts";
import type { Proposal } from "../candidates/candidate.ts";
import type { CandidateName } from "../candidates/names.ts";
import { settleHunk } from "../ladder.ts";
import type { HunkContext, HunkTier } from "../tier.ts";

/** The candidate's name for the answer of a tier. */
const names: Readonly<Record<string, CandidateName>> = {
  json: "data",
  toml: "data",
  "go-mod": "data",
  yaml: "data",
  imports: "imports",
  changelog: "changelog",
  lists: "entries",
  "one-sided change": "one-side",
};

/** Every tier's own answer, in the order of the ladder. */
export function ruleAnswers(hunk: Hunk, context: HunkContext, tiers: readonly HunkTier[]): Proposal[] {
  return tiers.flatMap((tier): Proposal[] => {
    const name = names[tier.name];
    const settlement = name === undefined ? null : settleHunk(hunk, context, [tier]);
    return name === undefined || settlement === null ? [] : [{ name, text: settlement.text }];
  });
}
