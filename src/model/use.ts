// What a run used, from the ledger: earlier attempts of the run are in it, and calls that a killed worker left behind.
import type { Ledger, ModelCall } from "../core/ledger.ts";
import { modelNameText, parseModelName } from "../core/model.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import type { ModelUse } from "../core/report.ts";
import type { HunkReport, ModelWork } from "../core/task.ts";
import { costOf } from "./prices/cost.ts";
import { priceOf } from "./prices/price.ts";

/** Calls of one run that are looked at: a run of 20 hunks makes at most 160, retries aside. */
const mostCalls = 5_000;

export async function callsOf(
  runId: string,
  ledger: Pick<Ledger, "listCalls">,
): Promise<readonly ModelCall[]> {
  return ledger.listCalls({ runId, limit: mostCalls });
}

type Tier = ModelUse["tiers"][number];

/** By slot, in the order in which they were first asked. */
export function tiersOf(
  calls: readonly ModelCall[],
  hunks: readonly Pick<HunkReport, "settled" | "tier">[],
): Tier[] {
  const slots = [...new Set(calls.map(({ slot }) => slot))];
  return slots.map((slot) => {
    const own = calls.filter((call) => call.slot === slot);
    const sum = (of: (call: ModelCall) => number): number => own.reduce((total, call) => total + of(call), 0);
    return {
      slot,
      settled: hunks.filter(({ tier, settled }) => settled && tier === slot).length,
      calls: own.length,
      inputTokens: sum(({ usage }) => usage?.inputTokens ?? 0),
      outputTokens: sum(({ usage }) => usage?.outputTokens ?? 0),
      micros: sum(({ costMicros }) => costMicros),
      unpricedCalls: own.filter(({ priced }) => !priced).length,
    };
  });
}

/** Whom the cost of doing it all with a large model is reckoned for, where the operator has named none: the dearest of the planners that are in use today. */
const reference = "anthropic:claude-opus-5-5";

/** The same work on a large model with whole files. `null` where no price of it is known, or no file was in conflict. */
export function largeOnly(work: readonly ModelWork[], settings: ModelSettings): ModelUse["largeOnly"] {
  const name = parseModelName(settings.roles.large[0] ?? reference);
  if (name === null || work.length === 0) return null;
  const price = priceOf(name, settings);
  if (price === null) return null;
  const inputTokens = work.reduce((sum, { wholeFiles }) => sum + wholeFiles.inputTokens, 0);
  const outputTokens = work.reduce((sum, { wholeFiles }) => sum + wholeFiles.outputTokens, 0);
  // Each file by itself is far below where prices for long prompts begin; their sum may be above it.
  const short = { ...price, tiers: price.tiers.slice(0, 1) };
  const micros = costOf({ inputTokens, outputTokens, cachedTokens: 0, cacheWriteTokens: 0 }, short);
  return { model: modelNameText(name), inputTokens, outputTokens, micros };
}
