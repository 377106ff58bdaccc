// What a model costs, and who says so: the operator, our own list, or the package of prices. What nobody says is unknown, never zero.
import { modelNameText } from "../../core/model.ts";
import type { ModelName } from "../../core/model.ts";
import type { ListPrice, ModelSettings } from "../../core/model-settings.ts";
import { cataloguePrice } from "./catalogue.ts";
import { ourPrice } from "./overlay.ts";

/** Dollars for a million tokens, which are also millionths of a dollar for one. */
export interface PriceTier {
  /** The tier holds for calls with more input tokens than this, for all their tokens. */
  readonly aboveInputTokens: number;
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
}

export interface Price {
  /** By `aboveInputTokens`, ascending; the first is 0. */
  readonly tiers: readonly PriceTier[];
  /** Who says so, for reports. */
  readonly source: string;
}

/**
 * The operator's price for the name, else for its endpoint. Only a model on its provider's public API has a list price: a server of one's own asks what it
 * likes. `null`: nobody says a price. `at` picks among list prices with dates.
 */
export function priceOf(
  name: ModelName,
  { prices }: Pick<ModelSettings, "prices">,
  at: Date = new Date(),
): Price | null {
  const text = modelNameText(name);
  const own = prices[text] ?? (name.endpoint === null ? undefined : prices[`@${name.endpoint}`]);
  if (own !== undefined) return operatorPrice(own);
  if (name.endpoint !== null) return null;
  return ourPrice(text) ?? cataloguePrice(name.provider, name.model, at);
}

function operatorPrice({ input, output, cached = input, cacheWrite = input }: ListPrice): Price {
  return { tiers: [{ aboveInputTokens: 0, input, cached, cacheWrite, output }], source: "operator" };
}
