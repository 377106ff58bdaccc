// Money is whole, never less than the list says, and never guessed.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Usage } from "../../../src/core/model.ts";
import { costOf, mostItMayCost } from "../../../src/model/prices/cost.ts";
import type { Price, PriceTier } from "../../../src/model/prices/price.ts";

const flat = (rates: Partial<PriceTier>): Price => ({
  tiers: [{ aboveInputTokens: 0, input: 0, cached: 0, cacheWrite: 0, output: 0, ...rates }],
  source: "test",
});
const usage = (counts: Partial<Usage>): Usage => ({
  inputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  ...counts,
});
const haiku: Price = {
  tiers: [
    { aboveInputTokens: 0, input: 0.1, cached: 0.01, cacheWrite: 0.125, output: 0.5 },
    { aboveInputTokens: 100_000, input: 0.5, cached: 0.05, cacheWrite: 0.625, output: 2.5 },
  ],
  source: "test",
};

describe("costOf", () => {
  it("takes each token at its rate", () => {
    const price = flat({ input: 4, cached: 0.2, cacheWrite: 5, output: 20 });
    const call = usage({
      inputTokens: 10_000,
      cachedTokens: 6_000,
      cacheWriteTokens: 1_000,
      outputTokens: 300,
    });
    expect(costOf(call, price)).toBe(3_000 * 4 + 1_200 + 5_000 + 6_000);
  });

  it("rounds up, but not what is whole already", () => {
    expect(costOf(usage({ inputTokens: 1 }), flat({ input: 0.007 }))).toBe(1);
    expect(costOf(usage({ inputTokens: 3 }), flat({ input: 0.1 }))).toBe(1);
    expect(costOf(usage({ inputTokens: 3_000 }), flat({ input: 0.1 }))).toBe(300);
    expect(costOf(usage({ inputTokens: 1_000_000 }), flat({ input: 0.07 }))).toBe(70_000);
    expect(costOf(usage({}), flat({ input: 4 }))).toBe(0);
  });

  it("takes the whole call at the tier of its own input", () => {
    expect(costOf(usage({ inputTokens: 100_000, outputTokens: 1_000 }), haiku)).toBe(10_500);
    expect(costOf(usage({ inputTokens: 100_001, outputTokens: 1_000 }), haiku)).toBe(50_001 + 2_500);
    expect(
      costOf(usage({ inputTokens: 90_000, cachedTokens: 80_000, cacheWriteTokens: 40_000 }), haiku),
    ).toBe(80_000 * 0.05 + 40_000 * 0.625);
  });

  it("stays whole and within reason for counts that are none", () => {
    for (const count of [NaN, -1, Infinity, -Infinity, 0.5, 1e300]) {
      const cost = costOf(usage({ inputTokens: count, outputTokens: count }), haiku);
      expect(Number.isSafeInteger(cost)).toBe(true);
      expect(cost).toBeGreaterThanOrEqual(0);
    }
  });
});

const rate = fc.integer({ min: 0, max: 100_000 }).map((thousandths) => thousandths / 1_000);
const tier = (aboveInputTokens: number): fc.Arbitrary<PriceTier> =>
  fc
    .record({ input: rate, cached: rate, cacheWrite: rate, output: rate })
    .map((rates) => ({ aboveInputTokens, ...rates }));
/** The second tier is dearer, as every list has it. */
const anyPrice: fc.Arbitrary<Price> = fc
  .tuple(tier(0), fc.integer({ min: 1, max: 3_000 }), fc.boolean())
  .map(([base, above, two]) => ({
    source: "test",
    tiers: two
      ? [
          base,
          {
            aboveInputTokens: above,
            input: base.input * 2,
            cached: base.cached * 2,
            cacheWrite: base.cacheWrite * 2,
            output: base.output * 1.5,
          },
        ]
      : [base],
  }));
const tokens = fc.integer({ min: 0, max: 5_000 });
const anyUsage: fc.Arbitrary<Usage> = fc
  .tuple(tokens, fc.nat(1_000), fc.nat(1_000), tokens)
  .map(([plain, cachedTokens, cacheWriteTokens, outputTokens]) => ({
    inputTokens: plain + cachedTokens + cacheWriteTokens,
    cachedTokens,
    cacheWriteTokens,
    outputTokens,
  }));

/** In millionths of a millionth of a dollar, by another way than the product's. */
function exactly(call: Usage, { tiers }: Price): bigint {
  const [base, second] = tiers;
  const at = second && call.inputTokens > second.aboveInputTokens ? second : base;
  if (at === undefined) return 0n;
  const part = (count: number, dollars: number): bigint => BigInt(count) * BigInt(Math.round(dollars * 1e6));
  const plain = call.inputTokens - call.cachedTokens - call.cacheWriteTokens;
  return (
    part(plain, at.input) +
    part(call.cachedTokens, at.cached) +
    part(call.cacheWriteTokens, at.cacheWrite) +
    part(call.outputTokens, at.output)
  );
}

describe("for every price and usage", () => {
  it("a call costs its exact price rounded up, so a sum of calls is never too low", () => {
    fc.assert(
      fc.property(anyPrice, anyUsage, (price, call) => {
        const cost = costOf(call, price);
        expect(Number.isSafeInteger(cost)).toBe(true);
        const over = BigInt(cost) * 1_000_000n - exactly(call, price);
        expect(over >= 0n && over < 1_000_000n).toBe(true);
      }),
    );
  });

  it("more input, or more output, never costs less", () => {
    fc.assert(
      fc.property(anyPrice, anyUsage, tokens, tokens, (price, call, input, output) => {
        const more = {
          ...call,
          inputTokens: call.inputTokens + input,
          outputTokens: call.outputTokens + output,
        };
        expect(costOf(more, price)).toBeGreaterThanOrEqual(costOf(call, price));
      }),
    );
  });

  it("no call costs more than was held back for it", () => {
    fc.assert(
      fc.property(anyPrice, anyUsage, tokens, tokens, (price, call, lessInput, lessOutput) => {
        const most = mostItMayCost(
          { inputTokens: call.inputTokens + lessInput, maxOutputTokens: call.outputTokens + lessOutput },
          price,
        );
        expect(costOf(call, price)).toBeLessThanOrEqual(most);
      }),
    );
  });
});
