// Answers that are refusals: from an HTTP status and the server's words to what went wrong.
import { z } from "zod";
import { stripHidden } from "../../core/prompt.ts";
import type { Prompt } from "../../core/prompt.ts";
import { redact } from "../redact.ts";
import { failure } from "./failure.ts";
import type { ModelFailure } from "./failure.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Answered } from "./wire.ts";

/** What must not come back in a message, and what of the request the server may do without. */
export interface Asked {
  readonly prompt: Prompt;
  readonly key: string | null;
  /** Fields that were sent, and may be left out. */
  readonly optional: readonly string[];
}

const longestSaid = 200;
const longestRead = 4000;

const Details = z.object({
  message: z.string().catch(""),
  code: z.union([z.string(), z.number()]).nullable().catch(null),
  type: z.string().catch(""),
  param: z.string().catch(""),
});
type Details = z.infer<typeof Details>;

/** Errors lie in `error` (OpenAI, Anthropic, llama.cpp), at the top (older vLLM), or are a text in `error` or `detail` (Ollama's own, FastAPI). */
const ErrorBody = z.union([
  z.object({ error: Details }).transform(({ error }) => error),
  z.object({ error: z.string() }).transform(({ error }) => Details.parse({ message: error })),
  z.object({ detail: z.string() }).transform(({ detail }) => Details.parse({ message: detail })),
  z.object({ message: z.string() }).pipe(Details),
]);

/**
 * Words by which servers tell that a request is longer than the context: OpenAI's and vLLM's "maximum context length", vLLM's "maximum model length",
 * llama.cpp's "context size" and its type, llama-cpp-python's "context window", Anthropic's "prompt is too long" and "context limit", LM Studio's "overflows".
 */
const overflow =
  /context[ _](?:length|size|window|limit)|maximum model length|prompt is too long|exceed_context|when context the overflows/i;

/** `null` where a good answer holds no error: some servers send one with status 200 (llama.cpp's builds of 2025, some proxies). */
export function refusalOf(answered: Answered, asked: Asked, now: number): ModelFailure | null {
  const details = detailsOf(answered.text);
  const ok = answered.status < 400;
  if (ok && !hasError(answered.text)) return null;
  const status = ok ? inner(details) : answered.status;
  const text = `${details.type} ${details.code ?? ""} ${details.message}`.slice(0, longestRead);
  const known = {
    status,
    said: shown(details.message, asked),
    retryAfterMs: retryAfterMs(answered.headers, now),
  };
  if (overflowStatuses.has(status) && overflow.test(text)) return failure("context overflow", known);
  if (status === 400 || status === 422) {
    return failure("refused request", { ...known, leftOut: unknownFields(answered.text, details, asked) });
  }
  // Between us and the model a gateway gave up waiting: the model may have gone on.
  return failure(wordOf(status, text), { ...known, mayBeBilled: status === 408 || status === 504 });
}

/** llama.cpp has told of overflows with 500, too (ggml-org/llama.cpp issue 19774). */
const overflowStatuses = new Set([400, 413, 422, 500]);

function wordOf(status: number, text: string): ModelFailure["word"] {
  // OpenAI's name for an account without credit, which waiting does not mend.
  if (status === 429 && text.includes("insufficient_quota")) return "no credit";
  return statusWords[status] ?? (status >= 500 ? "server error" : "refused request");
}

const statusWords: Readonly<Record<number, ModelFailure["word"]>> = {
  401: "wrong key",
  402: "no credit",
  403: "wrong key",
  404: "unknown model",
  408: "timed out",
  409: "overloaded",
  413: "context overflow",
  429: "rate limited",
  503: "overloaded",
  504: "timed out",
  529: "overloaded",
};

const empty: Details = { message: "", code: null, type: "", param: "" };

function detailsOf(text: string): Details {
  const body = ErrorBody.safeParse(jsonOf(text));
  return body.success ? body.data : empty;
}

const WithError = z.object({ error: z.union([z.object({}), z.string().min(1)]) });
const hasError = (text: string): boolean => WithError.safeParse(jsonOf(text)).success;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The status that an error inside a good answer names; else one of the server's own. */
function inner({ code }: Details): number {
  const status = Number(code);
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : 500;
}

/** The server's sentence as far as it may be shown: without the key, and not at all where it repeats the prompt. */
function shown(message: string, { key, prompt }: Asked): string {
  // Hidden characters first: one in the middle of a key would hide it from who looks for the key.
  const visible = stripHidden(message.slice(0, longestRead)).replace(/\s+/g, " ").trim();
  const line = redact(visible, key === null || key === "" ? [] : [key]);
  const short = line.length > longestSaid ? `${line.slice(0, longestSaid - 1)}…` : line;
  return repeats(short, prompt) ? "" : short.replaceAll('"', "'").replace(/\.$/, "");
}

/** As many characters in a row are of the prompt, not chance. */
const repeated = 24;

function repeats(line: string, { system, user }: Prompt): boolean {
  const prompts = [system, user].map((text) => stripHidden(text).replace(/\s+/g, " "));
  for (let at = 0; at + repeated <= line.length; at++) {
    const piece = line.slice(at, at + repeated);
    if (prompts.some((text) => text.includes(piece))) return true;
  }
  return false;
}

/** Which of the fields that may be left out the server complains about. Whatever it names, nothing but those is ever left out. */
function unknownFields(text: string, { param }: Details, { optional }: Asked): readonly string[] {
  const named = optional.filter((field) => param === field || param.startsWith(`${field}.`));
  if (named.length > 0) return named;
  const start = text.slice(0, longestRead);
  return optional.filter((field) => new RegExp(`\\b${field.replace(".", "\\W+")}\\b`).test(start));
}
