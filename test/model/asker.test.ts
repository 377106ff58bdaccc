// Asking through trouble: other tries, other models, and words for what went wrong.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import type { ModelRunFacts } from "../../src/core/models.ts";
import { defaultPolicy } from "../../src/config/policy-defaults.ts";
import { createAsker } from "../../src/model/asker.ts";
import { noScreen } from "../../src/model/screen.ts";
import type { Screen } from "../../src/model/screen.ts";
import { answerOf, everyCall, large, metered, request, run, small, spare } from "./fixtures.ts";
import { purpose } from "./fake-asker.ts";

type Behaviour = Parameters<typeof metered>[0];

const failure = (retryable: boolean, retryAfterMs?: number): AppError =>
  new AppError("model", retryable ? "It is busy." : "The key is wrong.", {
    retryable,
    remedy: retryable ? "Wait." : "Set OPENAI_API_KEY.",
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });

function asking(behave: Behaviour, change: Parameters<typeof metered>[1] = {}, facts: ModelRunFacts = run) {
  const { parts, ledger, asked } = metered(behave, change);
  const slept: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    slept.push(ms);
    return Promise.resolve();
  };
  const asker = createAsker(facts, { ...parts, sleep, screen: noScreen });
  return { asker, ledger, asked, slept, ask: () => asker.sample(purpose, request, () => true) };
}
const twoModels = { roles: { small: [small, spare], large: [large] } };

