// What `errand doctor` says of models: asked over HTTP, counted in the store that the workers use.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { rm } from "node:fs/promises";
import { examine } from "../../src/cli/doctor.ts";
import type { Finding } from "../../src/cli/doctor-finding.ts";
import { checkModels } from "../../src/cli/doctor-models.ts";
import { silentLog } from "../../src/cli/log.ts";
import { readModelSettings } from "../../src/config/model-settings.ts";
import { createMemoryLedger } from "../../src/model/memory-ledger.ts";
import { failing, garbageLabel, refusing } from "../../src/scripted/faults.ts";
import { fillSchema } from "../../src/scripted/fill-schema.ts";
import { keepBoth } from "../../src/scripted/keep-both.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { Answerer, ScriptedReply, ScriptedServer } from "../../src/scripted/server.ts";
import { openStore } from "../../src/store/index.ts";
import { embeddedDataDir } from "../support/servers.ts";

/** Holds to schemas, reads everything, and keeps both sides. */
const able: Answerer = (asked) => {
  if (asked.user.includes("code word")) return { kind: "text", text: "quartzite" };
  if (JSON.stringify({ schema: asked.schema }).includes('"word"'))
    return { kind: "text", text: JSON.stringify(fillSchema(asked.schema, ([first]) => first)) };
  return keepBoth(asked);
};

const but =
  (change: (reply: ScriptedReply, asked: Parameters<Answerer>[0]) => ScriptedReply): Answerer =>
  async (asked) =>
    change(await able(asked), asked);

const behaviours: Readonly<Record<string, Answerer>> = {
  able,
  "in-words": (asked) =>
    asked.schema === null
      ? able(asked)
      : { kind: "status", status: 400, message: "response_format is not supported here" },
  cut: but((reply, asked) =>
    asked.user.includes("code word") ? { kind: "text", text: "There is no such note." } : reply,
  ),
  uncounted: but((reply) => (reply.kind === "text" ? { ...reply, usage: null } : reply)),
  guesses: but((reply, asked) =>
    asked.user.includes("code word") ? reply : (garbageLabel(3)(asked) as ScriptedReply),
  ),
  refuses: refusing,
  busy: failing(529, 0),
  rude: () => ({ kind: "status", status: 401, message: "no\u001B[2J\u009Bway" }),
};

let server: ScriptedServer;
let gone: string;
beforeAll(async () => {
  server = await startScriptedServer((asked) => (behaviours[asked.model] ?? failing(404))(asked));
  const closed = await startScriptedServer(able);
  await closed.close();
  gone = closed.openaiUrl;
});
afterAll(async () => {
  expect(server.violations()).toEqual([]);
  await server.close();
});

type Change = Readonly<Record<string, string>>;

const variables = (names: readonly string[], change: Change = {}) => ({
  ERRAND_MODELS: names.join(","),
  ERRAND_ENDPOINTS: `here=${server.openaiUrl},gone=${gone}`,
  ERRAND_ENDPOINT_KEYS: "here=canary-key-of-the-endpoint",
  ERRAND_PRICES: "@here=0.10/0.125,@gone=0",
  ...change,
});

/** What is found, what was told before, and how many requests it took. */
async function watch(find: (tell: (line: string) => void) => Promise<readonly Finding[]>) {
  const told: string[] = [];
  const before = server.requests().length;
  const findings = await find((line) => told.push(line));
  expect(JSON.stringify(findings)).not.toContain("canary-key");
  return { findings, told, requests: server.requests().length - before };
}

const check = (names: readonly string[], change: Change = {}, ledger = createMemoryLedger()) =>
  watch((tell) => checkModels({ settings: readModelSettings(variables(names, change)), ledger, tell }));

/** The same names, served somewhere else. */
const elsewhere = (url: string): Change => ({ ERRAND_ENDPOINTS: `here=${url},gone=${gone}` });

