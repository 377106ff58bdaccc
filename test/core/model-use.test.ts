// What models cost, in words: sums, what is unpriced, and what it would have cost otherwise.
import { describe, expect, it } from "@jest/globals";
import { tierLines, useInWords } from "../../src/core/model-use.ts";
import { dollars } from "../../src/core/money.ts";
import type { ModelUse } from "../../src/core/report.ts";
import type { HunkReport } from "../../src/core/task.ts";

const tier = (slot: string, change: Partial<ModelUse["tiers"][number]> = {}) => ({
  ...{ slot, settled: 1, calls: 3, inputTokens: 1_200, outputTokens: 30, micros: 550, unpricedCalls: 0 },
  ...change,
});
const use = (change: Partial<ModelUse> = {}): ModelUse => ({
  tiers: [tier("pick"), tier("consult", { calls: 1, micros: 550 })],
  callsSaved: 0,
  largeOnly: { model: "openai:large", inputTokens: 9, outputTokens: 9, micros: 210_000 },
  problems: [],
  ...change,
});
const hunks = (...tiers: (HunkReport["tier"] | null)[]): Pick<HunkReport, "tier" | "settled">[] =>
  tiers.map((one) => ({ tier: one ?? "human", settled: one !== null }));

describe("useInWords", () => {
  it("tells rules, small and large models, money, and one large model's price", () => {
    const nine = hunks("git", "semantic", "semantic", "ranked", "memory", "trivial", "pick", "consult", null);
    expect(useInWords(use(), nine)).toBe(
      "6 of 9 hunks by rule for $0, 1 by small models, 1 by the large one, in all $0.0011 (4 calls, 2,460 tokens); one large model with whole files: $0.2100 (openai:large, reckoned from token counts and list prices).",
    );
  });

  it("never shows what has no price as free", () => {
    const unpriced = use({ tiers: [tier("pick", { micros: 0, unpricedCalls: 3 })], largeOnly: null });
    expect(useInWords(unpriced, hunks("pick"))).toContain("in all unpriced (3 calls");
    const mixed = use({ tiers: [tier("pick"), tier("generate", { micros: 0, unpricedCalls: 3 })] });
    expect(useInWords(mixed, hunks("pick"))).toContain("in all $0.0006 and 3 unpriced calls");
    expect(tierLines(unpriced)).toEqual(["pick: 1 hunk settled, 3 calls, 1,200 tokens in, 30 out, unpriced"]);
  });

  it("tells calls that were saved", () => {
    expect(tierLines(use({ callsSaved: 3 })).at(-1)).toMatch(/^3 calls saved/);
  });
});

describe("dollars", () => {
  it.each([
    [0, "$0"],
    [1, "$0.000001"],
    [99, "$0.000099"],
    [1_100, "$0.0011"],
    [999_999, "$1.0000"],
    [12_500_000, "$12.50"],
  ])("%d micro-dollars are %s", (micros, text) => {
    expect(dollars(micros)).toBe(text);
  });
});
