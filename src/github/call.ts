// Calls to GitHub: reads are tried again, writes never are; every failure becomes data or an AppError with a remedy.
import { setTimeout as sleep } from "node:timers/promises";
import { brokenAnswer, failureOf, isAmbiguous, toAppError } from "./failure.ts";
import type { Failure, Intent } from "./failure.ts";
import type { Client } from "./client.ts";

export type Answer<T> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly failure: Failure };

interface Response<T> {
  readonly status: number;
  readonly data: T;
  readonly headers: { readonly link?: string | undefined };
}

/** Reads are tried at most this often in all. */
const readTries = 3;
/** GitHub's largest page. */
export const pageSize = 100;

const loggingIn: Intent = { doing: "asking for a token of this installation", needs: "Metadata: read" };

/**
 * One call, no second try. Failures of GitHub come back as data; a failed login throws, because nothing else can work then;
 * an abort by the caller's signal throws on as it is.
 */
export async function attempt<T>(client: Client, request: () => Promise<Response<T>>): Promise<Answer<T>> {
  await logIn(client);
  return settle(client, request);
}

async function settle<T>(client: Client, request: () => Promise<Response<T>>): Promise<Answer<T>> {
  const answer = await settleRaw(client, request);
  return answer.ok ? { ok: true, data: answer.data.data } : answer;
}

async function settleRaw<R extends Response<unknown>>(
  client: Client,
  request: () => Promise<R>,
): Promise<Answer<R>> {
  try {
    const response = await request();
    // Octokit gives the text it has when a body breaks off, or a proxy's page: neither is an answer. 204 has no body.
    if (typeof response.data === "string" && response.status !== 204)
      return { ok: false, failure: brokenAnswer };
    return { ok: true, data: response };
  } catch (error) {
    const failure = failureOf(error, client.now());
    if (!failure) throw error;
    return { ok: false, failure };
  }
}

/** Tokens are cached for an hour. Asked for apart from the call, so that a refusal is worded as what it is. */
async function logIn(client: Client): Promise<void> {
  if (client.installationId === null) return;
  await retrying(client, loggingIn, async () => {
    await client.octokit.auth({ type: "installation" });
    return { status: 200, data: null, headers: {} };
  });
}

/** A write: one try. Throws AppError. */
export async function write<T>(
  client: Client,
  intent: Intent,
  request: () => Promise<Response<T>>,
): Promise<T> {
  const answer = await attempt(client, request);
  if (answer.ok) return answer.data;
  throw toAppError(answer.failure, intent);
}

/** A read: tried again on 5xx, time-outs and broken connections. Throws AppError. */
export async function read<T>(
  client: Client,
  intent: Intent,
  request: () => Promise<Response<T>>,
): Promise<T> {
  await logIn(client);
  const { data } = await retrying(client, intent, request);
  return data;
}

/** As `read`, but failures of GitHub come back as data. */
export async function tryRead<T>(client: Client, request: () => Promise<Response<T>>): Promise<Answer<T>> {
  await logIn(client);
  const answer = await retry(client, request);
  return answer.ok ? { ok: true, data: answer.data.data } : answer;
}

/** As `read`, but `null` where GitHub has nothing (404, 410). */
export async function readOrNull<T>(
  client: Client,
  intent: Intent,
  request: () => Promise<Response<T>>,
): Promise<T | null> {
  await logIn(client);
  const answer = await retry(client, request);
  if (answer.ok) return answer.data.data;
  if (answer.failure.kind === "missing") return null;
  throw toAppError(answer.failure, intent);
}

/** Reads every page. `items` picks the list out of an answer and throws when it has none. */
export async function readPages<T, I>(
  client: Client,
  intent: Intent,
  { request, items }: { request: (page: number) => Promise<Response<T>>; items: (data: T) => readonly I[] },
): Promise<I[]> {
  await logIn(client);
  const all: I[] = [];
  for (let page = 1; ; page++) {
    const response = await retrying(client, intent, () => request(page));
    const batch = items(response.data);
    all.push(...batch);
    const more = response.headers.link?.includes('rel="next"') ?? batch.length === pageSize;
    if (!more) return all;
  }
}

async function retrying<R extends Response<unknown>>(
  client: Client,
  intent: Intent,
  request: () => Promise<R>,
): Promise<R> {
  const answer = await retry(client, request);
  if (answer.ok) return answer.data;
  throw toAppError(answer.failure, intent);
}

async function retry<R extends Response<unknown>>(
  client: Client,
  request: () => Promise<R>,
): Promise<Answer<R>> {
  for (let tried = 1; ; tried++) {
    const answer = await settleRaw(client, request);
    if (answer.ok || !isAmbiguous(answer.failure) || tried === readTries) return answer;
    await sleep(client.limits.retryDelayMs * 2 ** (tried - 1));
  }
}
