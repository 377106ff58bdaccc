// What models had to do with a result, and what it cost, in words: the same in a comment, on a terminal and in a demo.
import { dollars } from "./money.ts";
import type { ModelUse } from "./report.ts";
import { ModelTier } from "./task.ts";
import type { HunkReport } from "./task.ts";

const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

const count = (n: number, noun: string): string => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

const isByModel = ({ settled, tier }: Pick<HunkReport, "settled" | "tier">): boolean =>
  settled && ModelTier.safeParse(tier).success;

/** Of an errand without hunks the sum alone. "7 of 9 hunks by rule for $0, 2 by small models, in all $0.0011; one large model with whole files: $0.21 (…)." */
export function useInWords(use: ModelUse, hunks: readonly Pick<HunkReport, "settled" | "tier">[]): string {
  if (hunks.length === 0) return `In all ${totalInWords(use)}.`;
  const byModel = hunks.filter(isByModel);
  const consulted = byModel.filter(({ tier }) => tier === "consult").length;
  const byRule = hunks.filter(({ settled }) => settled).length - byModel.length;
  const parts = [
    `${byRule} of ${count(hunks.length, "hunk")} by rule for $0`,
    `${byModel.length - consulted} by small models`,
    ...(consulted === 0 ? [] : [`${consulted} by the large one`]),
    `in all ${totalInWords(use)}`,
  ];
  const { largeOnly } = use;
  const instead =
    largeOnly === null
      ? ""
      : `; one large model with whole files: ${dollars(largeOnly.micros)} (${largeOnly.model}, reckoned from token counts and list prices)`;
  return `${parts.join(", ")}${instead}.`;
}

/** Calls without a known price are never part of a sum of money: they are told beside it. */
function totalInWords({ tiers }: ModelUse): string {
  const calls = sumOf(tiers, (tier) => tier.calls);
  const unpriced = sumOf(tiers, ({ unpricedCalls }) => unpricedCalls);
  const micros = sumOf(tiers, (tier) => tier.micros);
  const tokens = sumOf(tiers, ({ inputTokens, outputTokens }) => inputTokens + outputTokens);
  const money = unpriced === calls && calls > 0 ? "unpriced" : dollars(micros);
  const besides = unpriced > 0 && unpriced < calls ? ` and ${count(unpriced, "unpriced call")}` : "";
  return `${money}${besides} (${count(calls, "call")}, ${count(tokens, "token")})`;
}

/** A line for each kind of question, then what was saved. */
export function tierLines({ tiers, callsSaved }: ModelUse): string[] {
  const lines = tiers.map(({ slot, settled, calls, inputTokens, outputTokens, micros, unpricedCalls }) => {
    const money = unpricedCalls === calls ? "unpriced" : dollars(micros);
    const tokens = `${inputTokens.toLocaleString("en")} tokens in, ${outputTokens.toLocaleString("en")} out`;
    const hunks = ModelTier.safeParse(slot).success ? `${count(settled, "hunk")} settled, ` : "";
    return `${slot}: ${hunks}${count(calls, "call")}, ${tokens}, ${money}`;
  });
  if (callsSaved === 0) return lines;
  return [
    ...lines,
    `${count(callsSaved, "call")} saved: earlier answers settled what they would have been about`,
  ];
}