describe("a model that is there", () => {
  it("is told with its price, who says so, and all that it can; every call is in the ledger", async () => {
    const ledger = createMemoryLedger();
    const { findings, requests, told } = await check(["openai:able@here"], {}, ledger);
    expect(findings).toEqual([
      {
        check: "model openai:able@here",
        result: "ok",
        detail:
          "$0.10/$0.125 per million tokens, ERRAND_PRICES; holds to schemas; reads prompts above 4,096 tokens; counts its tokens; 8 of 8 built-in merge questions right; asked now",
        remedy: null,
      },
    ]);
    expect(requests).toBe(10);
    expect(told).toEqual([expect.stringContaining("openai:able@here up to ten small questions")]);
    const rows = await ledger.listCalls({ limit: 1_000 });
    expect(rows).toHaveLength(10);
    expect(new Set(rows.map(({ runId }) => runId)).size).toBe(1);
    expect(rows[0]).toMatchObject({
      runId: expect.stringMatching(/^doctor:[\da-f-]{36}$/),
      installationId: 0,
      owner: "operator",
      repo: "doctor",
      number: 0,
      status: "answered",
      priced: true,
    });
    expect(rows.every(({ costMicros }) => costMicros > 0)).toBe(true);
  });

  it("is asked for a sign of life alone where it is known, and is a problem when it gives none", async () => {
    const ledger = createMemoryLedger();
    await check(["openai:able@here"], {}, ledger);
    const again = await check(["openai:able@here"], {}, ledger);
    expect(again.requests).toBe(1);
    expect(again.findings).toMatchObject([
      { result: "ok", detail: expect.stringContaining("known from a check of the last 30 days") },
    ]);
    const moved = await check(["openai:able@here"], elsewhere(gone), ledger);
    expect(moved.findings).toMatchObject([
      { result: "problem", detail: expect.stringContaining("cannot be reached") },
    ]);
  });

  it("is asked everything anew where something was wrong: it may have been mended", async () => {
    const ledger = createMemoryLedger();
    const before = await check(["openai:cut@here"], {}, ledger);
    expect(before.findings).toMatchObject([{ result: "problem" }]);
    const mended = await startScriptedServer(able);
    try {
      const after = await check(["openai:cut@here"], elsewhere(mended.openaiUrl), ledger);
      expect(after.findings).toMatchObject([{ result: "ok", detail: expect.stringContaining("asked now") }]);
    } finally {
      await mended.close();
    }
  });
});