describe("createAsker", () => {
  it("tries a busy server again, waiting as long as it says, each try a row of its own", async () => {
    let calls = 0;
    const { ask, ledger, slept } = asking(() => (++calls < 3 ? failure(true, 1_234) : answerOf("yes")));
    const sample = await ask();
    expect(sample).toMatchObject({ answered: true, model: small });
    expect(sample.callIds).toHaveLength(3);
    expect(slept).toEqual([1_234, 1_234]);
    expect((await everyCall(ledger)).map(({ status, attempt }) => [status, attempt])).toEqual([
      ["failed", 1],
      ["failed", 2],
      ["answered", 3],
    ]);
  });

  it("gives a model up after three tries, and asks the next one", async () => {
    const { ask, asked, asker } = asking(
      (name) => (name === small ? failure(true) : answerOf("yes")),
      twoModels,
    );
    expect(await ask()).toMatchObject({ answered: true, model: spare });
    expect(asked).toEqual([small, small, small, spare]);
    await ask();
    expect(asked.slice(4)).toEqual([spare]);
    expect(asker.problems()).toEqual([`${small}: It is busy. Wait.`]);
  });

  it("does not try again what will not change, and says what to do", async () => {
    const { ask, asked, asker } = asking(() => failure(false));
    expect(asker.isAvailable("small", "conflict-resolver")).toBe(true);
    expect(await ask()).toMatchObject({
      answered: false,
      why: `${small}: The key is wrong. Set OPENAI_API_KEY.`,
    });
    expect(asked).toHaveLength(1);
    expect(asker.isAvailable("small", "conflict-resolver")).toBe(false);
    expect(asker.isAvailable("large", "conflict-resolver")).toBe(true);
    expect(asker.problems()).toEqual([`${small}: The key is wrong. Set OPENAI_API_KEY.`]);
  });

  it("does not wait for longer than a minute in all", async () => {
    const { ask, slept } = asking(() => failure(true, 40_000));
    await ask();
    expect(slept).toEqual([40_000]);
  });

  it("asks nothing more five minutes after a run's first question, and says so", async () => {
    const { parts, asked } = metered(() => answerOf("yes"));
    let now = 0;
    const sampled = (askingMs?: number) => {
      const timed = {
        ...parts,
        now: () => now,
        screen: noScreen,
        ...(askingMs !== undefined && { askingMs }),
      };
      const asker = createAsker(run, timed);
      return { asker, ask: () => asker.sample(purpose, request, () => true) };
    };
    const { asker, ask } = sampled();
    now = 10 * 60_000;
    expect(await ask()).toMatchObject({ answered: true });
    now += 5 * 60_000;
    expect(await ask()).toMatchObject({ answered: true });
    now += 1;
    expect(asker.isAvailable("small", "conflict-resolver")).toBe(false);
    expect(await ask()).toMatchObject({
      answered: false,
      why: expect.stringContaining("time that models have"),
    });
    expect(asker.problems()).toEqual([expect.stringContaining("time that models have")]);
    expect(asked).toHaveLength(2);

    const replay = sampled(Infinity);
    await replay.ask();
    now += 60 * 60_000;
    expect(await replay.ask()).toMatchObject({ answered: true });
  });

  it("names the budget that is used up", async () => {
    const { ask, asker } = asking(() => answerOf("yes"), {
      budget: { run: 5, pull: 9, day: 9, installation: 9 },
    });
    expect(await ask()).toMatchObject({ answered: false });
    expect(asker.problems()).toEqual([
      `${small}: the budget of a run is $0.000005, of which $0 is spent or held back: nothing more is asked. Raise ERRAND_BUDGET_RUN (or models.budget.run in agent.yml).`,
    ]);
  });

  it("names a model whose price is not known", async () => {
    const { ask, asker } = asking(() => answerOf("yes"), { prices: {} });
    await ask();
    expect(asker.problems()[0]).toMatch(/price is not known.*ERRAND_PRICES/);
  });

  it("asks those of the repository's choice that the operator allows", async () => {
    const choosing = (
      agents: ModelRunFacts["policy"]["models"]["agents"],
      choice?: readonly string[],
    ): ModelRunFacts => ({
      ...run,
      policy: { ...defaultPolicy, models: { ...defaultPolicy.models, small: choice, agents } },
    });
    const first = asking(() => answerOf("yes"), {}, choosing({}, ["openai:gpt-99", spare]));
    expect(await first.ask()).toMatchObject({ model: spare });
    expect(first.asker.problems()[0]).toContain("openai:gpt-99, which is not among the models");

    const none = asking(() => answerOf("yes"), {}, choosing({}, ["openai:gpt-99"]));
    expect(await none.ask()).toMatchObject({ answered: false });
    expect(none.asked).toEqual([]);
    expect(none.asker.problems()[0]).toContain("nobody is asked in its place");

    const own = asking(
      () => answerOf("yes"),
      {},
      choosing({ "conflict-resolver": { small: [large] } }, [spare]),
    );
    expect(await own.ask()).toMatchObject({ model: large });
    const hostile = asking(
      () => answerOf("yes"),
      {},
      choosing(Object.create({ "conflict-resolver": { small: ["x"] } }) as Record<string, never>, [spare]),
    );
    expect(await hostile.ask()).toMatchObject({ model: spare });
  });

  it("asks nobody where the repository wants no model", async () => {
    const off = { ...run, policy: { ...defaultPolicy, models: { ...defaultPolicy.models, enabled: false } } };
    const { asker, ask, asked } = asking(() => answerOf("yes"), {}, off);
    expect(asker.isAvailable("small", "conflict-resolver")).toBe(false);
    expect(await ask()).toMatchObject({ answered: false });
    expect(asked).toEqual([]);
  });

  it("asks no model that its screening refuses, and says why", async () => {
    const { parts, asked } = metered(() => answerOf("yes"), twoModels);
    const screen: Screen = (name, ask) =>
      name.model === "small"
        ? Promise.resolve({ passed: false, why: "it knows nothing." })
        : noScreen(name, ask);
    const asker = createAsker(run, { ...parts, screen });
    expect(await asker.sample(purpose, request, () => true)).toMatchObject({ model: spare });
    expect(asked).toEqual([spare]);
    expect(asker.problems()).toEqual([`${small}: it knows nothing.`]);
  });

  it("rejects when the run is called off", async () => {
    const controller = new AbortController();
    controller.abort(new Error("stopped"));
    const { asker } = asking(() => answerOf("yes"), {}, { ...run, signal: controller.signal });
    await expect(asker.sample(purpose, request, () => true)).rejects.toThrow("stopped");
  });
});
