// Our own price list, for public models that the package of prices lacks or would take for another.
import { z } from "zod";
import type { Price } from "./price.ts";
import rows from "./overlay.json" with { type: "json" };

const Rate = z.number().nonnegative();
const rates = { input: Rate, cached: Rate.optional(), cacheWrite: Rate.optional(), output: Rate };

const Row = z.strictObject({
  /** "provider:model". */
  model: z.string().regex(/^(?:openai|anthropic):[^\s@]+$/),
  ...rates,
  /** What a call costs whose input is larger; the largest such size counts. */
  tiers: z.array(z.strictObject({ aboveInputTokens: z.number().int().positive(), ...rates })).default([]),
  source: z.string().min(1),
  asOf: z.string().regex(/^\d{4}-\d{2}$/),
});

const byModel = new Map(
  z
    .array(Row)
    .parse(rows)
    .map((row) => [row.model, row]),
);

/** By "provider:model"; `null` when it is not in our list. */
export function ourPrice(model: string): Price | null {
  const row = byModel.get(model);
  if (row === undefined) return null;
  const tiers = [{ aboveInputTokens: 0, ...row }, ...row.tiers].map(
    ({ aboveInputTokens, input, cached = input, cacheWrite = input, output }) => ({
      aboveInputTokens,
      input,
      cached,
      cacheWrite,
      output,
    }),
  );
  return {
    tiers: tiers.toSorted((a, b) => a.aboveInputTokens - b.aboveInputTokens),
    source: `Errand's list, ${row.asOf}`,
  };
}
