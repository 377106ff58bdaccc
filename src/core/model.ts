// A language model as the rest of the app sees it: text in, text out, and what it used.
import { z } from "zod";
import type { Prompt } from "./prompt.ts";

/** What a model is asked for: `small` ones fill slots, the `large` one is consulted. */
export type ModelRole = "small" | "large";

/** The wire format that a model is spoken to in. `openai` is every OpenAI-compatible server's too. */
const providers = ["openai", "anthropic"] as const;
export type Provider = (typeof providers)[number];

/** A model and where it is served. */
export interface ModelName {
  readonly provider: Provider;
  /** As the server spells it: "gpt-6-luna", "qwen3.5:9b". */
  readonly model: string;
  /** The operator's name for a server of their own; `null` is the provider's public API. */
  readonly endpoint: string | null;
}

const namePattern = /^(openai|anthropic):([^\s@,=]{1,200})(?:@([a-z\d][a-z\d-]{0,39}))?$/;

/** "provider:model" or "provider:model@endpoint"; `null` when it is neither. Never a URL, never a key. */
export function parseModelName(text: string): ModelName | null {
  const [, provider, model, endpoint] = namePattern.exec(text) ?? [];
  if (model === undefined || model.includes("//")) return null;
  const known = providers.find((one) => one === provider);
  return known ? { provider: known, model, endpoint: endpoint ?? null } : null;
}

/** The inverse of `parseModelName`. */
export function modelNameText({ provider, model, endpoint }: ModelName): string {
  return `${provider}:${model}${endpoint === null ? "" : `@${endpoint}`}`;
}

/** Tokens of one call, as the server counted them. */
export const Usage = z.object({
  /** All input, cached or not. */
  inputTokens: z.number().int().nonnegative(),
  /** Of the input: read from the provider's cache, and written to it. */
  cachedTokens: z.number().int().nonnegative(),
  cacheWriteTokens: z.number().int().nonnegative(),
  /** All output, what the model thought included. */
  outputTokens: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof Usage>;

/** The shape that an answer is asked to have. Some servers ignore it: whoever reads the answer checks it again. */
export interface AnswerSchema {
  readonly name: string;
  /** JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly prompt: Prompt;
  readonly maxOutputTokens: number;
  /** `null`: free text. */
  readonly schema: AnswerSchema | null;
  /** Which of several samples of one question this is, from 0: where the server takes a seed, it differs by this. */
  readonly sample: number;
}

/** Why a model stopped: `length` is truncated, `refusal` also a content filter's. */
export type StopReason = "end" | "length" | "refusal" | "other";

export interface ModelAnswer {
  /** "" where the model said nothing. */
  readonly text: string;
  readonly stopReason: StopReason;
  /** `null` where the server told none. */
  readonly usage: Usage | null;
}

/** One model behind one server. */
export interface ModelClient {
  /**
   * Sends one HTTP request, never more. Refusals, truncated and empty answers are answers. Throws `AppError("model")` for everything else, retryable
   * where another try may work, with `retryAfterMs` where the server named a time; `signal`'s reason when it was aborted.
   */
  generate(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer>;
}
