// What a run used, and what the same work would have cost on a large model.
import { describe, expect, it } from "@jest/globals";
import type { ModelCall } from "../../src/core/ledger.ts";
import { parseModelName } from "../../src/core/model.ts";
import type { ModelWork } from "../../src/core/task.ts";
import { createMemoryLedger } from "../../src/model/memory-ledger.ts";
import { costOf } from "../../src/model/prices/cost.ts";
import { priceOf } from "../../src/model/prices/price.ts";
import type { Price } from "../../src/model/prices/price.ts";
import { callsOf, largeOnly, tiersOf } from "../../src/model/use.ts";
import { someCall } from "../store/ledger-facts.ts";
import { settings } from "./fixtures.ts";

const usage = { inputTokens: 100, cachedTokens: 90, cacheWriteTokens: 0, outputTokens: 7 };
const answered = (slot: string, change: Partial<ModelCall> = {}): ModelCall =>
  someCall({ slot, status: "answered", usage, costMicros: 40, ...change });

describe("callsOf", () => {
  it("are the run's, those of killed workers included, and nobody else's", async () => {
    const ledger = createMemoryLedger();
    for (const [id, runId] of [
      ["a", "mine"],
      ["b", "mine"],
      ["c", "other"],
    ] as const)
      await ledger.reserveCall(someCall({ id, runId }), []);
    await ledger.giveUpCalls(Infinity);
    expect((await callsOf("mine", ledger)).map(({ id, status }) => [id, status])).toEqual([
      ["a", "lost"],
      ["b", "lost"],
    ]);
  });
});

describe("tiersOf", () => {
  it("adds up calls, tokens and money by slot, in the order in which they were first asked", () => {
    const calls = [
      answered("probe"),
      answered("pick"),
      someCall({ slot: "generate", status: "failed", failure: "overloaded", costMicros: 0 }),
      answered("pick", { costMicros: 2 }),
      someCall({ slot: "generate", status: "lost", costMicros: 500, reservedMicros: 500 }),
    ];
    const none = { settled: 0, unpricedCalls: 0 };
    expect(tiersOf(calls, [])).toEqual([
      { slot: "probe", calls: 1, inputTokens: 100, outputTokens: 7, micros: 40, ...none },
      { slot: "pick", calls: 2, inputTokens: 200, outputTokens: 14, micros: 42, ...none },
      { slot: "generate", calls: 2, inputTokens: 0, outputTokens: 0, micros: 500, ...none },
    ]);
    expect(tiersOf([], [{ settled: true, tier: "pick" }])).toEqual([]);
  });

  it("counts hunks that a slot settled, and calls that nobody knows the price of", () => {
    const calls = [answered("pick", { priced: false, costMicros: 0 }), answered("pick"), answered("consult")];
    const hunks = [
      { settled: true, tier: "pick" },
      { settled: true, tier: "pick" },
      { settled: false, tier: "pick" },
      { settled: true, tier: "structural" },
    ] as const;
    expect(tiersOf(calls, hunks)).toMatchObject([
      { slot: "pick", settled: 2, calls: 2, unpricedCalls: 1, micros: 40 },
      { slot: "consult", settled: 0, unpricedCalls: 0 },
    ]);
  });
});

const workOf = (inputTokens: number, outputTokens: number): ModelWork => ({
  callsSaved: 0,
  wholeFiles: { inputTokens, outputTokens },
});
const planning = (...large: readonly string[]) => ({ ...settings, prices: {}, roles: { small: [], large } });

function listPrice(text: string): Price {
  const name = parseModelName(text);
  const price = name && priceOf(name, { prices: {} });
  if (!price) throw new Error(`${text} has no price`);
  return price;
}

describe("largeOnly", () => {
  it("is all the work of the run at the configured model's price", () => {
    const priced = { ...settings, prices: { "@here": { input: 2, output: 10 } } };
    expect(largeOnly([workOf(1_000, 10), workOf(500, 5)], priced)).toEqual({
      model: "anthropic:large@here",
      inputTokens: 1_500,
      outputTokens: 15,
      micros: 3_150,
    });
  });

  it("takes the price of short prompts alone: no single file is as long as all of them", () => {
    const name = "anthropic:claude-haiku-5-5";
    const price = listPrice(name);
    const [first, second] = price.tiers;
    if (!first || !second) throw new Error("this model has a second price for long prompts");
    const tokens = { inputTokens: second.aboveInputTokens * 2, outputTokens: 1_000 };
    const found = largeOnly([workOf(tokens.inputTokens, 1_000)], planning(name));
    expect(found).toMatchObject({ model: name, ...tokens });
    expect(found?.micros).toBe(tokens.inputTokens * first.input + 1_000 * first.output);
    expect(found?.micros).toBeLessThan(costOf({ ...tokens, cachedTokens: 0, cacheWriteTokens: 0 }, price));
  });

  it("takes a model of today where the operator has named none", () => {
    const [first] = listPrice("anthropic:claude-opus-5-5").tiers;
    expect(largeOnly([workOf(1_000, 100)], planning())).toMatchObject({
      model: "anthropic:claude-opus-5-5",
      micros: 1_000 * (first?.input ?? NaN) + 100 * (first?.output ?? NaN),
    });
  });

  it("says nothing without a price, or without work", () => {
    const work = [workOf(1_000, 100)];
    expect(largeOnly(work, planning("anthropic:large@here"))).toBeNull();
    expect(largeOnly(work, planning("openai:nobody-knows-me"))).toBeNull();
    expect(largeOnly(work, planning("no name"))).toBeNull();
    expect(largeOnly([], settings)).toBeNull();
    expect(largeOnly([workOf(0, 0)], settings)).toMatchObject({ micros: 0 });
  });
});
