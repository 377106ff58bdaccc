// The HTTP client of one installation: App authentication, pacing, time-outs; nothing is tried again but what GitHub refused for its rate.
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import type { Log } from "../core/log.ts";
import { limitRequests } from "./request-hook.ts";

export interface ClientLimits {
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** First pause before a read is tried again, in milliseconds; doubled each time. */
  readonly retryDelayMs: number;
  /** Longest time for one log or archive, in milliseconds. */
  readonly downloadMs: number;
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
  readonly apiUrl: string;
  /** For addresses that GitHub sends us to: it carries no credentials. */
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createClient({ apiUrl, log, fetch, limits, ...app }: ClientOptions): Client {
  const octokit = new Octokit({
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
    log: octokitLog(log),
  });
  const { appId, installationId } = app;
  limitRequests(octokit, { installationId, log });
  return { octokit, appId, installationId, log, limits, apiUrl, fetch, now: Date.now };
}

function withTimeout(send: typeof fetch, timeoutMs: number): typeof fetch {
  return (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return send(input, { ...init, signal });
  };
}

function octokitLog(log: Log) {
  const at = (level: keyof Log) => (detail: string) => {
    log[level]({ detail }, "octokit");
  };
  // One line a request is too much at any level but debug; a failed request is told by who asked.
  return { debug: at("debug"), info: at("debug"), warn: at("warn"), error: at("debug") };
}
