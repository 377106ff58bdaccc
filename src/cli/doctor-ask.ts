// How `errand doctor` asks a model: out of the operator's budget, with a row in the ledger for every call.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultPolicy } from "../config/policy-defaults.ts";
import { AppError } from "../core/errors.ts";
import type { Ledger } from "../core/ledger.ts";
import type { ModelAnswer, ModelName, ModelRequest } from "../core/model.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import type { CallPurpose, ModelRunFacts } from "../core/models.ts";
import { dollars } from "../core/money.ts";
import { definePrompt, renderPrompt } from "../core/prompt.ts";
import { clientFor } from "../model/clients/client-for.ts";
import { askMetered } from "../model/meter.ts";
import type { Metered, MeterParts } from "../model/meter.ts";
import { capabilitiesOf } from "../model/screen.ts";
import type { AskScreened } from "../model/screen.ts";
import { isCompetent } from "../model/probe/probe-model.ts";
import type { Capabilities } from "../model/probe/probe-model.ts";

export interface Examined {
  readonly found: Capabilities;
  /** `false`: found out by an earlier check; now it was only asked for a sign of life. */
  readonly isNew: boolean;
}

/** Rejects with `AppError("model")` where the model does not answer or there is no money for it, and as `ledger` does. */
export type Examine = (model: ModelName) => Promise<Examined>;

/** Tries of one question, and milliseconds after which there is no other one: a person waits. */
const mostAttempts = 3;
const patienceMs = 60_000;
/** Milliseconds before another try, where the server names no time. */
const pauseMs = 500;

const signOfLife: ModelRequest = {
  prompt: renderPrompt(
    definePrompt("doctor/sign-of-life", { system: "You answer in one word.", user: "Say yes." }),
    {},
  ).prompt,
  maxOutputTokens: 16,
  schema: null,
  sample: 0,
};
const lifePurpose: CallPurpose = {
  agent: "errand",
  slot: "doctor",
  role: "small",
  subject: null,
  kind: null,
};

/** One for each run of the doctor: all its calls share the budget of a run. */
export function createExaminer(
  settings: ModelSettings,
  ledger: Ledger,
  now: () => number = Date.now,
): Examine {
  const run: ModelRunFacts = {
    runId: `doctor:${randomUUID()}`,
    pull: { installationId: 0, owner: "operator", repo: "doctor", number: 0 },
    fromFork: false,
    policy: defaultPolicy,
    signal: new AbortController().signal,
  };
  // A pull request's sum is remembered for as long as it lives. This one is none: it lives for ever, and would be full one day.
  const budget = { ...settings.budget, pull: Number.MAX_SAFE_INTEGER };
  const parts: MeterParts = {
    settings: { ...settings, budget },
    ledger,
    clientFor: clientFor(settings),
    now,
  };
  return async (model) => {
    let questions = 0;
    const ask: AskScreened = (purpose, request) => {
      questions++;
      return askPatiently(model, { run, purpose, request }, parts);
    };
    const known = await capabilitiesOf(model, ask, { ledger, now, settings });
    if (questions > 0) return { found: known, isNew: true };
    if (!isWanting(known)) {
      await ask(lifePurpose, signOfLife);
      return { found: known, isNew: false };
    }
    // What was wrong may have been mended since: whoever runs the doctor wants to know that.
    const forgetful = {
      loadCapabilities: () => Promise.resolve(null),
      saveCapabilities: (...found: Parameters<Ledger["saveCapabilities"]>) =>
        ledger.saveCapabilities(...found),
    };
    return { found: await capabilitiesOf(model, ask, { ledger: forgetful, now, settings }), isNew: true };
  };
}

const isWanting = (found: Capabilities): boolean =>
  !found.readsLongPrompts || !found.usage || !isCompetent(found);

interface Question {
  readonly run: ModelRunFacts;
  readonly purpose: CallPurpose;
  readonly request: ModelRequest;
}

async function askPatiently(
  model: ModelName,
  { run, purpose, request }: Question,
  parts: MeterParts,
): Promise<ModelAnswer> {
  const until = parts.now() + patienceMs;
  for (let attempt = 1; ; attempt++) {
    const metered = await askMetered(
      { run, purpose, name: model, request, isWellFormed: () => true, attempt },
      parts,
    );
    if (metered.kind === "answered") return metered.answer;
    const error = errorOf(metered);
    const ms = error.retryAfterMs ?? pauseMs;
    if (!error.retryable || attempt >= mostAttempts || parts.now() + ms > until) throw error;
    await sleep(ms);
  }
}

function errorOf(metered: Exclude<Metered, { kind: "answered" }>): AppError {
  switch (metered.kind) {
    case "failed":
      return metered.error;
    case "unpriced":
      return unpriced();
    case "no-money": {
      const { scope, spentMicros } = metered;
      const variable = `ERRAND_BUDGET_${scope.name.toUpperCase()}`;
      return new AppError(
        "model",
        `There is no money left to ask it: ${variable} is ${dollars(scope.limitMicros)}, of which ${dollars(spentMicros)} is spent or held back.`,
        { retryable: false, remedy: `Raise ${variable}.` },
      );
    }
  }
}

/** A model whose price nobody says is not asked, by runs either. */
export function unpriced(): AppError {
  return new AppError("model", "Its price is not known, so it is not asked.", {
    retryable: false,
    remedy: "Set its price in ERRAND_PRICES (0, if it is free), or ERRAND_ALLOW_UNPRICED=on.",
  });
}
