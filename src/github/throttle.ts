// How fast this app writes: GitHub's published limits, spent in small bursts instead of one call a second.

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

/** Resolves at once for `burst` callers, then for one per `intervalMs`, in order. */
export function createPacer({
  burst,
  intervalMs,
}: {
  burst: number;
  intervalMs: number;
}): () => Promise<void> {
  // When the bucket would be full again, in milliseconds since 1970: the whole state of a token bucket.
  let fullAt = 0;
  return () => {
    const now = Date.now();
    fullAt = Math.max(fullAt, now) + intervalMs;
    const wait = fullAt - now - burst * intervalMs;
    return wait <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, wait));
  };
}
