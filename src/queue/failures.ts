// How failures of the queue are told: to callers as one error, to operators once and not once a second.
import { AppError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

export function queueFailure(what: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError("queue", `The queue could not ${what}: ${messageOf(cause)}`, {
    retryable: true,
    remedy: "Check that the server behind the queue is running; what GitHub sent can be redelivered.",
    cause,
  });
}

/** Milliseconds for which the same failure is not told again. */
const quietMs = 60_000;

/** A listener for "error" events that tells each message once a minute. */
export function tellOnce(log: Log, message: string): (error: Error) => void {
  const told = new Map<string, number>();
  return (error) => {
    const text = messageOf(error);
    const now = Date.now();
    if (now - (told.get(text) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    // Messages with changing parts must not add up for ever.
    if (told.size > 100) told.clear();
    told.set(text, now);
    log.warn({ error: text }, message);
  };
}
