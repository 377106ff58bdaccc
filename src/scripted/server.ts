// A model server that answers from a script, over the same wire as a real one: for tests, the demo and the benchmarks.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { messageOf } from "../core/errors.ts";
import { anthropicFormat } from "./anthropic-format.ts";
import type { Format } from "./format.ts";
import { openaiFormat } from "./openai-format.ts";
import type { OpenaiDialect } from "./openai-format.ts";
import { countUsage } from "./script.ts";
import type { Answerer, ScriptedReply, ScriptedRequest } from "./script.ts";

export type { Answerer, ScriptedReply, ScriptedRequest } from "./script.ts";

/** What a provider would have on its bill for one model. */
interface ScriptedCounts {
  /** Requests that were understood, whatever came of them. */
  readonly requests: number;
  /** Texts that were sent to a client that was still there: only those have tokens. */
  readonly answered: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ScriptedServer {
  /** Without a path. */
  readonly url: string;
  /** Base URLs as the SDKs take them. */
  readonly openaiUrl: string;
  readonly anthropicUrl: string;
  /** In the order in which they came. */
  readonly requests: () => readonly ScriptedRequest[];
  /** What the real API would have refused, and scripts that threw: one line each. */
  readonly violations: () => readonly string[];
  /** By model. Tokens are counted where none were told, too. */
  readonly counts: () => Readonly<Record<string, ScriptedCounts>>;
  /** Closes what is open, answered or not. */
  readonly close: () => Promise<void>;
}

export interface ScriptedOptions {
  readonly host?: "127.0.0.1";
  /** Left out: one that is free. */
  readonly port?: number;
  /** Left out: "endpoint". */
  readonly openai?: OpenaiDialect;
}

interface State {
  readonly answer: Answerer;
  readonly formats: ReadonlyMap<string, Format>;
  readonly requests: ScriptedRequest[];
  readonly violations: string[];
  readonly counts: Map<string, ScriptedCounts>;
  readonly closed: AbortSignal;
}

/** Listens on loopback: `/v1/chat/completions` and `/v1/models` as OpenAI has them, `/v1/messages` as Anthropic does. */
export async function startScriptedServer(
  answer: Answerer,
  { host = "127.0.0.1", port = 0, openai = "endpoint" }: ScriptedOptions = {},
): Promise<ScriptedServer> {
  const closing = new AbortController();
  const state: State = {
    answer,
    formats: new Map([
      ["/v1/chat/completions", openaiFormat(openai)],
      ["/v1/messages", anthropicFormat],
    ]),
    requests: [],
    violations: [],
    counts: new Map(),
    closed: closing.signal,
  };
  const server = createServer((request, response) => {
    handle(request, response, state).catch((error: unknown) => {
      if (closing.signal.aborted || response.destroyed) return;
      state.violations.push(`The script failed: ${messageOf(error)}`);
      sendJson(response, 500, { error: { message: "The script failed.", type: "server_error" } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const url = `http://${host}:${typeof address === "object" && address ? address.port : port}`;
  return {
    url,
    openaiUrl: `${url}/v1`,
    anthropicUrl: url,
    requests: () => [...state.requests],
    violations: () => [...state.violations],
    counts: () => Object.fromEntries(state.counts),
    close: async () => {
      closing.abort();
      const done = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await done;
    },
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const path = (request.url ?? "").replace(/\?.*$/, "");
  const format = state.formats.get(path);
  if (request.method === "GET" && path === "/v1/models") {
    sendJson(response, 200, { object: "list", data: [{ id: "scripted", object: "model", created: 0 }] });
    return;
  }
  if (!format || request.method !== "POST") {
    state.violations.push(`${request.method ?? ""} ${path}: there is no such route`);
    sendJson(response, 404, { error: { message: "Not found", type: "invalid_request_error" } });
    return;
  }
  const read = format.read(await bodyOf(request), request.headers);
  if ("refused" in read) {
    state.violations.push(read.refused);
    sendJson(response, 400, format.refusal(400, read.refused));
    return;
  }
  const { asked } = read;
  state.requests.push(asked);
  count(state, asked.model, { requests: 1 });
  await reply(await state.answer(asked), { asked, format, request, response }, state);
}

interface Exchange {
  readonly asked: ScriptedRequest;
  readonly format: Format;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function reply(scripted: ScriptedReply, exchange: Exchange, state: State): Promise<void> {
  const { format, request, response } = exchange;
  switch (scripted.kind) {
    case "text":
      sendText(scripted, exchange, state);
      return;
    case "status": {
      const { status, retryAfterSeconds, message = "Scripted." } = scripted;
      if (retryAfterSeconds !== undefined) response.setHeader("retry-after", retryAfterSeconds);
      sendJson(response, status, format.refusal(status, message));
      return;
    }
    case "raw":
      response.writeHead(200, { "content-type": scripted.contentType ?? "application/json" });
      response.end(scripted.body);
      return;
    case "hang":
      return;
    case "slow":
      await wait(scripted.ms, undefined, { signal: state.closed });
      await reply(scripted.then, exchange, state);
      return;
    case "drop":
      request.socket.destroy();
      return;
  }
}

function sendText(
  { text, stop = "end", usage }: ScriptedReply & { kind: "text" },
  { asked, format, response }: Exchange,
  state: State,
): void {
  if (response.destroyed) return;
  const counted = usage ?? countUsage(asked, text);
  count(state, asked.model, {
    answered: 1,
    inputTokens: counted.inputTokens,
    outputTokens: counted.outputTokens,
  });
  const told = usage === null ? null : counted;
  sendJson(response, 200, format.answer({ model: asked.model, text, stop, usage: told }));
}

const none: ScriptedCounts = { requests: 0, answered: 0, inputTokens: 0, outputTokens: 0 };

function count({ counts }: State, model: string, more: Partial<ScriptedCounts>): void {
  const before = counts.get(model) ?? none;
  const { requests, answered, inputTokens, outputTokens } = { ...none, ...more };
  counts.set(model, {
    requests: before.requests + requests,
    answered: before.answered + answered,
    inputTokens: before.inputTokens + inputTokens,
    outputTokens: before.outputTokens + outputTokens,
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** `null` for what is not JSON: no format takes that. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}
