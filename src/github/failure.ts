// What went wrong in a call to GitHub: from octokit's errors to plain data, and from there to words.
import { AppError } from "../core/errors.ts";
import type { ErrorCode } from "../core/errors.ts";
import { visibleLine } from "./text.ts";

type FailureKind =
  | "credentials"
  | "permission"
  | "missing"
  | "invalid"
  | "rate-limit"
  | "server"
  | "network"
  | "timeout"
  | "other";

/** A failed call as plain data: no headers, no body, no token. */
export interface Failure {
  readonly kind: FailureKind;
  /** HTTP status; `null` when no answer came. */
  readonly status: number | null;
  /** GitHub's own sentence, one line, at most 300 characters; "" when it gave none that is for people. */
  readonly reason: string;
  /** Milliseconds GitHub asks to wait; `null` when it named no time. */
  readonly retryAfterMs: number | null;
  /** Permissions GitHub says would have been enough: its `X-Accepted-GitHub-Permissions` header. */
  readonly accepted: string | null;
  /** GitHub's number for this request: what its support asks for. */
  readonly requestId: string | null;
}

/** What a call was for, in words, and which permission it needs: enough to tell a person how to mend it. */
export interface Intent {
  /** Reads on from "while": "reading the pull request". */
  readonly doing: string;
  /** Name and level as GitHub's settings page has them: "Pull requests: read". */
  readonly needs: string;
}

const reasonLimit = 300;

/** `null` when `error` is not GitHub's doing: an abort by the caller or a fault of ours, to be thrown on. */
export function failureOf(error: unknown, now: number): Failure | null {
  if (!isHttpError(error)) return null;
  const { response } = error;
  if (!response) {
    const timedOut = nameOf(error.cause) === "TimeoutError";
    const kind = timedOut ? "timeout" : "network";
    return { ...blank, kind, reason: timedOut ? "" : oneLine(error.message) };
  }
  const headers = response.headers;
  const kind = kindOf(response.status, error.message, headers);
  return {
    kind,
    status: response.status,
    reason: kind === "server" ? "" : oneLine(withoutLink(error.message)),
    retryAfterMs: kind === "rate-limit" ? waitOf(headers, now) : null,
    accepted: stringOrNull(headers["x-accepted-github-permissions"]),
    requestId: stringOrNull(headers["x-github-request-id"]),
  };
}

/** An answer whose body broke off, or that is not GitHub's JSON: what was asked may have been done. */
export const brokenAnswer: Failure = {
  kind: "network",
  status: null,
  reason: "the answer broke off",
  retryAfterMs: null,
  accepted: null,
  requestId: null,
};

/** Octokit's error: from a call that got an answer of 400 or above, or no answer at all. */
interface HttpError extends Error {
  readonly name: "HttpError";
  readonly response?: { readonly status: number; readonly headers: Headers };
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && error.name === "HttpError" && "request" in error;
}

const nameOf = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "name" in cause ? cause.name : null;

const blank = { status: null, retryAfterMs: null, accepted: null, requestId: null };

/** Whether the call may have had its effect although it failed: only then is looking before asking again needed. */
export function isAmbiguous({ kind }: Failure): boolean {
  return kind === "server" || kind === "network" || kind === "timeout";
}

type Headers = Record<string, string | number | undefined>;

const kinds: Readonly<Record<number, FailureKind>> = {
  401: "credentials",
  403: "permission",
  404: "missing",
  409: "invalid",
  410: "missing",
  413: "invalid",
  422: "invalid",
  429: "rate-limit",
};

function kindOf(status: number, message: string, headers: Headers): FailureKind {
  if (status === 403 && isLimit(message, headers)) return "rate-limit";
  return kinds[status] ?? (status >= 500 ? "server" : "other");
}

function isLimit(message: string, headers: Headers): boolean {
  const spent = String(headers["x-ratelimit-remaining"]) === "0";
  return spent || headers["retry-after"] !== undefined || /rate limit/i.test(message);
}

/** `Retry-After` in seconds, else until `X-RateLimit-Reset` in seconds since 1970, else the minute GitHub's documentation asks for. */
function waitOf(headers: Headers, now: number): number {
  const seconds = Number(headers["retry-after"]);
  if (seconds > 0) return seconds * 1000;
  const reset = Number(headers["x-ratelimit-reset"]);
  if (String(headers["x-ratelimit-remaining"]) === "0" && reset > 0)
    return Math.max(1000, reset * 1000 - now);
  return 60_000;
}

