// What every request passes on its way out: its pace, a place among those under way, and one wait when GitHub asks to slow down.
import type { Octokit } from "@octokit/rest";
import type { Log } from "../core/log.ts";
import { failureOf } from "./failure.ts";
import { createGate, createPacer, isWaitedFor, mostAtOnce, pace, realClock } from "./throttle.ts";
import type { Clock } from "./throttle.ts";

/** What is asked of GitHub, before its address is filled in: `url` is "/repos/{owner}/{repo}/pulls/{pull_number}". */
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Holds every request of this client to this app's limits (throttle.ts). A rate limit, primary or secondary, is waited for once where
 * GitHub names a time that is short; otherwise its error goes on to the caller.
 */
export function limitRequests(
  octokit: Octokit,
  { installationId, log, clock = realClock }: { installationId: number | null; log: Log; clock?: Clock },
): void {
  const paceWrite = createPacer(pace.write, clock);
  const paceNotifying = createPacer(pace.notifying, clock);
  const gate = createGate(mostAtOnce);

  const send = async <T>({ method, url }: Asked, request: () => Promise<T>): Promise<T> => {
    // Never behind others: requests that hold a place may be waiting for the token.
    if (url.endsWith("/access_tokens")) return request();
    if (method !== "GET" && method !== "HEAD") await paceWrite();
    if (method === "POST" && url.endsWith("/comments")) await paceNotifying();
    return gate(request);
  };

  octokit.hook.wrap("request", async (request, options) => {
    const { method, url } = options;
    const asked = { method, url, signal: options.request.signal };
    for (let waits = 0; ; waits++) {
      try {
        return await send(asked, async () => request(options));
      } catch (error) {
        const failure = failureOf(error, clock.now());
        if (failure?.kind !== "rate-limit") throw error;
        const { status, retryAfterMs } = failure;
        const waited = retryAfterMs !== null && isWaitedFor(retryAfterMs, waits);
        log.warn({ installationId, method, url, status, retryAfterMs, waited }, "GitHub rate limit");
        if (!waited) throw error;
        // An abort ends the wait; the request then fails as any aborted one.
        await clock.sleep(retryAfterMs, asked.signal).catch(() => undefined);
      }
    }
  });
}
