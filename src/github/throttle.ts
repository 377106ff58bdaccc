// How fast and how much at once this app asks: GitHub's published limits, writes in small bursts, one short wait when GitHub says slow down.
import { setTimeout } from "node:timers/promises";

/**
 * GitHub's secondary limits (docs.github.com, "Rate limits for the REST API"): 80 content-creating requests a minute, and 900 points a
 * minute of which a write costs 5 and a read 1. A burst of `burst` and then one per `intervalMs` makes at most
 * `burst + 60_000 / intervalMs` in any minute: 80 for what people are told of (comments), 100 writes (500 points) in all,
 * which leaves 400 points for reads. Per process and installation: more workers share GitHub's limits, and GitHub's answer then
 * says when to come back.
 */
export const pace = {
  write: { burst: 40, intervalMs: 1000 },
  notifying: { burst: 20, intervalMs: 1000 },
};

/** Requests under way at a time, of the 100 that GitHub allows an app: ten workers of one installation stay within it. */
export const mostAtOnce = 10;

/** A rate limit is waited for at most this long inside a call, in milliseconds, and only once; a longer wait is the queue's. */
const longestWaitMs = 30_000;

/** Whether to wait and ask again, after `waits` such waits of the same request. A request refused for its rate had no effect. */
export function isWaitedFor(retryAfterMs: number, waits: number): boolean {
  return waits === 0 && retryAfterMs <= longestWaitMs;
}

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
}

export const realClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }),
};

/** Resolves at once for `burst` callers, then for one per `intervalMs`, in order. */
export function createPacer(
  { burst, intervalMs }: { burst: number; intervalMs: number },
  { now, sleep }: Clock = realClock,
): () => Promise<void> {
  // When the bucket will be full again: the whole state of a token bucket.
  let fullAt = 0;
  return async () => {
    const start = now();
    fullAt = Math.max(fullAt, start) + intervalMs;
    const wait = fullAt - start - burst * intervalMs;
    if (wait > 0) await sleep(wait);
  };
}

/** Runs what it is given, `most` at a time, in order. */
export function createGate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    // Whoever leaves hands the place on, so that nobody who comes meanwhile takes it.
    if (running < most) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
