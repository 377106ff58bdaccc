// Chat Completions: OpenAI's own API, and whatever server speaks like it (Ollama, llama.cpp, vLLM, LM Studio).
import type OpenAI from "openai";
import { z } from "zod";
import type { ModelAnswer, ModelClient, ModelRequest, StopReason, Usage } from "../../core/model.ts";
import { createClient } from "./call.ts";
import type { CallOptions, Target, WireFormat } from "./call.ts";
import { Count, PartCount, usageOf } from "./usage.ts";

export const openaiUrl = "https://api.openai.com/v1";

export function openaiClient(target: Target, options: CallOptions): ModelClient {
  return createClient(target, chatCompletions(target, options), options);
}

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;
type Effort = "none" | "low";

function chatCompletions(target: Target, { timeoutMs }: CallOptions): WireFormat {
  const isPublic = target.name.endpoint === null;
  return {
    put: (request, leftOut) => {
      const extras = isPublic ? publicExtras(request, target.name.model) : endpointExtras(request);
      const taken = Object.entries(extras).filter(([field]) => !leftOut.has(field));
      const body: Body = { ...bodyOf(request, target.name.model, isPublic), ...Object.fromEntries(taken) };
      return {
        optional: taken.map(([field]) => field),
        send: async (wire) => {
          // Loaded when a model is first asked: an app without one starts without it.
          const { default: Sdk } = await import("openai");
          const sdk = new Sdk({
            baseURL: target.url,
            // Never leaves: the wire sets the header, or none.
            apiKey: "unused",
            adminAPIKey: null,
            organization: null,
            project: null,
            webhookSecret: null,
            maxRetries: 0,
            timeout: timeoutMs,
            logLevel: "off",
            fetch: wire.fetch,
          });
          return sdk.chat.completions.create(body, { signal: wire.signal });
        },
      };
    },
    read,
  };
}

function bodyOf({ prompt, maxOutputTokens }: ModelRequest, model: string, isPublic: boolean): Body {
  return {
    model,
    messages: [
      { role: "system", content: prompt.system },
      { role: "user", content: prompt.user },
    ],
    // The old name is the one that every other server knows; OpenAI's reasoning models refuse it.
    [isPublic ? "max_completion_tokens" : "max_tokens"]: maxOutputTokens,
  };
}

type Extras = Readonly<Record<string, unknown>>;

function publicExtras(request: ModelRequest, model: string): Extras {
  const effort = effortOf(model);
  return {
    ...formatOf(request),
    store: false,
    ...(effort === null ? { temperature: temperatureOf(request) } : { reasoning_effort: effort }),
  };
}

/**
 * Errands are narrow: what a model thinks about them costs more than it brings. `none` where OpenAI offers it (gpt-5.1 and later, but for Astra and GPT-6.1 Sol),
 * else `low`; `null` for models that do not reason, the only ones that take a temperature. A model that sees it otherwise says so, and is asked without.
 */
function effortOf(model: string): Effort | null {
  const version = /^(?:ft:)?gpt-(\d+)(?:\.(\d+))?/.exec(model);
  if (!version) return /^(?:ft:)?o\d/.test(model) ? "low" : null;
  const [major, minor] = [Number(version[1]), Number(version[2] ?? 0)];
  if (major < 5) return null;
  const offersNone = (major > 5 || minor > 0) && !/astra|gpt-6\.1-sol/.test(model);
  return offersNone ? "none" : "low";
}

/** Thinking is off by both names that servers have for it; each passes over the other one. */
function endpointExtras(request: ModelRequest): Extras {
  return {
    ...formatOf(request),
    temperature: temperatureOf(request),
    seed: request.sample,
    reasoning_effort: "none" satisfies Effort,
    chat_template_kwargs: { enable_thinking: false },
  };
}

/** The first sample is the likeliest answer, the others are drawn about it: at 0 they would all be the first. */
const temperatureOf = ({ sample }: ModelRequest): number => (sample === 0 ? 0 : 0.7);

function formatOf({ schema }: ModelRequest): Extras {
  if (schema === null) return {};
  return {
    response_format: {
      type: "json_schema",
      json_schema: { name: schema.name, schema: schema.schema, strict: true },
    },
  };
}

const Tokens = z.object({
  prompt_tokens: Count,
  completion_tokens: Count,
  prompt_tokens_details: z
    .object({ cached_tokens: PartCount, cache_write_tokens: PartCount })
    .nullish()
    .catch(null),
});

const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish().catch(null),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish().catch(null),
        }),
      }),
    )
    .min(1),
  usage: Tokens.nullish().catch(null),
});

function read(body: unknown): ModelAnswer | null {
  const completion = Completion.safeParse(body).data;
  const choice = completion?.choices[0];
  if (!choice) return null;
  const { message, finish_reason: reason } = choice;
  return {
    text: withoutThoughts(message.content ?? ""),
    stopReason: (message.refusal ?? "") === "" ? (stopReasons.get(reason ?? "") ?? "other") : "refusal",
    usage: readUsage(completion.usage ?? null),
  };
}

const stopReasons: ReadonlyMap<string, StopReason> = new Map([
  ["stop", "end"],
  ["length", "length"],
  ["content_filter", "refusal"],
]);

function readUsage(tokens: z.infer<typeof Tokens> | null): Usage | null {
  if (tokens === null) return null;
  return usageOf({
    inputTokens: tokens.prompt_tokens,
    cachedTokens: tokens.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: tokens.prompt_tokens_details?.cache_write_tokens ?? 0,
    outputTokens: tokens.completion_tokens,
  });
}

const [opening, closing] = ["<think>", "</think>"];

/** What servers that do not tell thoughts from answers leave at the start. Thoughts without an end leave no answer. */
function withoutThoughts(text: string): string {
  const start = text.trimStart();
  if (!start.startsWith(opening)) return text;
  const end = start.indexOf(closing);
  return end === -1 ? "" : start.slice(end + closing.length).trimStart();
}
