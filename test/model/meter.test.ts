// One metered call: money first, then the row, then the server, then what it cost.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import { parseModelName } from "../../src/core/model.ts";
import type { ModelName } from "../../src/core/model.ts";
import type { ModelRunFacts } from "../../src/core/models.ts";
import { defaultPolicy } from "../../src/config/policy-defaults.ts";
import { askMetered } from "../../src/model/meter.ts";
import type { MeterParts } from "../../src/model/meter.ts";
import { answerOf, everyCall, metered, request, run, small } from "./fixtures.ts";
import { purpose } from "./fake-asker.ts";

const nameOf = (text: string): ModelName => {
  const name = parseModelName(text);
  if (name === null) throw new Error(text);
  return name;
};
const isWellFormed = (text: string): boolean => text.startsWith("good");
const ask = (parts: MeterParts, facts: ModelRunFacts = run) =>
  askMetered({ run: facts, purpose, name: nameOf(small), request, isWellFormed, attempt: 1 }, parts);

describe("askMetered", () => {
  it("has the row and the money in the ledger before the server is asked", async () => {
    const { ledger, parts } = metered(async () => {
      const [row] = await everyCall(ledger);
      expect(row).toMatchObject({
        status: "reserved",
        runId: "run-1",
        agent: "conflict-resolver",
        slot: "pick",
        model: small,
      });
      expect(await ledger.spent(["run:run-1"])).toEqual([row?.reservedMicros]);
      expect(row?.reservedMicros).toBeGreaterThan(100);
      return answerOf("good");
    });
    expect(await ask(parts)).toMatchObject({ kind: "answered", status: "answered" });
  });

  it("settles what the server says that it used, in every sum", async () => {
    const { ledger, parts } = metered(() => answerOf("good"));
    await ask(parts);
    expect(await everyCall(ledger)).toMatchObject([{ status: "answered", costMicros: 50, latencyMs: 5 }]);
    const sums = ["run:run-1", "pull:acme/app#3", "day:2026-11-23", "installation:7:2026-11"];
    expect(await ledger.spent(sums)).toEqual([50, 50, 50, 50]);
  });

  it("takes all that was reserved as used where the server tells no usage", async () => {
    const { ledger, parts } = metered(() => answerOf("good", { usage: null }));
    await ask(parts);
    const [row] = await everyCall(ledger);
    expect(row).toMatchObject({ usage: null });
    expect(row?.costMicros).toBe(row?.reservedMicros);
  });

  it.each([
    ["answered", answerOf("good")],
    ["malformed", answerOf("bad")],
    ["empty", answerOf(" \n")],
    ["truncated", answerOf("good", { stopReason: "length" })],
    ["refused", answerOf("good", { stopReason: "refusal" })],
  ] as const)("calls an answer %s", async (status, answer) => {
    const { ledger, parts } = metered(() => answer);
    expect(await ask(parts)).toMatchObject({ kind: "answered", status });
    expect(await everyCall(ledger)).toMatchObject([{ status }]);
  });

  it.each([
    ["input", { inputTokens: 9_000_000_000, outputTokens: 1 }],
    ["output", { inputTokens: 1, outputTokens: 5_000_000 }],
  ])("does not believe a count of %s that cannot be true: what was reserved counts", async (_, tokens) => {
    const usage = { ...tokens, cachedTokens: 0, cacheWriteTokens: 0 };
    const { ledger, parts } = metered(() => answerOf("good", { usage }));
    await ask(parts);
    const [row] = await everyCall(ledger);
    expect(row).toMatchObject({ status: "answered", usage: null });
    expect(row?.costMicros).toBe(row?.reservedMicros);
  });

  it("neither reads nor keeps an answer far above its limit", async () => {
    const { ledger, parts } = metered(() => answerOf(`good ${"x".repeat(100_000)}`));
    const consenting = { ...run, policy: { ...defaultPolicy, ledger: { contents: true } } };
    expect(await ask(parts, consenting)).toMatchObject({ status: "malformed", answer: { text: "" } });
    expect(await everyCall(ledger)).toMatchObject([{ status: "malformed", contents: { answer: "" } }]);
  });

  it("asks nobody, and writes no row, where the money does not suffice", async () => {
    const { ledger, parts, asked } = metered(() => answerOf("good"), {
      budget: { run: 120, pull: 1e6, day: 1e6, installation: 1e6 },
    });
    expect(await ask(parts)).toMatchObject({ kind: "no-money", scope: { name: "run", limitMicros: 120 } });
    expect(asked).toEqual([]);
    expect(await everyCall(ledger)).toEqual([]);
  });

  it("lets a repository lower the limits, never raise them", async () => {
    const budgeted = (micros: number): ModelRunFacts => ({
      ...run,
      policy: { ...defaultPolicy, models: { ...defaultPolicy.models, budget: { run: micros, pull: null } } },
    });
    const { parts } = metered(() => answerOf("good"), {
      budget: { run: 1_000, pull: 1e6, day: 1e6, installation: 1e6 },
    });
    expect(await ask(parts, budgeted(10))).toMatchObject({ kind: "no-money", scope: { limitMicros: 10 } });
    expect(await ask(parts, budgeted(9_999))).toMatchObject({ kind: "answered" });
    const poor = metered(() => answerOf("good"), {
      budget: { run: 10, pull: 1e6, day: 1e6, installation: 1e6 },
    });
    expect(await ask(poor.parts, budgeted(9_999))).toMatchObject({
      kind: "no-money",
      scope: { limitMicros: 10 },
    });
  });

  it("refuses a model without a price, unless the operator allows it: then it is unpriced, not free", async () => {
    const { parts, asked } = metered(() => answerOf("good"), { prices: {} });
    expect(await ask(parts)).toEqual({ kind: "unpriced" });
    expect(asked).toEqual([]);
    const allowed = metered(() => answerOf("good"), { prices: {}, allowUnpriced: true });
    await ask(allowed.parts);
    expect(await everyCall(allowed.ledger)).toMatchObject([
      { priced: false, costMicros: 0, usage: { inputTokens: 40 } },
    ]);
  });

  it("gives the money back where the server refused, and says why in the row", async () => {
    const busy = new AppError("model", "The server is busy.", { retryable: true, remedy: "Wait." });
    const { ledger, parts } = metered(() => busy);
    expect(await ask(parts)).toMatchObject({ kind: "failed", error: busy });
    expect(await everyCall(ledger)).toMatchObject([{ status: "failed" }]);
  });

  it("rejects with the reason of an aborted run, and keeps the money: the server may have answered", async () => {
    const controller = new AbortController();
    const { ledger, parts } = metered(() => {
      controller.abort(new Error("stop"));
      throw new Error("stop");
    });
    await expect(ask(parts, { ...run, signal: controller.signal })).rejects.toThrow("stop");
    const [row] = await everyCall(ledger);
    expect(row).toMatchObject({ status: "failed", failure: "called off" });
    expect(row?.costMicros).toBe(row?.reservedMicros);
  });

  it("keeps texts with consent alone, redacted, and never of a fork", async () => {
    const consenting = { ...defaultPolicy, ledger: { contents: true } };
    const secret = answerOf("good key-of-here and ann@example.org");
    for (const facts of [run, { ...run, policy: consenting, fromFork: true }]) {
      const { ledger, parts } = metered(() => secret);
      await ask(parts, facts);
      expect(await everyCall(ledger)).toMatchObject([{ contents: null }]);
    }
    const { ledger, parts } = metered(() => secret);
    await ask(parts, { ...run, policy: consenting });
    const [row] = await everyCall(ledger);
    expect(row?.contents).toMatchObject({ user: request.prompt.user, target: null, meaning: null });
    expect(row?.contents?.answer).toMatch(/^good /);
    expect(row?.contents?.answer).not.toContain("key-of-here");
    expect(row?.contents?.answer).not.toContain("ann@example.org");
  });
});
