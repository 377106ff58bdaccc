// The one way out of an install: a proxy that lets it reach the registries which the operator allows, and writes down what else it wanted.
import { chmod, chown, open } from "node:fs/promises";
import { createServer, request as requestPlain } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { messageOf } from "../../../core/errors.ts";
import { endToEnd } from "./end-to-end.ts";
import { greetingGate } from "./greeting-gate.ts";
import {
  count,
  defaultProxyLimits,
  isAllowed,
  isOver,
  noteUnreachable,
  refusal,
  track,
  troublesOf,
} from "./proxy-state.ts";
import type { ProxyLimits, ProxyState } from "./proxy-state.ts";
import { connectTarget, nameOf, parseEntry, plainTarget } from "./targets.ts";
import type { Target } from "./targets.ts";
import { reach } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";

export interface ProxyOptions {
  /** Host names with an optional port, as in `SandboxSettings.registries`. */
  readonly registries: readonly string[];
  readonly upstream: Upstream | null;
  readonly limits?: Partial<ProxyLimits>;
  /**
   * A socket named `proxy` in an existing folder, which only that user may connect to (`null`: the user of this process); or, for a program that runs with no
   * isolation at all, a free port of this machine.
   */
  readonly listen:
    { readonly folder: string; readonly user: { uid: number; gid: number } | null } | "loopback";
}

export interface InstallProxy {
  /** The port where it listens on loopback; 0 for a socket. */
  readonly port: number;
  /** What went wrong so far, in sentences that name the hosts; empty where nothing did. Hosts are the repository's words. */
  readonly troubles: () => readonly string[];
  /** Ends every connection. */
  readonly close: () => Promise<void>;
}

/** Starts the proxy. Rejects with the system's error where it cannot listen. */
export async function startProxy(options: ProxyOptions): Promise<InstallProxy> {
  const targets = options.registries.map(parseEntry).filter((entry) => entry !== null);
  const state: ProxyState = {
    allowed: new Set(targets.map(nameOf)),
    limits: { ...defaultProxyLimits, ...options.limits },
    upstream: options.upstream,
    refused: new Set(),
    unreachable: new Map(),
    open: new Set(),
    moved: { down: 0, up: 0 },
  };
  const server = createProxyServer(state);
  const stopListening = await listen(server, options.listen);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    troubles: () => troublesOf(state),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const one of state.open) one.destroy();
      server.closeAllConnections();
      await closed;
      await stopListening();
    },
  };
}

function createProxyServer(state: ProxyState): Server {
  const { headBytes, headMs, connections, idleMs } = state.limits;
  const server = createServer({
    maxHeaderSize: headBytes,
    headersTimeout: headMs,
    requestTimeout: Math.max(idleMs, headMs),
    connectionsCheckingInterval: Math.min(headMs, 1_000),
  });
  server.maxConnections = connections;
  server.on("connection", (socket) => {
    track(state, socket);
  });
  server.on("connect", (request, socket, head) => {
    void tunnel(state, request, socket, head);
  });
  server.on("request", (request, response) => {
    forward(state, request, response);
  });
  return server;
}

async function listen(server: Server, where: ProxyOptions["listen"]): Promise<() => Promise<void>> {
  const listening = (path: string | null) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      if (path === null) server.listen(0, "127.0.0.1", resolve);
      else server.listen(path, resolve);
    });
  if (where === "loopback") {
    await listening(null);
    return () => Promise.resolve();
  }
  // A socket's path has room for 107 bytes; through the open folder it is always short.
  const folder = await open(where.folder, "r");
  try {
    await listening(`/proc/self/fd/${folder.fd}/proxy`);
    const path = join(where.folder, "proxy");
    await chmod(path, 0o600);
    if (where.user !== null) await chown(path, where.user.uid, where.user.gid);
  } catch (error) {
    server.close();
    await folder.close();
    throw error;
  }
  return () => folder.close();
}

async function tunnel(
  state: ProxyState,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): Promise<void> {
  const target = connectTarget(request.url ?? "");
  if (target === null || !isAllowed(state, target)) {
    answerRaw(client, "403 Forbidden", refusal(state, target));
    return;
  }
  const registry = await reachOrNote(state, target);
  if (typeof registry === "string") {
    answerRaw(client, "502 Bad Gateway", registry);
    return;
  }
  track(state, registry);
  if (client.destroyed) {
    registry.destroy();
    return;
  }
  client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  if (head.length > 0) client.unshift(head);
  const gate = greetingGate(state, target);
  track(state, gate);
  for (const [from, way] of [
    [client, "up"],
    [registry, "down"],
  ] as const) {
    from.on("data", (chunk: Buffer) => {
      count(state, way, chunk.length);
    });
  }
  for (const [from, to] of [
    [client, gate],
    [gate, registry],
    [registry, client],
  ] as const) {
    from.pipe(to);
    // What ended well is written out first: the pipe ends the other side.
    from.on("close", () => {
      if (!from.readableEnded) to.destroy();
    });
  }
  for (const socket of [request.socket, registry]) {
    socket.setTimeout(state.limits.idleMs, () => socket.destroy());
  }
}

async function reachOrNote(state: ProxyState, target: Target): Promise<Socket | string> {
  if (isOver(state)) return "This install has moved all the bytes that it may.";
  try {
    return await reach(target, state.upstream);
  } catch (error) {
    return noteUnreachable(state, target, messageOf(error));
  }
}

function forward(state: ProxyState, request: IncomingMessage, response: ServerResponse): void {
  const target = plainTarget(request.url ?? "");
  // What has to be encrypted is never sent in the clear because a client asked so.
  if (target === null || target.port === 443 || !isAllowed(state, target)) {
    answer(response, 403, refusal(state, target));
    return;
  }
  const onward = requestPlain({
    host: target.host.replace(/^\[|\]$/g, ""),
    port: target.port,
    method: request.method,
    path: target.path,
    headers: { ...endToEnd(request.headers), host: nameOf(target) },
    agent: false,
    timeout: state.limits.idleMs,
  });
  onward.on("socket", (socket) => {
    track(state, socket);
  });
  onward.on("timeout", () => onward.destroy());
  onward.on("error", (error) => {
    if (response.headersSent) response.destroy();
    else
      answer(
        response,
        502,
        noteUnreachable(state, target, "code" in error ? String(error.code) : "no answer"),
      );
  });
  onward.on("response", (incoming) => {
    const status = incoming.statusCode ?? 0;
    // Node throws at a status that is none, and nobody would catch it here.
    if (status < 200) {
      onward.destroy(new Error("no answer"));
      return;
    }
    response.writeHead(status, endToEnd(incoming.headers));
    incoming.on("data", (chunk: Buffer) => {
      count(state, "down", chunk.length);
    });
    incoming.on("error", () => response.destroy());
    incoming.pipe(response);
  });
  response.on("close", () => onward.destroy());
  count(state, "up", request.rawHeaders.join("").length);
  request.on("data", (chunk: Buffer) => {
    count(state, "up", chunk.length);
  });
  request.on("error", () => onward.destroy());
  request.pipe(onward);
}

function answerRaw(client: Duplex, status: string, sentence: string): void {
  client.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(sentence)}\r\nConnection: close\r\n\r\n${sentence}`,
  );
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain", connection: "close" }).end(sentence);
}