describe("what is not as it should be, in words", () => {
  it.each([
    ["openai:in-words@here", "ok", "asked in words instead", null],
    ["openai:cut@here", "problem", "cuts prompts at about 4,096 tokens", "OLLAMA_CONTEXT_LENGTH=16384"],
    ["openai:uncounted@here", "problem", "does not count its tokens", "what was reserved"],
    ["openai:guesses@here", "problem", "of 8 built-in merge questions right", "more capable model"],
    ["openai:refuses@here", "problem", "0 of 8 built-in merge questions right", "more capable model"],
    ["openai:busy@here", "problem", "is overloaded (529)", "Give the command again later"],
    ["openai:unknown@here", "problem", "is not known to its server (404)", "ERRAND_ENDPOINTS"],
    ["openai:rude@here", "problem", "is not accepted (401)", "ERRAND_ENDPOINT_KEYS"],
    ["openai:any@gone", "problem", "cannot be reached", "check that the server runs"],
    ["openai:gpt-6-luna", "problem", "OPENAI_API_KEY is not set", "Set OPENAI_API_KEY"],
    ["openai:no-such-model", "problem", "Its price is not known", "ERRAND_PRICES"],
  ])("%s", async (name, result, detail, remedy) => {
    const { findings } = await check([name]);
    expect(findings).toMatchObject([
      {
        check: `model ${name}`,
        result,
        detail: expect.stringContaining(detail),
        remedy: remedy === null ? null : expect.stringContaining(remedy),
      },
    ]);
    expect(findings.some(({ detail }) => /\p{Cc}/u.test(detail))).toBe(false);
  });

  it("shows a name with control characters without them", async () => {
    const { findings, told } = await check(["openai:un\u001B[2J\u009Bknown@here"]);
    expect(findings).toMatchObject([{ check: "model openai:un?[2J?known@here", result: "problem" }]);
    expect([...told, ...findings.map(({ detail }) => detail)].join("")).not.toMatch(/\p{Cc}/u);
  });

  it("says the price of a list and when a provider takes its model away, although it cannot be asked", async () => {
    const { findings } = await check(["openai:gpt-5-nano"]);
    expect(findings[0]?.detail).toMatch(/\$0\.05\/\$0\.40 per million tokens, genai-prices \d/);
    expect(findings[0]?.remedy).toContain("retired by its provider on 2026-12-11");
  });

  it("asks nobody whose price is not known, unless that is allowed", async () => {
    const priced = { ERRAND_PRICES: "@gone=0" };
    expect((await check(["openai:able@here"], priced)).requests).toBe(0);
    const { findings } = await check(["openai:able@here"], { ...priced, ERRAND_ALLOW_UNPRICED: "on" });
    expect(findings).toMatchObject([
      { result: "ok", detail: expect.stringContaining("unpriced: no budget") },
    ]);
  });

  it("keeps to the operator's budget", async () => {
    const { findings, requests } = await check(["openai:able@here"], { ERRAND_BUDGET_DAY: "0" });
    expect(requests).toBe(0);
    expect(findings).toMatchObject([
      {
        result: "problem",
        detail: expect.stringContaining("ERRAND_BUDGET_DAY is $0,"),
        remedy: "Raise ERRAND_BUDGET_DAY.",
      },
    ]);
  });

  it("goes on with the other models", async () => {
    const { findings } = await check(["openai:unknown@here", "openai:able@here"]);
    expect(findings.map(({ result }) => result)).toEqual(["problem", "ok"]);
  });
});

describe("in the whole of `errand doctor`", () => {
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await embeddedDataDir();
  });
  afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

  const doctor = async (names: readonly string[], models = true) => {
    const given = { ...variables(names), PATH: process.env["PATH"], ERRAND_DATA_DIR: dataDirectory };
    const { findings, ...rest } = await watch((tell) => examine(given, { models, sandbox: false, tell }));
    return { ...rest, about: (name: string) => findings.find((finding) => finding.check === name) };
  };

  it("what was found out is kept in the store for the workers", async () => {
    const first = await doctor(["openai:able@here"]);
    expect(first.about("model openai:able@here")).toMatchObject({ result: "ok" });
    expect((await doctor(["openai:able@here"])).requests).toBe(1);
    const { store } = await openStore({ dataDir: dataDirectory, log: silentLog });
    try {
      expect(await store.listCalls({ limit: 100 })).toHaveLength(11);
    } finally {
      await store.close();
    }
  }, 60_000);

  it("nobody is asked with --no-models", async () => {
    const { about, requests, told } = await doctor(["openai:guesses@here"], false);
    expect(about("models")).toMatchObject({
      result: "skipped",
      detail: expect.stringContaining("--no-models"),
    });
    expect([requests, told.length]).toEqual([0, 0]);
  });

  it("nothing is wrong where none is configured", async () => {
    const { about, told } = await doctor([]);
    expect(about("models")).toMatchObject({ result: "ok" });
    expect(told).toEqual([]);
  });

  it("nobody is asked where a running app has the store, with that reason", async () => {
    const { store } = await openStore({ dataDir: dataDirectory, log: silentLog });
    try {
      const { about, requests } = await doctor(["openai:guesses@here"]);
      expect(about("store")).toMatchObject({ result: "problem" });
      expect(about("models")).toMatchObject({
        result: "skipped",
        detail: expect.stringContaining("is in use by"),
      });
      expect(requests).toBe(0);
    } finally {
      await store.close();
    }
  });
});
