// Messages, as far as the app uses it. Version 2026-10-21 of the API has no sampling parameters: one that is sent is refused.
import { z } from "zod";
import { bearerOf, faultOf } from "./format.ts";
import type { FinishedText, Format } from "./format.ts";

const Request = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  system: z.string().min(1),
  messages: z.tuple([z.strictObject({ role: z.literal("user"), content: z.string().min(1) })]),
  thinking: z.strictObject({ type: z.literal("disabled") }).optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
      format: z
        .strictObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) })
        .optional(),
    })
    .optional(),
});

export const anthropicFormat: Format = {
  read: (body, headers) => {
    if (headers["anthropic-version"] === undefined)
      return { refused: "anthropic-version: header is required" };
    const { data, error } = Request.safeParse(body);
    if (!data) return { refused: faultOf(error) };
    const [user] = data.messages;
    const apiKey = headers["x-api-key"];
    return {
      asked: {
        wire: "anthropic",
        model: data.model,
        system: data.system,
        user: user.content,
        schema: data.output_config?.format?.schema ?? null,
        maxOutputTokens: data.max_tokens,
        seed: null,
        key: bearerOf(headers) ?? (typeof apiKey === "string" ? apiKey : null),
      },
    };
  },
  answer: message,
  refusal: (status, text) => ({
    type: "error",
    error: { type: errorTypes.get(status) ?? "api_error", message: text },
    request_id: "req_scripted",
  }),
};

const errorTypes: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request_error"],
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [529, "overloaded_error"],
]);

const stopReasons = { end: "end_turn", length: "max_tokens", refusal: "refusal" };

function message({ model, text, stop, usage }: FinishedText): unknown {
  return {
    id: "msg_scripted",
    type: "message",
    role: "assistant",
    model,
    content: text === "" ? [] : [{ type: "text", text }],
    stop_reason: stopReasons[stop],
    stop_sequence: null,
    ...(usage && {
      usage: {
        input_tokens: usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens,
        cache_read_input_tokens: usage.cachedTokens,
        cache_creation_input_tokens: usage.cacheWriteTokens,
        output_tokens: usage.outputTokens,
      },
    }),
  };
}
