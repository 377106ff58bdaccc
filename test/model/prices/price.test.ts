// Who says what a model costs, and that nobody guesses.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { findProvider } from "@pydantic/genai-prices";
import { parseModelName } from "../../../src/core/model.ts";
import type { ModelName } from "../../../src/core/model.ts";
import type { ListPrice } from "../../../src/core/model-settings.ts";
import { costOf } from "../../../src/model/prices/cost.ts";
import { priceOf } from "../../../src/model/prices/price.ts";
import type { Price } from "../../../src/model/prices/price.ts";

const named = (text: string): ModelName => {
  const name = parseModelName(text);
  if (name === null) throw new Error(`${text} is no name`);
  return name;
};
const november = new Date("2026-11-23");
const price = (text: string, prices: Readonly<Record<string, ListPrice>> = {}): Price | null =>
  priceOf(named(text), { prices }, november);
const rates = (text: string): unknown => price(text)?.tiers[0];

describe("priceOf", () => {
  it("has today's public prices, in dollars per million tokens", () => {
    expect(rates("anthropic:claude-haiku-5-5")).toMatchObject({ input: 0.1, output: 0.5 });
    expect(rates("openai:gpt-6-luna")).toMatchObject({
      input: 0.1,
      cached: 0.01,
      cacheWrite: 0.125,
      output: 0.5,
    });
    expect(rates("openai:gpt-6.1-terra")).toMatchObject({ input: 1, cached: 0.05, cacheWrite: 1, output: 5 });
    expect(rates("openai:gpt-5.4-mini")).toMatchObject({ input: 0.75, cached: 0.075, output: 4.5 });
    expect(rates("anthropic:claude-haiku-4-5")).toMatchObject({ input: 1, cached: 0.1, output: 5 });
    expect(rates("anthropic:claude-opus-5-5")).toMatchObject({ input: 4, cached: 0.2, output: 20 });
    expect(rates("anthropic:claude-sonnet-5")).toMatchObject({ input: 2, cached: 0.2, output: 10 });
  });

  it("has the second tier of long prompts", () => {
    expect(price("anthropic:claude-haiku-5-5")?.tiers[1]).toMatchObject({
      aboveInputTokens: 100_000,
      input: 0.5,
      output: 2.5,
    });
    expect(price("openai:gpt-6-luna")?.tiers[1]).toEqual({
      aboveInputTokens: 272_000,
      input: 0.2,
      cached: 0.02,
      cacheWrite: 0.25,
      output: 0.75,
    });
  });

  it("takes the price of the day", () => {
    const luna = named("openai:gpt-5.6-luna");
    expect(priceOf(luna, { prices: {} }, new Date("2026-07-01"))?.tiers[0]?.input).toBe(1);
    expect(priceOf(luna, { prices: {} }, november)?.tiers[0]?.input).toBe(0.2);
  });

  it("never takes a model for one with a longer or shorter name", () => {
    expect(price("anthropic:claude-sonnet-5-9")).toBeNull();
    expect(price("anthropic:claude-sonnet-5-5")?.source).toContain("Errand's list");
    expect(price("anthropic:claude-haiku-4-5-20251001")).toBeNull();
    expect(price("openai:gpt-6-luna-2026-09-22")).toBeNull();
    expect(price("openai:GPT-6-LUNA")).toBeNull();
    expect(price("openai:claude-haiku-5-5")).toBeNull();
    expect(price("openai:constructor")).toBeNull();
  });

  it("knows no price of a server of one's own unless the operator says one", () => {
    expect(price("openai:gpt-6-luna@local")).toBeNull();
    expect(price("openai:gpt-6-luna@local", { "openai:gpt-6-luna": { input: 9, output: 9 } })).toBeNull();
    const free = price("openai:qwen3.5:9b@local", { "@local": { input: 0, output: 0 } });
    expect(free?.source).toBe("operator");
    expect(
      free && costOf({ inputTokens: 9, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 9 }, free),
    ).toBe(0);
  });

  it("lets the operator's own price win, the name's over the endpoint's", () => {
    const prices = {
      "@local": { input: 1, output: 2 },
      "openai:a@local": { input: 3, output: 4, cached: 0.5 },
      "openai:gpt-6-luna": { input: 5, output: 6 },
    };
    expect(price("openai:b@local", prices)?.tiers).toEqual([
      { aboveInputTokens: 0, input: 1, cached: 1, cacheWrite: 1, output: 2 },
    ]);
    expect(price("openai:a@local", prices)?.tiers[0]).toMatchObject({
      input: 3,
      cached: 0.5,
      cacheWrite: 3,
      output: 4,
    });
    expect(price("openai:gpt-6-luna", prices)).toMatchObject({
      source: "operator",
      tiers: [{ input: 5, output: 6 }],
    });
  });

  it("has finite rates and ascending tiers for every model of the package, or says that it does not know", () => {
    const found = (["openai", "anthropic"] as const).flatMap((provider) =>
      (findProvider({ providerId: provider })?.models ?? []).flatMap(
        ({ id }) => priceOf({ provider, model: id, endpoint: null }, { prices: {} }, november) ?? [],
      ),
    );
    expect(found.length).toBeGreaterThan(80);
    for (const { tiers } of found) {
      const starts = tiers.map(({ aboveInputTokens }) => aboveInputTokens);
      expect(starts[0]).toBe(0);
      expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => a - b));
      const all = tiers.flatMap(({ input, cached, cacheWrite, output }) => [
        input,
        cached,
        cacheWrite,
        output,
      ]);
      expect(all.filter((rate) => !(rate >= 0 && rate < 1_000))).toEqual([]);
    }
  });

  it("names the version of the package that is installed", () => {
    const { version } = JSON.parse(
      readFileSync(
        new URL("../../../node_modules/@pydantic/genai-prices/package.json", import.meta.url),
        "utf8",
      ),
    ) as { version: string };
    expect(price("openai:gpt-6-luna")?.source).toBe(`genai-prices ${version}, 2026-09-23`);
  });
});