const stringOrNull = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;
const withoutLink = (message: string): string => message.replace(/ - https:\/\/docs\.github\.com\S*$/, "");
const oneLine = (text: string): string => visibleLine(text, reasonLimit);

/** A failure in words: what, why, and what to do next. */
export function toAppError(failure: Failure, intent: Intent): AppError {
  const { message, remedy } = words[failure.kind](failure, intent);
  return new AppError(codes[failure.kind], message, {
    retryable: isAmbiguous(failure) || failure.kind === "rate-limit",
    remedy,
    cause: failure,
    ...(failure.retryAfterMs !== null && { retryAfterMs: failure.retryAfterMs }),
  });
}

const codes: Record<FailureKind, ErrorCode> = {
  credentials: "config",
  permission: "permission",
  missing: "github",
  invalid: "github",
  "rate-limit": "github",
  server: "github",
  network: "github",
  timeout: "github",
  other: "github",
};

interface Words {
  readonly message: string;
  readonly remedy: string;
}

const outage = "Nothing to do: the step is tried again by itself. If it goes on, see githubstatus.com.";

const words: Record<FailureKind, (failure: Failure, intent: Intent) => Words> = {
  credentials: (failure, { doing }) => ({
    message: `GitHub does not accept this app's credentials (401) while ${doing}.${said(failure)}`,
    remedy:
      "Check that the app id and the private key belong to the same GitHub App, that the key was not revoked, and that this machine's clock is right.",
  }),
  permission: (failure, { doing, needs }) => ({
    message: `GitHub refused (403) while ${doing}.${said(failure)}`,
    remedy: permissionRemedy(failure, needs),
  }),
  missing: (failure, { doing, needs }) => ({
    message: `GitHub finds nothing (404) while ${doing}, or hides it from this app.${said(failure)}`,
    remedy: `Check that it still exists and that the app is installed on this repository with "${needs}".`,
  }),
  invalid: (failure, { doing }) => ({
    message: answered(failure, doing),
    remedy: `Mend what GitHub names, then give the command again.${trace(failure)}`,
  }),
  "rate-limit": (failure, { doing }) => ({
    message: `GitHub asks this app to slow down while ${doing}.${said(failure)}`,
    remedy: `The step is tried again by itself in ${Math.ceil((failure.retryAfterMs ?? 0) / 1000)} s. If this comes back often, run fewer workers for this installation.`,
  }),
  server: (failure, { doing }) => ({
    message: answered(failure, doing),
    remedy: `${outage}${trace(failure)}`,
  }),
  network: (failure, { doing }) => ({
    message: `The connection to GitHub failed while ${doing}: ${failure.reason}.`,
    remedy:
      "The step is tried again by itself. If it goes on, check this machine's network, proxy and the API address.",
  }),
  timeout: (_failure, { doing }) => ({
    message: `GitHub gave no answer in time while ${doing}.`,
    remedy: outage,
  }),
  other: (failure, { doing }) => ({
    message: answered(failure, doing),
    remedy: `Give the command again; if it fails again, report it.${trace(failure)}`,
  }),
};

const said = ({ reason }: Failure): string => (reason === "" ? "" : ` GitHub says: "${reason}".`);
const answered = (failure: Failure, doing: string): string =>
  `GitHub answered ${failure.status ?? "nothing"} while ${doing}.${said(failure)}`;
const trace = ({ requestId }: Failure): string =>
  requestId === null ? "" : ` (GitHub's request id: ${requestId})`;

function permissionRemedy({ accepted, reason }: Failure, needs: string): string {
  if (/suspended/i.test(reason)) {
    return "The installation is suspended: its owner can resume it under Settings > Integrations > GitHub Apps > Configure.";
  }
  if (/archived/i.test(reason))
    return "The repository is archived and read-only: unarchive it, or leave it be.";
  const permission = accepted === null ? `"${needs}"` : `"${needs}" (GitHub would accept: ${accepted})`;
  return (
    `The app needs ${permission}. Grant it on the app's settings page (Developer settings > GitHub Apps > Permissions & events); ` +
    "then the owner of the installation accepts the new permission under Settings > Integrations > GitHub Apps > Configure."
  );
}
