// One call of one model: money is reserved before it, the ledger knows of it before the server does, and what it cost is settled after it.
import { randomUUID } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { CallContents, Ledger, ModelCall, SettledCall, SpendScope } from "../core/ledger.ts";
import { modelNameText } from "../core/model.ts";
import type { ModelAnswer, ModelClient, ModelName, ModelRequest } from "../core/model.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import type { CallPurpose, ModelRunFacts } from "../core/models.ts";
import { failureWord, mayHaveBeenBilled } from "./clients/failure.ts";
import { costOf, mostItMayCost } from "./prices/cost.ts";
import { estimateTokens } from "./prices/estimate.ts";
import { priceOf } from "./prices/price.ts";
import type { Price } from "./prices/price.ts";
import { redact } from "./redact.ts";
import { secretsOf } from "./secrets.ts";
import { scopesOf } from "./scopes.ts";

export interface MeterParts {
  readonly settings: ModelSettings;
  readonly ledger: Ledger;
  readonly clientFor: (name: ModelName) => ModelClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is asked of whom and for whom, and how its answer is told from one that is not what was asked for. */
export interface MeteredRequest {
  readonly run: ModelRunFacts;
  readonly purpose: CallPurpose;
  readonly name: ModelName;
  readonly request: ModelRequest;
  readonly isWellFormed: (text: string) => boolean;
  /** Which try of this sample, from 1. */
  readonly attempt: number;
}

/** How a server's answer looks from outside. */
export type AnswerStatus = "answered" | "truncated" | "refused" | "empty" | "malformed";

export type Metered =
  | {
      readonly kind: "answered";
      readonly callId: string;
      readonly status: AnswerStatus;
      readonly answer: ModelAnswer;
    }
  | { readonly kind: "failed"; readonly callId: string; readonly error: AppError }
  | { readonly kind: "no-money"; readonly scope: SpendScope; readonly spentMicros: number }
  | { readonly kind: "unpriced" };

/** Tokens that a server adds around the texts: roles, separators. */
const framingTokens = 32;

const inputTokensOf = ({ prompt }: ModelRequest): number =>
  estimateTokens(prompt.system) + estimateTokens(prompt.user) + framingTokens;

/**
 * Asks once, with no second try. Rejects only for an aborted run, a store that is gone, or a bug: what a server does wrong is an answer. The row is in the
 * ledger before the request leaves, so that no call goes uncounted whatever happens to this process.
 */
export async function askMetered(asked: MeteredRequest, parts: MeterParts): Promise<Metered> {
  const { ledger, settings, now } = parts;
  const { run, name, request, isWellFormed } = asked;
  const price = priceOf(name, settings);
  if (price === null && !settings.allowUnpriced) return { kind: "unpriced" };

  const scopes = scopesOf(run, settings, now());
  const call = draftOf(asked, { price, at: now(), scopes });
  const reservation = await ledger.reserveCall(call, scopes);
  if (!reservation.granted)
    return { kind: "no-money", scope: reservation.scope, spentMicros: reservation.spentMicros };

  try {
    run.signal.throwIfAborted();
    const answer = credible(await parts.clientFor(name).generate(request, run.signal), request);
    const status = statusOf(answer, request, isWellFormed);
    // A server that tells no usage is believed to have used all that was reserved.
    const costMicros =
      answer.usage === null || price === null ? call.reservedMicros : costOf(answer.usage, price);
    await ledger.settleCall(call.id, {
      status,
      failure: null,
      usage: answer.usage,
      costMicros,
      latencyMs: elapsed(call, now),
      contents: contentsOf(run, request, answer, settings),
    });
    const read = isTooLong(answer, request) ? { ...answer, text: "" } : answer;
    return { kind: "answered", callId: call.id, status, answer: read };
  } catch (error) {
    await ledger.settleCall(call.id, failed(error, call, run.signal, now));
    if (run.signal.aborted || !(error instanceof AppError) || error.code !== "model") throw error;
    return { kind: "failed", callId: call.id, error };
  }
}

/** How far above our own estimate a server's count is believed: tokenisers differ, and templates and thoughts come on top. */
const mostTimes = 4;
const mostMore = 4_000;

/** Usage that cannot be true of this request is no usage: a server that is broken, or worse, must not empty everybody's budget. */
function credible(answer: ModelAnswer, request: ModelRequest): ModelAnswer {
  const { usage } = answer;
  if (usage === null) return answer;
  const isFar = (tokens: number, expected: number): boolean => tokens > mostTimes * expected + mostMore;
  const tooMuch =
    isFar(usage.inputTokens, inputTokensOf(request)) || isFar(usage.outputTokens, request.maxOutputTokens);
  return tooMuch ? { ...answer, usage: null } : answer;
}

/** UTF-16 units a token may stand for before an answer is longer than its limit allows. */
const longestToken = 32;

/** A server that does not hold to the limit: what it sends is neither read nor kept. */
const isTooLong = ({ text }: ModelAnswer, { maxOutputTokens }: ModelRequest): boolean =>
  text.length > longestToken * maxOutputTokens;

const elapsed = ({ at }: ModelCall, now: () => number): number => Math.max(0, Math.round(now() - at));

function failed(error: unknown, call: ModelCall, signal: AbortSignal, now: () => number): SettledCall {
  const isBilled = signal.aborted || mayHaveBeenBilled(error);
  return {
    status: "failed",
    failure: signal.aborted ? "called off" : failureWord(error),
    usage: null,
    costMicros: isBilled ? call.reservedMicros : 0,
    latencyMs: elapsed(call, now),
    contents: null,
  };
}

function statusOf(
  answer: ModelAnswer,
  request: ModelRequest,
  isWellFormed: (text: string) => boolean,
): AnswerStatus {
  const { text, stopReason } = answer;
  if (isTooLong(answer, request)) return "malformed";
  if (stopReason === "refusal") return "refused";
  if (stopReason === "length") return "truncated";
  if (text.trim() === "") return "empty";
  return isWellFormed(text) ? "answered" : "malformed";
}

function draftOf(
  { run: { runId, pull, fromFork }, purpose, name, request, attempt }: MeteredRequest,
  {
    price,
    at,
    scopes,
  }: { readonly price: Price | null; readonly at: number; readonly scopes: readonly SpendScope[] },
): ModelCall {
  const { prompt, maxOutputTokens, sample } = request;
  const inputTokens = inputTokensOf(request);
  const reservedMicros = price === null ? 0 : mostItMayCost({ inputTokens, maxOutputTokens }, price);
  return {
    id: randomUUID(),
    runId,
    installationId: pull.installationId,
    owner: pull.owner,
    repo: pull.repo,
    number: pull.number,
    fromFork,
    agent: purpose.agent,
    slot: purpose.slot,
    model: modelNameText(name),
    promptHash: prompt.hash,
    subject: purpose.subject,
    kind: purpose.kind,
    sample,
    attempt,
    at,
    status: "reserved",
    failure: null,
    usage: null,
    priced: price !== null,
    reservedMicros,
    costMicros: reservedMicros,
    scopes: scopes.map(({ key }) => key),
    latencyMs: null,
    gates: [],
    accepted: null,
    outcome: null,
    outcomeAt: null,
    contents: null,
  };
}

/** Kept with the repository's consent alone, never of a fork, and without what looks like a secret. */
function contentsOf(
  { policy, fromFork }: ModelRunFacts,
  request: ModelRequest,
  answer: ModelAnswer,
  settings: ModelSettings,
): CallContents | null {
  if (!policy.ledger.contents || fromFork) return null;
  const clean = (part: string): string => redact(part, secretsOf(settings));
  const { system, user } = request.prompt;
  const text = isTooLong(answer, request) ? "" : clean(answer.text);
  return { system: clean(system), user: clean(user), answer: text, target: null, meaning: null };
}
