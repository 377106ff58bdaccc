// Requests and replies of the fake's REST API as plain data, and the ways to refuse.
import type { InstallationToken, Repository, State } from "./state.ts";

export type Principal =
  | { readonly kind: "anonymous" }
  | { readonly kind: "app" }
  | { readonly kind: "installation"; readonly token: InstallationToken };

export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed body, valid by GitHub's own description of the operation; `{}` when there is none. */
  readonly body: unknown;
  readonly accept: string;
  /** Path and query as asked: pagination links repeat them. */
  readonly url: URL;
  readonly principal: Principal;
}

export interface RepositoryRequest extends ApiRequest {
  readonly repository: Repository;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON, unless it is a Buffer. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a route to answer as GitHub refuses. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;

  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

/** A refusal that GitHub itself gives for input it could read: no violation of the protocol. */
export function unprocessable(message: string, errors?: readonly unknown[]): Refusal {
  return new Refusal(422, message, errors);
}

export function refusalReply(refusal: Refusal): Reply {
  return {
    status: refusal.status,
    body: {
      message: refusal.message,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
      documentation_url: "https://docs.github.com/rest",
      status: String(refusal.status),
    },
  };
}

/** One page of a list, with the `Link` header that clients follow. At most 100 a page, 30 unless asked. */
export function page<T>(
  state: State,
  request: ApiRequest,
  items: readonly T[],
): { items: T[]; headers: Record<string, string> } {
  const size = Math.min(100, Math.max(1, Number(request.query["per_page"] ?? 30)));
  const number = Math.max(1, Number(request.query["page"] ?? 1));
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string): string => {
    const url = new URL(request.url.pathname + request.url.search, state.url);
    url.searchParams.set("page", String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, "prev"), link(1, "first")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
  ];
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

/** Base64 as GitHub sends it, broken into lines of 60. */
export function base64Lines(bytes: Buffer): string {
  return bytes.toString("base64").replace(/.{60}/g, "$&\n");
}

/** The bytes themselves, where a client asked for the raw media type. */
export function rawReply(bytes: Buffer): Reply {
  return {
    status: 200,
    body: bytes,
    headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
  };
}
