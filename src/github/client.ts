// The HTTP client of one installation: App authentication, pacing, time-outs; no automatic retry of anything.
import { createAppAuth } from "@octokit/auth-app";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import type { Log } from "../core/log.ts";
import { createPacer, pace, waitsFor } from "./throttle.ts";

export interface ClientLimits {
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** First pause before a read is tried again, in milliseconds; doubled each time. */
  readonly retryDelayMs: number;
}

export interface ClientOptions {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** "https://api.github.com", or "https://HOST/api/v3" on Enterprise Server. */
  readonly apiUrl: string;
  /** `null` asks as the app itself, which GitHub allows for very little: who it is. */
  readonly installationId: number | null;
  readonly log: Log;
  readonly fetch: typeof fetch;
  readonly limits: ClientLimits;
}

export interface Client {
  readonly octokit: Octokit;
  readonly appId: number;
  readonly installationId: number | null;
  readonly log: Log;
  readonly limits: ClientLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const ThrottledOctokit = Octokit.plugin(throttling);

export function createClient({ apiUrl, log, fetch, limits, ...app }: ClientOptions): Client {
  const octokit = new ThrottledOctokit({
    authStrategy: createAppAuth,
    auth: {
      appId: app.appId,
      privateKey: app.privateKey,
      // The strategy tells "as the app" from a bad installation by whether the key is there at all.
      ...(app.installationId !== null && { installationId: app.installationId }),
    },
    baseUrl: apiUrl.replace(/\/+$/, ""),
    userAgent: "errand",
    request: { fetch: withTimeout(fetch, limits.timeoutMs) },
    ...throttleOptions(app.installationId, log),
    log: octokitLog(log),
  });
  const { appId, installationId } = app;
  return { octokit, appId, installationId, log, limits, now: Date.now };
}

function withTimeout(send: typeof fetch, timeoutMs: number): typeof fetch {
  return (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return send(input, { ...init, signal });
  };
}

type OnLimit = (retryAfter: number, options: unknown, octokit: unknown, retryCount: number) => boolean;

/** The one method of a Bottleneck group that the plugin calls on its two queues: it schedules an empty job and goes on when that is done. */
interface Queue {
  readonly key: () => {
    readonly schedule: (options: unknown, job: () => Promise<unknown>) => Promise<unknown>;
  };
}

/**
 * The plugin's own queues let through 1 write a second and 1 comment in 3 seconds; ours allow bursts within the same limits (throttle.ts).
 * Typed loosely, because the plugin's types ask for whole Bottleneck groups where one method is called.
 */
function throttleOptions(installationId: number | null, log: Log): object {
  const onLimit =
    (kind: string): OnLimit =>
    (retryAfter, _options, _octokit, retryCount) => {
      const waits = waitsFor(retryAfter, retryCount);
      log.warn({ kind, installationId, retryAfter, waits }, "GitHub rate limit");
      return waits;
    };
  const throttle = {
    id: installationId === null ? "app" : `installation-${installationId}`,
    write: pacedQueue(pace.write),
    notifications: pacedQueue(pace.notifying),
    onRateLimit: onLimit("primary"),
    onSecondaryRateLimit: onLimit("secondary"),
  };
  return { throttle };
}

function pacedQueue(rate: { burst: number; intervalMs: number }): Queue {
  const wait = createPacer(rate);
  const limiter: ReturnType<Queue["key"]> = {
    schedule: async (_options, job) => {
      await wait();
      return job();
    },
  };
  return { key: () => limiter };
}

function octokitLog(log: Log) {
  const at = (level: keyof Log) => (detail: string) => {
    log[level]({ detail }, "octokit");
  };
  // One line a request is too much at any level but debug; a failed request is told by who asked.
  return { debug: at("debug"), info: at("debug"), warn: at("warn"), error: at("debug") };
}
