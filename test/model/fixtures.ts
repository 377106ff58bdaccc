// Models over clients made for a test: a real ledger in memory, prices of the operator's, nobody on the network.
import type { AppError } from "../../src/core/errors.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import { modelNameText } from "../../src/core/model.ts";
import type { ModelAnswer, ModelClient, ModelName, ModelRequest } from "../../src/core/model.ts";
import type { ModelSettings } from "../../src/core/model-settings.ts";
import type { ModelRunFacts } from "../../src/core/models.ts";
import { definePrompt, renderPrompt } from "../../src/core/prompt.ts";
import type { Prompt } from "../../src/core/prompt.ts";
import { defaultPolicy } from "../../src/config/policy-defaults.ts";
import { createMemoryLedger } from "../../src/model/memory-ledger.ts";

export const small = "openai:small@here";
export const spare = "openai:spare@here";
export const large = "anthropic:large@here";

/** A dollar for a million tokens, in and out: a token is a micro-dollar. */
export const settings: ModelSettings = {
  allowed: [small, spare, large],
  roles: { small: [small], large: [large] },
  keys: { openai: "key-of-openai", anthropic: null },
  endpoints: { here: { url: "http://127.0.0.1:9/v1", key: "key-of-here" } },
  prices: { "@here": { input: 1, output: 1 } },
  allowUnpriced: false,
  budget: { run: 100_000, pull: 1_000_000, day: 1_000_000, installation: 1_000_000 },
  ledgerDays: { rows: 400, contents: 30 },
};

export const run: ModelRunFacts = {
  runId: "run-1",
  pull: { installationId: 7, owner: "Acme", repo: "app", number: 3 },
  fromFork: false,
  policy: defaultPolicy,
  signal: new AbortController().signal,
};

const prompt: Prompt = renderPrompt(definePrompt("test", { system: "Be brief.", user: "{{text}}" }), {
  text: { text: "hello", maxBytes: 100, maxLines: 5 },
}).prompt;

export const request: ModelRequest = { prompt, maxOutputTokens: 100, schema: null, sample: 0 };

export const answerOf = (text: string, change: Partial<ModelAnswer> = {}): ModelAnswer => ({
  text,
  stopReason: "end",
  usage: { inputTokens: 40, outputTokens: 10, cachedTokens: 0, cacheWriteTokens: 0 },
  ...change,
});

type Behaviour = (
  name: string,
  request: ModelRequest,
  signal: AbortSignal,
) => ModelAnswer | AppError | Promise<ModelAnswer>;

/** Clients that do what `behave` says; names are kept in the order of the calls. */
function fakeClients(behave: Behaviour): {
  readonly clientFor: (name: ModelName) => ModelClient;
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  return {
    asked,
    clientFor: (name) => ({
      generate: async (given, signal) => {
        asked.push(modelNameText(name));
        const said = await behave(modelNameText(name), given, signal);
        if (said instanceof Error) throw said;
        return said;
      },
    }),
  };
}

export const everyCall = (ledger: Ledger) => ledger.listCalls({ limit: 1_000 });

/** Parts of a meter around `behave`, and what they have kept. */
export function metered(behave: Behaviour, change: Partial<ModelSettings> = {}) {
  const ledger = createMemoryLedger();
  const clients = fakeClients(behave);
  let clock = Date.UTC(2026, 10, 23, 12);
  const parts = {
    settings: { ...settings, ...change },
    ledger,
    clientFor: clients.clientFor,
    now: () => (clock += 5),
  };
  return { ledger, asked: clients.asked, parts };
}
