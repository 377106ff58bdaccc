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
import { readBody } from "./request-body.ts";
import { within } from "./within.ts";

/** Probot's default, and what `hook_attributes.url` in app.yml ends with. */
export const WEBHOOK_PATH = "/api/github/webhooks";

/**
 * Most bytes of a delivery. GitHub sends up to 25 MB, but it is only a push of very many files that comes near that: a comment is at most
 * 65,536 characters and a pull request's payload some 30 KB more. Whoever has no secret yet can make us hold this much per connection.
 */
export const MAX_DELIVERY_BYTES = 5_000_000;

/** A client that is slower than this in sending its request is cut off. */
const REQUEST_TIMEOUT_MS = 15_000;
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
async function webhookRoute(options: WebServerOptions): Promise<Route> {
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
        const items = itemsFor(event, payload, { appId, botLogin });
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
  return async (request, response) => {
    if (pathOf(request) !== WEBHOOK_PATH || request.method !== "POST") return false;
    if (!/^[\w-]{1,100}$/.test(String(request.headers["x-github-delivery"] ?? ""))) {
      return send(response, 400, { error: "X-GitHub-Delivery is missing or malformed" });
    }
    const body = await readBody(request, MAX_DELIVERY_BYTES);
    if (!body) {
      response.setHeader("connection", "close");
      return send(response, 413, { error: `A delivery may have ${MAX_DELIVERY_BYTES} bytes at most` });
    }
    await middleware(Object.assign(request, { body: body.toString("utf8") }), response);
    return true;
  };
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
 * stored; 400 for a bad signature, 413 when too large, 503 within 3 s when the store does not answer. Throws `AppError("config")` when the
 * port is taken.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { environment, log, routes = [] } = options;
  const all = [await webhookRoute(options), healthRoute(options), ...routes, landingPage];
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, response, all).catch((error: unknown) => {
      log.warn({ path: pathOf(request), error: messageOf(error) }, "a request could not be answered");
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: "Something unexpected went wrong; the log says what." });
    });
  });
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
