// Screening: who may be asked about anybody's code, found out once and remembered, and what it means for the questions themselves.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import { parseModelName } from "../../src/core/model.ts";
import type { ModelAnswer, ModelName, ModelRequest } from "../../src/core/model.ts";
import { definePrompt, renderPrompt } from "../../src/core/prompt.ts";
import { createAsker } from "../../src/model/asker.ts";
import { choiceSchema } from "../../src/model/choice-schema.ts";
import { failure, toAppError } from "../../src/model/clients/failure.ts";
import { createMemoryLedger } from "../../src/model/memory-ledger.ts";
import { competenceCases } from "../../src/model/probe/competence-cases.ts";
import { createScreen, findingsKey, noScreen } from "../../src/model/screen.ts";
import type { AskScreened } from "../../src/model/screen.ts";
import { purpose } from "./fake-asker.ts";
import { answerOf, everyCall, metered, request, run, settings, small } from "./fixtures.ts";

const nameOf = (text: string): ModelName => {
  const name = parseModelName(text);
  if (name === null) throw new Error(`${text} is no name`);
  return name;
};
const here = nameOf(small);
const day = 86_400_000;

interface Skills {
  /** Of the eight merge questions, in their order. */
  readonly right?: number;
  readonly schemas?: "held to" | "ignored" | "refused";
  readonly readsAll?: boolean;
}

const refused = toAppError(failure("refused request", { status: 400 }), { name: here, keyVariable: "KEY" });

/** What a model with these skills answers to a screening, by what it is sent alone. */
function answerFor(asked: ModelRequest, skills: Skills): ModelAnswer {
  const { system, user } = asked.prompt;
  if (system.includes("merge conflicts")) return answerOf(labelFor(user, skills.right ?? 8));
  if (user.includes("code word")) return answerOf(skills.readsAll === false ? "No note does." : "quartzite");
  const { schemas = "held to" } = skills;
  if (asked.schema !== null && schemas === "refused") throw refused;
  return answerOf(asked.schema !== null && schemas === "held to" ? '{"word":"kestrel"}' : "Rain falls.");
}

/** The first `right` questions are answered as they should be. */
function labelFor(user: string, right: number): string {
  const index = competenceCases.findIndex(({ base }) => user.includes(base));
  const label = competenceCases[index]?.right ?? "";
  if (index < right) return label;
  return label === "A" ? "B" : "A";
}

function screening(skills: Skills = {}) {
  const asked: ModelRequest[] = [];
  const purposes: unknown[] = [];
  const ask: AskScreened = async (why, given) => {
    asked.push(given);
    purposes.push(why);
    return Promise.resolve(answerFor(given, skills));
  };
  return { ask, asked, purposes };
}

type Findings = Pick<Ledger, "loadCapabilities" | "saveCapabilities">;
const screenOver = (ledger: Findings, now = Date.now) => createScreen({ ledger, now, settings });

describe("createScreen", () => {
  it("lets a model pass that can read and merge, and asks it under a name of its own", async () => {
    const { ask, asked, purposes } = screening();
    const screened = await screenOver(createMemoryLedger())(here, ask);
    expect(screened).toEqual({ passed: true, schema: true, maxBytes: Infinity });
    expect(asked).toHaveLength(10);
    for (const one of purposes) expect(one).toMatchObject({ agent: "errand", slot: "probe", subject: null });
  });

  it("wants seven of eight merge questions right, and says how many were", async () => {
    const passed = screening({ right: 7 });
    expect(await screenOver(createMemoryLedger())(here, passed.ask)).toMatchObject({ passed: true });
    const failed = screening({ right: 6 });
    const why = expect.stringMatching(/^it got 6 of 8 .*Choose a more capable model/);
    expect(await screenOver(createMemoryLedger())(here, failed.ask)).toEqual({ passed: false, why });
  });

  it.each([8, 0])(
    "remembers what it found for every worker, each model for itself (%d right)",
    async (right) => {
      const ledger = createMemoryLedger();
      const first = screening({ right });
      const found = await screenOver(ledger)(here, first.ask);
      const again = screening({ right: 8 - right });
      expect(await screenOver(ledger)(here, again.ask)).toEqual(found);
      expect(again.asked).toEqual([]);
      const other = screening({ right });
      await screenOver(ledger)(nameOf("openai:spare@here"), other.ask);
      await screenOver(ledger)(nameOf("openai:small@there"), other.ask);
      expect(other.asked).toHaveLength(20);
    },
  );

  it("takes another server under the same name for another model", async () => {
    const ledger = createMemoryLedger();
    await screenOver(ledger)(here, screening().ask);
    const endpoints = { here: { url: "http://127.0.0.1:10/v1", key: null } };
    const { ask, asked } = screening({ right: 0 });
    const moved = createScreen({ ledger, now: Date.now, settings: { endpoints } });
    expect(await moved(here, ask)).toMatchObject({ passed: false });
    expect(asked).toHaveLength(10);
    expect(findingsKey(here, settings)).not.toContain("127.0.0.1");
  });

  it("goes by what it found for a day without looking in the ledger", async () => {
    let now = Date.UTC(2026, 10, 23);
    const forgetful = {
      loadCapabilities: () => Promise.resolve(null),
      saveCapabilities: () => Promise.resolve(),
    };
    const screen = screenOver(forgetful, () => now);
    const { ask, asked } = screening();
    await screen(here, ask);
    now += 0.9 * day;
    await screen(here, ask);
    expect(asked).toHaveLength(10);
    now += 0.2 * day;
    await screen(here, ask);
    expect(asked).toHaveLength(20);
  });

  it("keeps its findings for a month", async () => {
    const now = Date.UTC(2026, 10, 23);
    const kept: unknown[] = [];
    const ledger = {
      loadCapabilities: () => Promise.resolve(null),
      saveCapabilities: (...given: unknown[]) => {
        kept.push(given);
        return Promise.resolve();
      },
    };
    await screenOver(ledger, () => now)(here, screening().ask);
    expect(kept).toEqual([[findingsKey(here, settings), expect.any(String), now + 30 * day]]);
  });

  it.each(["{", "null", '{"schema":true}'])(
    "screens anew where what is kept cannot be read: %s",
    async (text) => {
      const ledger = createMemoryLedger();
      await ledger.saveCapabilities(findingsKey(here, settings), text, Infinity);
      const { ask, asked } = screening();
      expect(await screenOver(ledger)(here, ask)).toMatchObject({ passed: true });
      expect(asked).toHaveLength(10);
    },
  );

  it("remembers no trouble: what is down now may be up at the next question", async () => {
    const ledger = createMemoryLedger();
    const screen = screenOver(ledger);
    const down = new AppError("model", "It is busy.", { retryable: true, remedy: "Wait." });
    expect(await screen(here, () => Promise.reject(down))).toEqual({
      passed: false,
      why: "It is busy. Wait.",
    });
    for (const failing of [0, 5, 9]) {
      let call = 0;
      const { ask } = screening();
      const stumbling: AskScreened = (why, given) =>
        call++ === failing ? Promise.reject(down) : ask(why, given);
      expect(await screen(here, stumbling)).toMatchObject({ passed: false });
    }
    const { ask, asked } = screening();
    expect(await screen(here, ask)).toEqual({ passed: true, schema: true, maxBytes: Infinity });
    expect(asked).toHaveLength(10);
  });

  it.each([
    new AppError("store", "The store is gone.", { retryable: true, remedy: "Wait." }),
    new Error("a run that was called off"),
  ])("takes no other trouble for the model's: %s", async (error) => {
    await expect(screenOver(createMemoryLedger())(here, () => Promise.reject(error))).rejects.toBe(error);
  });

  it("knows of a provider's own server that it reads long prompts", async () => {
    const { ask, asked } = screening({ readsAll: false });
    const screened = await screenOver(createMemoryLedger())(nameOf("openai:gpt-6-luna"), ask);
    expect(screened).toMatchObject({ passed: true, maxBytes: Infinity });
    expect(asked).toHaveLength(9);
  });

  it("is passed by everybody where there is none", async () => {
    const { ask, asked } = screening({ right: 0 });
    expect(await noScreen(here, ask)).toEqual({ passed: true, schema: true, maxBytes: Infinity });
    expect(asked).toEqual([]);
  });
});

