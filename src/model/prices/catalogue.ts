// The prices that come with the package @pydantic/genai-prices: only what it lists under the very name, and never over the network.
import { calcPrice } from "@pydantic/genai-prices";
import type { ModelPrice } from "@pydantic/genai-prices";
import type { Provider } from "../../core/model.ts";
import type { Price, PriceTier } from "./price.ts";

/** The package's version and the day of its prices; a test holds the version against what is installed. */
const catalogueSource = "genai-prices 0.1.8, 2026-09-23";

/**
 * `null` where the package has no row of exactly this name, or one that does not price tokens both ways. It would go on by prefixes and patterns and answer
 * for models that it does not know (claude-sonnet-5-5 as claude-sonnet-5), so its row is compared with the name. `at` picks among prices with dates.
 */
export function cataloguePrice(provider: Provider, model: string, at: Date): Price | null {
  const found = calcPrice({}, model, { providerId: provider, timestamp: at });
  if (found?.model.id !== model) return null;
  const listed = found.model_price;
  if (listed["input_mtok"] === undefined || listed["output_mtok"] === undefined) return null;
  return {
    tiers: startsOf(listed).map((start) => tierOf(listed, start)),
    source: catalogueSource,
  };
}

const keys = ["input_mtok", "cache_read_mtok", "cache_write_mtok", "output_mtok"];

/** Every size of input at which one of the rates changes, from 0. */
function startsOf(listed: ModelPrice): number[] {
  const starts = keys.flatMap((key) => {
    const rate = listed[key];
    return typeof rate === "object" ? rate.tiers.map(({ start }) => start) : [];
  });
  return [...new Set([0, ...starts])].toSorted((a, b) => a - b);
}

function tierOf(listed: ModelPrice, start: number): PriceTier {
  const rate = (key: string): number | undefined => {
    const one = listed[key];
    if (typeof one !== "object") return one;
    return one.tiers.findLast((tier) => tier.start <= start)?.price ?? one.base;
  };
  const input = rate("input_mtok") ?? 0;
  return {
    aboveInputTokens: start,
    input,
    cached: rate("cache_read_mtok") ?? input,
    cacheWrite: rate("cache_write_mtok") ?? input,
    output: rate("output_mtok") ?? 0,
  };
}
