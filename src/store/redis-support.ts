// What the Redis operations share: keys, scripts, and replies that are what they should be.
import type { Redis } from "ioredis";
import { AppError } from "../core/errors.ts";
import { storeFailure } from "./failure.ts";
import { keyPrefix } from "./redis-scripts.ts";

export const key = (...parts: readonly string[]): string => keyPrefix + parts.join(":");

export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure("redis", what, error);
  }
}

/** Redis keeps the compiled script under its hash, so sending the text again costs only its bytes. */
export function runScript(
  client: Redis,
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  return client.eval(script, keys.length, ...keys, ...args);
}

function unexpected(reply: unknown): AppError {
  return new AppError("bug", `Redis answered a script with an unexpected ${typeof reply}.`, {
    retryable: false,
    remedy: "Report this: it is a fault of Errand.",
  });
}

export function asNumber(reply: unknown): number {
  if (typeof reply === "number") return reply;
  throw unexpected(reply);
}

export function asStrings(reply: unknown): readonly string[] {
  if (Array.isArray(reply) && reply.every((value) => typeof value === "string")) return reply;
  throw unexpected(reply);
}

export function asNumbers(reply: unknown): readonly number[] {
  if (Array.isArray(reply) && reply.every((value) => typeof value === "number")) return reply;
  throw unexpected(reply);
}
