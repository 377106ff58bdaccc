// The web server: GitHub's deliveries in, inbox items out, a health check, and whatever else is to be served beside them.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Probot, createNodeMiddleware } from "probot";
import { AppError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { AppCredentials, Environment } from "../config/environment.ts";
import { acceptDelivery } from "./accept-delivery.ts";
import type { Inboxes } from "./accept-delivery.ts";
import { handledEvents, itemsFor } from "./events.ts";
import { landingPage } from "./landing-page.ts";
import { probotLog } from "./probot-log.ts";
import { createBodyReader } from "./request-body.ts";
import { within } from "./within.ts";

/** Probot's default, and what `hook_attributes.url` in app.yml ends with. */
export const WEBHOOK_PATH = "/api/github/webhooks";

/**
 * Most bytes of a delivery. GitHub sends up to 25 MB, but it is only a push of very many files that comes near that: a comment is at most
 * 65,536 characters and a pull request's payload some 30 KB more. Whoever has no secret yet can make us hold this much per connection.
 */
export const MAX_DELIVERY_BYTES = 5_000_000;

/** What strangers may take of the process: anybody can connect, and only a whole body shows whether its signature is good. */
export interface ServerBounds {
  /** Most connections at a time; further ones are closed at once. */
  readonly connections: number;
  /** Most bytes of all deliveries that are being read; one that goes over gets a 503. Twenty of the largest, or thousands of usual size. */
  readonly bodyBytes: number;
  /** Milliseconds for a request's headers, and for the whole request: a slower client is cut off. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** Milliseconds between two looks at who is too slow. Node's own 30,000 would double the time above. */
  readonly checkMs: number;
}

const defaultBounds: ServerBounds = {
  connections: 1_000,
  bodyBytes: 100_000_000,
  headersMs: 10_000,
  requestMs: 15_000,
  checkMs: 5_000,
};

const HEALTH_TIMEOUT_MS = 2_000;

/** Answers a request and returns `true`, or leaves it alone and returns `false`. */
type Route = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface WebServerOptions extends Inboxes {
  readonly environment: Pick<Environment, "github" | "listen"> & { readonly app: AppCredentials };
  readonly botLogin: string | null;
  /** As `Store.health`: throws when the store is not usable. */
  readonly health: () => Promise<unknown>;
  readonly log: Log;
  /** Other pages, asked in order before a request is "not found". */
  readonly routes?: readonly Route[];
  readonly bounds?: Partial<ServerBounds>;
}

export interface WebServer {
  /** "http://127.0.0.1:3000", with the port that was taken. */
  readonly url: string;
  /** Takes no new request and resolves once those under way have been answered. */
  close(): Promise<void>;
}

function send(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { "content-type": "application/json", "x-content-type-options": "nosniff" });
  response.end(`${JSON.stringify(body)}\n`);
  return true;
}

const pathOf = (request: IncomingMessage): string => request.url?.split("?", 1)[0] ?? "/";

/** Probot checks the signature (HMAC-SHA-256, compared in constant time) and calls the handler only for what it has checked. */
async function webhookRoute(options: WebServerOptions, bounds: ServerBounds): Promise<Route> {
  const { environment, log, botLogin } = options;
  const { id: appId, privateKey, webhookSecret } = environment.app;
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl: environment.github.apiUrl,
    log: probotLog(log),
  });
  const middleware = await createNodeMiddleware(
    (app) => {
      app.on(handledEvents, async ({ id, name, payload }) => {
        const event = "action" in payload ? `${name}.${payload.action}` : name;
        const items = itemsFor(event, payload, { appId, botLogin }, id);
        try {
          await acceptDelivery({ id, event, items }, options, log);
        } catch (error) {
          // The middleware answers with the error's `status`, and with 500 where there is none.
          throw Object.assign(new Error(messageOf(error)), { status: 503 });
        }
      });
    },
    { probot, webhooksPath: WEBHOOK_PATH },
  );
  const useBody = createBodyReader({ maxBytes: MAX_DELIVERY_BYTES, maxTotalBytes: bounds.bodyBytes });
  return async (request, response) => {
    if (pathOf(request) !== WEBHOOK_PATH || request.method !== "POST") return false;
    const malformed = malformedHeader(request);
    if (malformed !== null) return refuse(response, 400, `${malformed} is missing or malformed`);
    const outcome = await useBody(request, async (body) => {
      await middleware(Object.assign(request, { body: body.toString("utf8") }), response);
    });
    if (outcome === "too-large")
      return refuse(response, 413, `A delivery may have ${MAX_DELIVERY_BYTES} bytes at most`);
    if (outcome === "busy") return refuse(response, 503, "Too many deliveries at once; send this one again");
    return true;
  };
}

/** Which header shows, before any of the body is read, that this is no delivery of GitHub's. */
function malformedHeader({ headers }: IncomingMessage): string | null {
  if (!/^[\w-]{1,100}$/.test(String(headers["x-github-delivery"] ?? ""))) return "X-GitHub-Delivery";
  if (!/^sha256=[0-9a-f]{64}$/.test(String(headers["x-hub-signature-256"] ?? "")))
    return "X-Hub-Signature-256";
  return null;
}

/** An answer before the request has been read: the connection ends with it, and with it what is still to come. */
function refuse(response: ServerResponse, status: number, error: string): true {
  response.setHeader("connection", "close");
  return send(response, status, { error });
}

/** Says no more than yes or no: the page is open to everybody, the reason is in the log. */
function healthRoute({ health, log }: Pick<WebServerOptions, "health" | "log">): Route {
  return async (request, response) => {
    if (pathOf(request) !== "/healthz" || request.method !== "GET") return false;
    try {
      await within(HEALTH_TIMEOUT_MS, health());
      return send(response, 200, { status: "ok" });
    } catch (error) {
      log.warn({ error: messageOf(error) }, "the store is not usable");
      return send(response, 503, { status: "unavailable" });
    }
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
): Promise<void> {
  for (const route of routes) {
    if (await route(request, response)) return;
  }
  send(response, 404, { error: "There is nothing here." });
}

async function listen(server: Server, { host, port }: Environment["listen"]): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(
        new AppError("config", `Cannot listen on ${host}, port ${port}: ${messageOf(error)}`, {
          retryable: false,
          remedy: "Stop what listens there, or set PORT (and HOST) to something free.",
          cause: error,
        }),
      );
    });
    server.listen({ host, port }, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${taken}`;
}

/**
 * Serves deliveries on `WEBHOOK_PATH`, `/healthz`, the given routes and a landing page. A delivery gets a 2xx only once every item of it is
 * stored; 400 for a bad signature, 413 when too large, 503 within 3 s when the store does not answer, and when there are too many at once. Throws `AppError("config")` when the
 * port is taken.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { environment, log, routes = [] } = options;
  const bounds = { ...defaultBounds, ...options.bounds };
  const all = [await webhookRoute(options, bounds), healthRoute(options), ...routes, landingPage];
  const timeouts = {
    headersTimeout: bounds.headersMs,
    requestTimeout: bounds.requestMs,
    connectionsCheckingInterval: bounds.checkMs,
  };
  const server = createServer(timeouts, (request, response) => {
    answer(request, response, all).catch((error: unknown) => {
      log.warn({ path: pathOf(request), error: messageOf(error) }, "a request could not be answered");
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: "Something unexpected went wrong; the log says what." });
    });
  });
  server.maxConnections = bounds.connections;
  const url = await listen(server, environment.listen);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
