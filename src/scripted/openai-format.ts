// Chat Completions, as far as the app uses it. Anything else is refused: the real API refuses what it does not know, and so should a stand-in.
import { z } from "zod";
import { bearerOf, faultOf } from "./format.ts";
import type { FinishedText, Format } from "./format.ts";

/** `public`: what api.openai.com takes. `endpoint`: what servers of one's own do. */
export type OpenaiDialect = "public" | "endpoint";

const content = z.string().min(1);
const maxTokens = z.number().int().positive();

const common = {
  model: z.string().min(1),
  messages: z.tuple([
    z.strictObject({ role: z.literal("system"), content }),
    z.strictObject({ role: z.literal("user"), content }),
  ]),
  temperature: z.number().min(0).max(2).optional(),
  seed: z.number().int().optional(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).optional(),
  response_format: z
    .strictObject({
      type: z.literal("json_schema"),
      json_schema: z.strictObject({
        name: z.string().regex(/^[\w-]{1,64}$/),
        schema: z.record(z.string(), z.unknown()),
        strict: z.boolean().optional(),
      }),
    })
    .optional(),
};

const requests = {
  public: z
    .strictObject({ ...common, max_completion_tokens: maxTokens, store: z.boolean().optional() })
    .refine(
      ({ temperature, reasoning_effort: effort }) =>
        temperature === undefined || effort === undefined || effort === "none",
      { path: ["temperature"], message: "is not supported by a model that reasons" },
    )
    .transform(({ max_completion_tokens: limit, ...rest }) => ({ ...rest, limit })),
  endpoint: z
    .strictObject({
      ...common,
      max_tokens: maxTokens,
      chat_template_kwargs: z.strictObject({ enable_thinking: z.boolean() }).optional(),
    })
    .transform(({ max_tokens: limit, ...rest }) => ({ ...rest, limit })),
};

export function openaiFormat(dialect: OpenaiDialect): Format {
  return {
    read: (body, headers) => {
      const key = bearerOf(headers);
      const { data, error } = requests[dialect].safeParse(body);
      if (!data) return { refused: faultOf(error) };
      const [system, user] = data.messages;
      return {
        asked: {
          wire: "openai",
          model: data.model,
          system: system.content,
          user: user.content,
          schema: data.response_format?.json_schema.schema ?? null,
          maxOutputTokens: data.limit,
          seed: data.seed ?? null,
          key,
        },
      };
    },
    answer: completion,
    refusal: (status, message) => ({
      error: {
        message,
        type: status < 500 ? "invalid_request_error" : "server_error",
        param: null,
        code: null,
      },
    }),
  };
}

const finishReasons = { end: "stop", length: "length", refusal: "stop" };

function completion({ model, text, stop, usage }: FinishedText): unknown {
  const isRefusal = stop === "refusal";
  return {
    id: "chatcmpl-scripted",
    object: "chat.completion",
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: isRefusal ? null : text,
          refusal: isRefusal ? text || "I cannot help with that." : null,
        },
        logprobs: null,
        finish_reason: finishReasons[stop],
      },
    ],
    ...(usage && {
      usage: {
        prompt_tokens: usage.inputTokens,
        completion_tokens: usage.outputTokens,
        total_tokens: usage.inputTokens + usage.outputTokens,
        prompt_tokens_details: {
          cached_tokens: usage.cachedTokens,
          cache_write_tokens: usage.cacheWriteTokens,
        },
      },
    }),
  };
}
