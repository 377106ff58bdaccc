// How fast this app writes: GitHub's published limits, spent in small bursts instead of one call a second.
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

/** A rate limit is waited for at most this long inside a call, in seconds, and only once; a longer wait is the queue's. */
const longestWaitSeconds = 30;

/** plugin-throttling's question on a rate limit: `true` waits `retryAfter` seconds and asks again. Refused calls had no effect. */
export function waitsFor(retryAfter: number, retryCount: number): boolean {
  return retryCount === 0 && retryAfter <= longestWaitSeconds;
}

interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Resolves at once for `burst` callers, then for one per `intervalMs`, in order. */
export function createPacer(
  { burst, intervalMs }: { burst: number; intervalMs: number },
  { now, sleep }: Clock = { now: Date.now, sleep: setTimeout },
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
