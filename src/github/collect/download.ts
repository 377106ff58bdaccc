// Logs and archives: GitHub answers with an address that is good for a minute, on another host, which must not see our token.
import { tryRead } from "../call.ts";
import type { Client } from "../client.ts";
import { logAddress } from "./log-address.ts";
import { troubleOf } from "./trouble.ts";
import type { Wanted } from "./trouble.ts";

interface Redirect {
  readonly status: number;
  readonly headers: { readonly location?: string | undefined };
  readonly data: unknown;
}

/** For octokit: the answer's address alone is wanted, and nothing of it is read. */
interface RedirectOptions {
  readonly redirect: "manual";
  readonly parseSuccessResponseBody: false;
  readonly signal: AbortSignal;
}

export interface DownloadRequest extends Wanted {
  readonly ask: (options: RedirectOptions) => Promise<Redirect>;
  /** Takes the next bytes; `false` when no more is wanted. */
  readonly take: (bytes: Uint8Array) => boolean;
  readonly signal: AbortSignal;
}

/** "" when all was taken, else a sentence that says why not. Throws the signal's reason, and AppError when GitHub refuses the app itself. */
export async function download(client: Client, request: DownloadRequest): Promise<string> {
  const { ask, signal, what } = request;
  signal.throwIfAborted();
  const answer = await tryRead(client, async () => {
    const { status, headers, data } = await ask({
      redirect: "manual",
      parseSuccessResponseBody: false,
      signal,
    });
    if (data instanceof ReadableStream) await data.cancel();
    return { status, headers: {}, data: { location: headers.location ?? "" } };
  });
  if (!answer.ok) return troubleOf(answer.failure, request);
  const address = logAddress(answer.data.location, client.apiUrl);
  if (address === null) {
    client.log.warn(
      { what, host: hostOf(answer.data.location) },
      "GitHub named an address that is not asked",
    );
    return `GitHub named an address for ${what} that is neither its own nor a public https address; it was not asked.`;
  }
  return fetchAll(client, address, request);
}

const hostOf = (location: string): string => (URL.canParse(location) ? new URL(location).host : "");

/** The address itself is a credential: it is in no sentence and in no log. */
async function fetchAll(client: Client, address: URL, request: DownloadRequest): Promise<string> {
  const { what, signal } = request;
  const timeout = AbortSignal.timeout(client.limits.downloadMs);
  try {
    const response = await client.fetch(address, {
      redirect: "error",
      signal: AbortSignal.any([signal, timeout]),
      headers: { "user-agent": "errand" },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return `The server that GitHub names for ${what} answered ${response.status}.`;
    }
    await takeAll(response, request);
    return "";
  } catch {
    signal.throwIfAborted();
    if (timeout.aborted)
      return `Reading ${what} took longer than ${client.limits.downloadMs / 1000} s; what came until then is used.`;
    return `The connection broke off while reading ${what}; what came until then is used.`;
  }
}

async function takeAll({ body }: Response, { take }: DownloadRequest): Promise<void> {
  if (body === null) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (!take(next.value)) {
      await reader.cancel();
      return;
    }
  }
}