/** A real asker whose model is screened, and all that is sent after the screening. */
function asking(skills: Skills) {
  const questions: ModelRequest[] = [];
  const isQuestion = ({ prompt }: ModelRequest): boolean => prompt.system.startsWith("Be brief.");
  const behave = (_name: string, given: ModelRequest): ModelAnswer => {
    if (!isQuestion(given)) return answerFor(given, skills);
    questions.push(given);
    return answerOf("yes");
  };
  const { parts, ledger } = metered(behave);
  const asker = createAsker(run, { ...parts, screen: createScreen(parts), sleep: () => Promise.resolve() });
  const schema = choiceSchema(["A", "B"]);
  const ask = (given: Partial<ModelRequest> = {}) =>
    asker.sample(purpose, { ...request, schema, ...given }, () => true);
  return { asker, ask, ledger, questions, schema };
}

const long = renderPrompt(definePrompt("test", { system: "Be brief.", user: "{{text}}" }), {
  text: { text: "word ".repeat(2_400), maxBytes: 20_000, maxLines: 5 },
}).prompt;

describe("a question after the screening", () => {
  it("has its schema where the server holds to schemas, and each call of the screening is in the ledger", async () => {
    const { ask, ledger, questions, schema } = asking({});
    expect(await ask()).toMatchObject({ answered: true, model: small });
    await ask();
    expect(questions.map((one) => one.schema)).toEqual([schema, schema]);
    const slots = (await everyCall(ledger)).map(({ slot }) => slot);
    expect(slots).toEqual([...Array.from({ length: 10 }, () => "probe"), "pick", "pick"]);
  });

  it.each(["ignored", "refused"] as const)("has none where schemas are %s", async (schemas) => {
    const { ask, asker, questions } = asking({ schemas });
    expect(await ask()).toMatchObject({ answered: true });
    expect(questions.map((one) => one.schema)).toEqual([null]);
    expect(asker.problems()).toEqual([]);
  });

  it("is not asked where it is too long for a short context; shorter ones are", async () => {
    const { ask, asker, questions } = asking({ readsAll: false });
    expect(Buffer.byteLength(long.user)).toBeGreaterThan(11_000);
    expect(await ask({ prompt: long })).toMatchObject({ answered: false, callIds: [] });
    expect(questions).toEqual([]);
    expect(asker.problems()).toEqual([expect.stringMatching(/openai:small@here.*so short a context/)]);
    expect(await ask()).toMatchObject({ answered: true });
    expect(await asking({}).ask({ prompt: long })).toMatchObject({ answered: true });
  });

  it("is not asked of a model that failed", async () => {
    const { ask, asker, questions } = asking({ right: 3 });
    expect(await ask()).toMatchObject({ answered: false });
    expect(questions).toEqual([]);
    expect(asker.isAvailable("small", "conflict-resolver")).toBe(false);
    expect(asker.problems()).toEqual([expect.stringContaining("3 of 8")]);
  });
});
