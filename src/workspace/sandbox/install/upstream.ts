// How the proxy reaches a registry: straight, or through the proxy that the worker's own network asks for.
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { nameOf } from "./targets.ts";
import type { Target } from "./targets.ts";

/** The values of HTTPS_PROXY and NO_PROXY. The first may hold a password: neither is ever shown or logged. */
export interface Upstream {
  readonly url: string;
  readonly except: string;
}

/** Milliseconds for a connection to stand. */
const connectMs = 20_000;

/** A connection to the target. Rejects with an error whose message names no address. */
export async function reach(target: Target, upstream: Upstream | null): Promise<Socket> {
  const proxy = upstream === null || isExcepted(target, upstream.except) ? null : parseProxy(upstream.url);
  return await (proxy === null ? straight(target) : through(proxy, target));
}

function straight({ host, port }: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port, timeout: connectMs });
    const fail = (error: Error | undefined) => {
      socket.destroy();
      reject(new Error(codeOf(error)));
    };
    socket.once("error", fail).once("timeout", fail);
    socket.once("connect", () => {
      socket.removeListener("error", fail).removeListener("timeout", fail);
      resolve(socket);
    });
  });
}

function through(proxy: URL, target: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === "https:" ? requestTls : requestPlain)({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: nameOf(target),
      headers: { host: nameOf(target), ...authorizationOf(proxy) },
      agent: false,
      timeout: connectMs,
    });
    const fail = (error: Error | undefined) => {
      request.destroy();
      reject(new Error(`${codeOf(error)} at the proxy of this machine's network`));
    };
    request.once("error", fail).once("timeout", fail);
    const answered = (status: number | undefined) => {
      request.destroy();
      reject(new Error(`the proxy of this machine's network answered ${status ?? "nothing"}`));
    };
    request.once("response", (response) => {
      answered(response.statusCode);
    });
    request.once("connect", (response, socket, head) => {
      if (response.statusCode !== 200) {
        answered(response.statusCode);
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

function parseProxy(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : null;
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** As NO_PROXY is commonly read: names and what ends in them, a port where one is given, `*` for all. */
function isExcepted(target: Target, except: string): boolean {
  return except
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim().replace(/^\*?\./, ""))
    .some(
      (entry) =>
        entry === "*" ||
        (entry !== "" &&
          [target.host, nameOf(target)].some((name) => name === entry || name.endsWith(`.${entry}`))),
    );
}

function codeOf(error: Error | undefined): string {
  const code = error !== undefined && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "no answer";
}
