// Anthropic's Messages.
import type Anthropic from "@anthropic-ai/sdk";
import { z } from "zod";
import type { ModelAnswer, ModelClient, ModelRequest, StopReason, Usage } from "../../core/model.ts";
import { createClient } from "./call.ts";
import type { CallOptions, Target, WireFormat } from "./call.ts";
import { Count, PartCount, usageOf } from "./usage.ts";

export const anthropicUrl = "https://api.anthropic.com";

export function anthropicClient(target: Target, options: CallOptions): ModelClient {
  return createClient(target, messages(target, options), options);
}

type Body = Anthropic.MessageCreateParamsNonStreaming;

function messages(target: Target, { timeoutMs }: CallOptions): WireFormat {
  return {
    put: (request, leftOut) => {
      const body = bodyOf(request, target.name.model, leftOut);
      return {
        optional: optionalOf(body),
        send: async (wire) => {
          // Loaded when a model is first asked: an app without one starts without it.
          const { default: Sdk } = await import("@anthropic-ai/sdk");
          const sdk = new Sdk({
            // The SDK adds "/v1" itself; elsewhere an address has it, and whoever writes one may think so here.
            baseURL: target.url.replace(/\/v1\/?$/, ""),
            // Never leaves: the wire sets the header, or none. With it no other credential is looked for.
            apiKey: "unused",
            authToken: null,
            webhookKey: null,
            openTelemetry: false,
            maxRetries: 0,
            timeout: timeoutMs,
            logLevel: "off",
            fetch: wire.fetch,
          });
          return sdk.messages.create(body, { signal: wire.signal });
        },
      };
    },
    read,
  };
}

/**
 * No sampling parameters: version 2026-10-21 of the API refuses them. Thinking is off and effort low, since errands are narrow; older models know neither, say
 * so, and are asked without.
 */
function bodyOf(
  { prompt, maxOutputTokens, schema }: ModelRequest,
  model: string,
  leftOut: ReadonlySet<string>,
): Body {
  const withFormat = schema !== null && !leftOut.has("output_config.format");
  const withEffort = !leftOut.has("output_config.effort");
  const output: Anthropic.OutputConfig = {
    ...(withEffort && { effort: "low" }),
    ...(withFormat && { format: { type: "json_schema", schema: { ...schema.schema } } }),
  };
  return {
    model,
    max_tokens: maxOutputTokens,
    system: prompt.system,
    messages: [{ role: "user", content: prompt.user }],
    ...(!leftOut.has("thinking") && { thinking: { type: "disabled" } }),
    ...((withEffort || withFormat) && { output_config: output }),
  };
}

function optionalOf({ thinking, output_config: output }: Body): readonly string[] {
  return [
    ...(thinking ? ["thinking"] : []),
    ...(output?.effort ? ["output_config.effort"] : []),
    ...(output?.format ? ["output_config.format"] : []),
  ];
}

const Tokens = z.object({
  input_tokens: Count,
  output_tokens: Count,
  cache_creation_input_tokens: PartCount,
  cache_read_input_tokens: PartCount,
});

const Message = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullish().catch(null),
  usage: Tokens.nullish().catch(null),
});

function read(body: unknown): ModelAnswer | null {
  const message = Message.safeParse(body).data;
  if (!message) return null;
  return {
    text: message.content.map(({ type, text }) => (type === "text" ? (text ?? "") : "")).join(""),
    stopReason: stopReasons.get(message.stop_reason ?? "") ?? "other",
    usage: readUsage(message.usage ?? null),
  };
}

/**
 * `model_context_window_exceeded` is an answer that was cut off, as by its own limit, and paid for: an error would lose what it used. A request that does not
 * fit at all is refused with 400.
 */
const stopReasons: ReadonlyMap<string, StopReason> = new Map([
  ["end_turn", "end"],
  ["stop_sequence", "end"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "refusal"],
]);

/** What Anthropic calls input is without what was cached. */
function readUsage(tokens: z.infer<typeof Tokens> | null): Usage | null {
  if (tokens === null) return null;
  const cachedTokens = tokens.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = tokens.cache_creation_input_tokens ?? 0;
  return usageOf({
    inputTokens: tokens.input_tokens + cachedTokens + cacheWriteTokens,
    cachedTokens,
    cacheWriteTokens,
    outputTokens: tokens.output_tokens,
  });
}
