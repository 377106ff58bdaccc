// One HTTP exchange with a model's server: what may leave, and how much may come back.
import { failure } from "./failure.ts";
import type { ModelFailure } from "./failure.ts";

/** The longest answer we ask for has a few thousand tokens: 2 MB is hundreds of times that. */
const maxAnswerBytes = 2_000_000;
/** Of a refusal only a sentence is shown. */
const maxRefusalBytes = 64_000;

/** The only headers of an SDK's that are sent: theirs tell about this machine, and take more from the environment. */
const sentHeaders = ["accept", "content-type", "anthropic-version"];

export type Fetch = typeof globalThis.fetch;

/** What the server answered, refusals cut to 64,000 bytes. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface WireOptions {
  readonly fetch: Fetch;
  /** `null`: none is sent. */
  readonly key: string | null;
  /** For the whole exchange, the body included. */
  readonly timeoutMs: number;
}

/** An exchange under way. An SDK is handed `fetch` and `signal`; what it makes of errors does not matter, for what happened is told here. */
export interface Wire {
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** `null` while nothing has been answered in full. */
  readonly answered: () => Answered | null;
  /** Why there is no answer to read, where this side ended the exchange. */
  readonly ended: () => ModelFailure | null;
  /** Lets go of the timer and of the caller's signal. */
  readonly close: () => void;
}

/** Sends at most one request, follows no redirect, and holds no more than 2 MB of its answer. */
export function openWire({ fetch, key, timeoutMs }: WireOptions, signal: AbortSignal): Wire {
  const controller = new AbortController();
  let sent = false;
  let answered: Answered | null = null;
  let ended: ModelFailure | null = null;
  const end = (why: ModelFailure): Error => {
    ended ??= why;
    return new Error(why.word);
  };
  const abort = () => {
    controller.abort();
  };
  const timer = setTimeout(() => {
    end(failure("timed out", { mayBeBilled: true }));
    abort();
  }, timeoutMs);
  signal.addEventListener("abort", abort, { once: true });

  const exchange: Fetch = async (input, init) => {
    if (sent) throw end(failure("failed"));
    sent = true;
    const response = await fetch(input, {
      ...init,
      headers: headersOf(new Headers(init?.headers), key),
      redirect: "manual",
    });
    const { status, headers, ok } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      throw end(failure("redirected", { status }));
    }
    const body = await readUpTo(response, ok ? maxAnswerBytes : maxRefusalBytes);
    if (ok && !body.whole) throw end(failure("answer too large", { status, mayBeBilled: true }));
    answered = { status, headers, text: body.text };
    // Always called JSON: whether it is some is for the parser to say, not for the server.
    return new Response(status === 204 ? null : body.text, {
      status,
      headers: { "content-type": "application/json" },
    });
  };
  return {
    fetch: exchange,
    signal: controller.signal,
    answered: () => answered,
    ended: () => ended,
    close: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}

function headersOf(given: Headers, key: string | null): Headers {
  const headers = new Headers({ "user-agent": "errand" });
  for (const name of sentHeaders) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  return headers;
}

/** Bytes are counted as they come, unpacked: what is over the limit is neither kept nor read. */
async function readUpTo(
  response: Response,
  limit: number,
): Promise<{ readonly text: string; readonly whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return { text: "", whole: true };
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream, which closes the connection.
    if (size > limit) return { text: textOf(chunks), whole: false };
    chunks.push(chunk);
  }
  return { text: textOf(chunks), whole: true };
}

const textOf = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString("utf8");
