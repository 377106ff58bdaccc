// Models as the pipeline is handed them: screened, noted, and reported.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import type { ModelRunFacts } from "../../src/core/models.ts";
import { definePrompt } from "../../src/core/prompt.ts";
import { defaultPolicy } from "../../src/config/policy-defaults.ts";
import { createModels } from "../../src/model/index.ts";
import type { ModelParts } from "../../src/model/index.ts";
import { noScreen } from "../../src/model/screen.ts";
import { keepBoth } from "../../src/scripted/keep-both.ts";
import { silentLog } from "../store/fixtures.ts";
import { purpose } from "./fake-asker.ts";
import { answerOf, everyCall, large, metered, run, small } from "./fixtures.ts";

type Behaviour = Parameters<typeof metered>[0];

function modelsOver(behave: Behaviour, change: Partial<ModelParts> = {}) {
  const warnings: unknown[] = [];
  const { parts, ledger, asked } = metered(behave);
  const modelsFor = createModels({
    ...parts,
    log: { ...silentLog, warn: (...line) => void warnings.push(line) },
    sleep: () => Promise.resolve(),
    screen: noScreen,
    ...change,
  });
  return { modelsFor, ledger, asked, warnings };
}

const question = {
  prompt: definePrompt("test", { system: "Be brief.", user: "{{text}}" }),
  data: { text: { text: "hello", maxBytes: 100, maxLines: 5 } },
  maxBytes: 1_000,
  maxOutputTokens: 50,
};
const consenting: ModelRunFacts = { ...run, policy: { ...defaultPolicy, ledger: { contents: true } } };
const yes: Behaviour = () => answerOf("yes");
const busy = new AppError("model", "It is busy.", { retryable: false, remedy: "Wait." });

describe("createModels", () => {
  it("asks nobody by itself", async () => {
    const { modelsFor, asked, ledger } = modelsOver(yes);
    const { models } = modelsFor(run);
    expect(models.isAvailable("small", "conflict-resolver")).toBe(true);
    expect([asked, await everyCall(ledger), models.problems()]).toEqual([[], [], []]);
  });

  it("screens a model once for all runs, unless it is told otherwise", async () => {
    const scripted: Behaviour = async (name, { prompt, schema, maxOutputTokens }) => {
      const { system, user } = prompt;
      const base = { wire: "openai", model: name, system, user, schema, maxOutputTokens } as const;
      const reply = await keepBoth({ ...base, seed: null, key: null });
      return answerOf(reply.kind === "text" ? reply.text : "");
    };
    const { parts, ledger } = metered(scripted);
    const modelsFor = createModels({ ...parts, log: silentLog });
    for (const runId of ["first", "second"])
      expect(await modelsFor({ ...run, runId }).models.ask(purpose, question)).toMatchObject({
        status: "answered",
      });
    expect((await everyCall(ledger)).filter(({ slot }) => slot === "probe")).toHaveLength(10);
    expect((await everyCall(ledger)).filter(({ slot }) => slot === "pick")).toHaveLength(2);
    const unscreened = modelsOver(yes);
    await unscreened.modelsFor(run).models.ask(purpose, question);
    expect(await everyCall(unscreened.ledger)).toHaveLength(1);
  });
});

describe("note", () => {
  it("writes down what became of calls, without what looks like a secret", async () => {
    const { modelsFor, ledger } = modelsOver(yes);
    const { models } = modelsFor(consenting);
    const { callIds } = await models.ask(purpose, question);
    const gates = [{ name: "parses", passed: true }];
    await models.note(callIds, { accepted: true, gates, meaning: "mail ann@example.org key-of-here\n" });
    const [row] = await everyCall(ledger);
    expect(row).toMatchObject({ accepted: true, gates });
    expect(row?.contents?.meaning).toMatch(/^mail \[redacted: [^\]]+\] \[redacted: [^\]]+\]\n$/);
  });

  it("leaves a meaning alone that it is told nothing of", async () => {
    const { modelsFor, ledger } = modelsOver(yes);
    const { models } = modelsFor(consenting);
    const { callIds } = await models.ask(purpose, question);
    await models.note(callIds, { meaning: "a b c" });
    await models.note(callIds, { accepted: false });
    expect(await everyCall(ledger)).toMatchObject([{ accepted: false, contents: { meaning: "a b c" } }]);
  });

  it.each([
    new AppError("store", "The store is gone.", { retryable: true, remedy: "Wait." }),
    new Error("The store is gone."),
  ])("does not fail a run where the ledger does: %s", async (error) => {
    const noted: (readonly string[])[] = [];
    const broken: Pick<Ledger, "noteCalls"> = {
      noteCalls: (ids) => {
        noted.push(ids);
        return Promise.reject(error);
      },
    };
    const { parts } = metered(yes);
    const { modelsFor, warnings } = modelsOver(yes, { ledger: { ...parts.ledger, ...broken } });
    const { models } = modelsFor(run);
    await models.note(["a", "b"], { meaning: "private text" });
    await models.note([], { accepted: true });
    expect(noted).toEqual([["a", "b"]]);
    expect(warnings).toEqual([[{ reason: "The store is gone.", calls: 2 }, expect.any(String)]]);
    expect(models.problems()).toEqual([]);
  });
});

describe("use", () => {
  const work = [
    { callsSaved: 2, wholeFiles: { inputTokens: 1_000, outputTokens: 10 } },
    { callsSaved: 1, wholeFiles: { inputTokens: 500, outputTokens: 5 } },
  ];

  it("is nothing where nobody was asked and nothing went wrong", async () => {
    const { modelsFor } = modelsOver(yes);
    expect(await modelsFor(run).use(work, [{ settled: true, tier: "structural" }])).toBeNull();
  });

  it("is what every attempt of the run used, with what was saved, and what the large one would have cost", async () => {
    const { modelsFor } = modelsOver(yes);
    await modelsFor(run).models.ask(purpose, question);
    await modelsFor({ ...run, runId: "other" }).models.ask(purpose, question);
    const second = modelsFor(run);
    await second.models.ask({ ...purpose, slot: "consult", role: "large" }, question);
    const used = { calls: 1, inputTokens: 40, outputTokens: 10, micros: 50, unpricedCalls: 0 };
    expect(await second.use(work, [{ settled: true, tier: "pick" }])).toEqual({
      tiers: [
        { slot: "pick", settled: 1, ...used },
        { slot: "consult", settled: 0, ...used },
      ],
      callsSaved: 3,
      largeOnly: { model: large, inputTokens: 1_500, outputTokens: 15, micros: 1_515 },
      problems: [],
    });
  });

  it("has the problems of this attempt, even where no call came of it", async () => {
    const failing = modelsOver(() => busy);
    const first = failing.modelsFor(run);
    await first.models.ask(purpose, question);
    expect(first.models.isAvailable("small", "conflict-resolver")).toBe(false);
    const problem = `${small}: It is busy. Wait.`;
    expect(await first.use(work, [])).toMatchObject({
      tiers: [{ slot: "pick", calls: 1 }],
      problems: [problem],
    });
    expect(first.models.problems()).toEqual([problem]);

    const models = { ...defaultPolicy.models, small: ["openai:gpt-99"] };
    const slip = modelsOver(yes).modelsFor({ ...run, policy: { ...defaultPolicy, models } });
    expect(await slip.models.ask(purpose, question)).toMatchObject({ status: "unavailable" });
    expect(await slip.use([], [])).toMatchObject({
      tiers: [],
      largeOnly: null,
      problems: [expect.stringContaining("openai:gpt-99, which is not among the models")],
    });
  });
});
