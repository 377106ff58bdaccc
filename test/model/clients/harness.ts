// Clients against the scripted server, over real HTTP with the real SDKs.
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import { inspect } from "node:util";
import type { AppError } from "../../../src/core/errors.ts";
import { parseModelName } from "../../../src/core/model.ts";
import type { ModelClient, ModelRequest } from "../../../src/core/model.ts";
import { loggedPrompt } from "../../../src/core/prompt.ts";
import { clientFor } from "../../../src/model/clients/client-for.ts";

export type Wire = "openai" | "anthropic";
export const wires: readonly Wire[] = ["openai", "anthropic"];

export const endpointKey = "key-of-the-endpoint-1234567890";
export const publicKeys = { openai: "public-openai-key-0987654321", anthropic: "public-anthropic-key-5432" };

export const prompt = loggedPrompt({
  hash: "0123456789abcdef",
  system: "You choose among candidates of a merge, and answer with a label.",
  user: "The candidates are A and B; which of them keeps what both sides wanted?",
});

export const labelSchema = {
  name: "label",
  schema: {
    type: "object",
    properties: { choice: { enum: ["A", "B", "NONE"] } },
    required: ["choice"],
    additionalProperties: false,
  },
};

export function requestOf(changed: Partial<ModelRequest> = {}): ModelRequest {
  return { prompt, maxOutputTokens: 64, schema: null, sample: 0, ...changed };
}

interface Options {
  readonly timeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
  readonly key?: string | null;
  readonly model?: string;
}

/** A client of a server of one's own. `url` is without a path. */
export function endpointClient(wire: Wire, url: string, options: Options = {}): ModelClient {
  const { key = endpointKey, model = "small", ...callOptions } = options;
  const settings = {
    keys: publicKeys,
    endpoints: { own: { url: wire === "openai" ? `${url}/v1` : url, key } },
  };
  return clientFor(settings, callOptions)(nameOf(`${wire}:${model}@own`));
}

export function nameOf(text: string) {
  const name = parseModelName(text);
  if (name === null) throw new Error(`no model's name: ${text}`);
  return name;
}

export const neverAborted = () => new AbortController().signal;

/** What a client threw: fails where it answered. */
export async function thrownBy(client: ModelClient, request = requestOf()): Promise<AppError> {
  const answer = await client.generate(request, neverAborted()).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(answer instanceof Error) || !("retryable" in answer)) throw new Error("expected an AppError");
  return answer as AppError;
}

/** Everything that a log could show of an error. */
export const allOf = (error: AppError): string =>
  inspect(error, { depth: 20 }) + JSON.stringify(error) + error.message + error.remedy;

export interface RawServer {
  readonly url: string;
  readonly requests: () => readonly IncomingMessage[];
  readonly close: () => Promise<void>;
}

/** A server that does what `listener` says, and keeps what it was sent. */
export async function startRawServer(listener: RequestListener): Promise<RawServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Sends to `url` what is addressed to the providers' own hosts, and notes what was addressed. */
export function publicFetch(url: string): {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    fetch: (input, init) => {
      const address = new URL(input instanceof Request ? input.url : input);
      asked.push(address.href);
      return fetch(`${url}${address.pathname}`, init);
    },
  };
}

/** Keeps the bodies that were sent. */
export function recordingFetch(inner: typeof globalThis.fetch = fetch): {
  readonly fetch: typeof globalThis.fetch;
  readonly bodies: Record<string, unknown>[];
} {
  const bodies: Record<string, unknown>[] = [];
  return {
    bodies,
    fetch: (input, init) => {
      if (typeof init?.body === "string") bodies.push(JSON.parse(init.body) as Record<string, unknown>);
      return inner(input, init);
    },
  };
}
