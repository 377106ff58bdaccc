// What a call cost, and what it may cost at most, in whole millionths of a dollar. Reckoned in integers, so that no sum drifts.
import type { MicroDollars } from "../../core/ledger.ts";
import type { Usage } from "../../core/model.ts";
import type { Price, PriceTier } from "./price.ts";

/** Rates are taken to the millionth of a dollar per million tokens, rounded up: no list has finer ones. */
const scale = 1_000_000;

/** 12 digits, so that 0.07 x 1,000,000 = 70000.00000000001 is not rounded up to a rate that no list has. */
const scaled = (rate: number): bigint => BigInt(Math.ceil(Number((rate * scale).toPrecision(12))));

/** What a server says of itself is not believed to be a count: less than nothing, or no number, is 0. */
const whole = (count: number): bigint =>
  count > 0 ? BigInt(Math.ceil(Math.min(count, Number.MAX_SAFE_INTEGER))) : 0n;

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Rounded up, and never more than a number holds exactly. */
function micros(scaledCost: bigint): MicroDollars {
  const rounded = (scaledCost + BigInt(scale) - 1n) / BigInt(scale);
  return rounded > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(rounded);
}

function tierFor(inputTokens: bigint, { tiers }: Price): PriceTier | undefined {
  return tiers.findLast(
    ({ aboveInputTokens }, index) => index === 0 || inputTokens > whole(aboveInputTokens),
  );
}

/**
 * One call's cost, rounded up; sum costs, never tokens: the tier is chosen by the input of the one call. Cached and written tokens are part of the input; where
 * a server counts more of them than input, they are the input.
 */
export function costOf(usage: Usage, price: Price): MicroDollars {
  const cached = whole(usage.cachedTokens);
  const written = whole(usage.cacheWriteTokens);
  const input = larger(whole(usage.inputTokens), cached + written);
  const tier = tierFor(input, price);
  if (tier === undefined) return 0;
  return micros(
    (input - cached - written) * scaled(tier.input) +
      cached * scaled(tier.cached) +
      written * scaled(tier.cacheWrite) +
      whole(usage.outputTokens) * scaled(tier.output),
  );
}

/** No call with at most so many tokens costs more, whatever its cache does: what is held back before it is made. */
export function mostItMayCost(
  { inputTokens, maxOutputTokens }: { readonly inputTokens: number; readonly maxOutputTokens: number },
  { tiers }: Price,
): MicroDollars {
  const input = whole(inputTokens);
  const output = whole(maxOutputTokens);
  const reachable = tiers.filter(
    ({ aboveInputTokens }, index) => index === 0 || input > whole(aboveInputTokens),
  );
  const costs = reachable.map((tier) => {
    const dearest = Math.max(tier.input, tier.cached, tier.cacheWrite);
    return micros(input * scaled(dearest) + output * scaled(tier.output));
  });
  return Math.max(0, ...costs);
}
