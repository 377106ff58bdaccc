// The fake's HTTP server: log, hooks and faults around the REST API and git over HTTP.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { DOWNLOAD_PATH, serveDownload } from "./downloads.ts";
import { openApi, type RawRequest, type Violation } from "./api.ts";
import { openFaults, type ActiveFault, type Faults } from "./faults.ts";
import { openGitHttp, RECEIVE_PATH, type GitHttp } from "./git-http.ts";
import type { Reply } from "./http.ts";
import type { RefMove } from "./refs.ts";
import { routes } from "./routes.ts";
import { sharedContract } from "./schema.ts";
import type { State } from "./state.ts";

/** One request as it was answered. No credential is kept. */
export interface LoggedRequest {
  readonly kind: "api" | "git";
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  /** What sort of credential came with it. */
  readonly credential: "none" | "app" | "token";
  /** Parsed JSON of an API request; `undefined` for git and for requests without a body. */
  readonly body: unknown;
  /** 0 until it is answered, and for ever where a fault hangs or cuts it. */
  status: number;
}

/** `before`: nothing has been done yet. `after`: it took effect, and the answer is not sent yet. */
export type Phase = "before" | "after";
export type RequestHook = (request: LoggedRequest) => void | Promise<void>;

export interface FakeServer {
  readonly server: Server;
  readonly faults: Faults;
  readonly requests: LoggedRequest[];
  readonly violations: Violation[];
  readonly addHook: (hook: RequestHook, phase: Phase) => () => void;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function credentialKind(authorization: string | undefined): LoggedRequest["credential"] {
  if (authorization === undefined) return "none";
  return authorization.split(" ")[1]?.split(".").length === 3 ? "app" : "token";
}

function parsed(body: Buffer): unknown {
  try {
    return body.length === 0 ? undefined : (JSON.parse(body.toString()) as unknown);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const bytes = Buffer.isBuffer(reply.body)
    ? reply.body
    : reply.body === undefined
      ? undefined
      : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    ...(bytes === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    "x-github-request-id": randomUUID(),
    "x-github-media-type": "github.v3; format=json",
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4999",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600),
    ...reply.headers,
  });
  response.end(bytes);
}

/** Sends what the fault says, and returns the status: 0 where nothing is sent. */
function sendFault(fault: ActiveFault, request: IncomingMessage, response: ServerResponse): number {
  if (fault.options.kind === "reset") request.socket.destroy();
  if (fault.reply === null) return 0;
  send(response, fault.reply);
  return fault.reply.status;
}

interface Parts {
  readonly api: (raw: RawRequest) => Promise<Reply>;
  readonly git: GitHttp;
  readonly faults: Faults;
  readonly requests: LoggedRequest[];
  readonly hooks: Record<Phase, Set<RequestHook>>;
  readonly download: (exchange: Exchange) => Promise<number>;
}

async function runHooks(parts: Parts, phase: Phase, logged: LoggedRequest): Promise<void> {
  for (const hook of parts.hooks[phase]) await hook(logged);
}

async function serveReceive(
  git: GitHttp,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const moves = JSON.parse((await readBody(request)).toString()) as RefMove[];
  send(response, { status: 200, body: await git.decide(path.slice(RECEIVE_PATH.length), moves) });
}

/** GitHub Enterprise Server puts the API below this: both work here. */
const ENTERPRISE_PREFIX = /^\/api\/v3(?=\/|$)/;

async function serveGit(
  parts: Parts,
  { request, response, url, logged }: Exchange,
  fault: ActiveFault | null,
): Promise<void> {
  logged.status = await parts.git.serve(request, response, { url, discard: fault !== null });
  await runHooks(parts, "after", logged);
  if (fault === null) response.end();
  else logged.status = sendFault(fault, request, response);
}

async function serveApi(parts: Parts, exchange: Exchange, fault: ActiveFault | null): Promise<void> {
  const { request, response, url, logged, body } = exchange;
  const { authorization, accept = "" } = request.headers;
  const reply = await parts.api({ method: logged.method, url, authorization, accept, body });
  logged.status = fault === null ? reply.status : 0;
  await runHooks(parts, "after", logged);
  if (fault === null) send(response, reply);
  else logged.status = sendFault(fault, request, response);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Empty for git, whose body is streamed. */
  readonly body: Buffer;
  readonly logged: LoggedRequest;
}

async function openExchange(
  parts: Parts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Exchange> {
  const kind = parts.git.handles(url.pathname) ? "git" : "api";
  if (kind === "api") url.pathname = url.pathname.replace(ENTERPRISE_PREFIX, "");
  const body = kind === "api" ? await readBody(request) : Buffer.alloc(0);
  const logged: LoggedRequest = {
    kind,
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search.slice(1),
    status: 0,
    credential: credentialKind(request.headers.authorization),
    body: parsed(body),
  };
  parts.requests.push(logged);
  return { request, response, url, body, logged };
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (url.pathname.startsWith(RECEIVE_PATH)) return serveReceive(parts.git, url.pathname, request, response);
  const exchange = await openExchange(parts, url, request, response);
  const { logged } = exchange;
  await runHooks(parts, "before", logged);
  const fault = parts.faults.take(logged.method, logged.path);
  if (fault !== null && fault.options.afterEffect !== true) {
    // Git must be let finish sending before it reads a refusal.
    if (logged.kind === "git") request.resume();
    logged.status = sendFault(fault, request, response);
    return;
  }
  if (logged.path.startsWith(DOWNLOAD_PATH)) {
    logged.status = await parts.download(exchange);
    return;
  }
  await (logged.kind === "git" ? serveGit : serveApi)(parts, exchange, fault);
}

/** Builds the server; the caller makes it listen and closes it. */
export function openServer(state: State): FakeServer {
  const faults = openFaults();
  const requests: LoggedRequest[] = [];
  const violations: Violation[] = [];
  const hooks: Record<Phase, Set<RequestHook>> = { before: new Set(), after: new Set() };
  const violate = (violation: Violation): void => {
    violations.push(violation);
  };
  const api = openApi({ state, routes, contract: sharedContract(), violate });
  const download: Parts["download"] = ({ request, response, url }) =>
    serveDownload(state, request, response, { path: url.pathname, violate });
  const parts: Parts = { api, git: openGitHttp(state), faults, requests, hooks, download };
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      violate({ kind: "crash", method: request.method ?? "", path: request.url ?? "", message });
      response.destroy();
    });
  });
  const addHook: FakeServer["addHook"] = (hook, phase) => {
    hooks[phase].add(hook);
    return () => hooks[phase].delete(hook);
  };
  return { server, faults, requests, violations, addHook };
}
