// Answers one REST request: finds the route, checks the request, the credentials and the permission, and checks the reply.
import { authenticate, requirePermission } from "./auth.ts";
import { notFound, Refusal, refusalReply, type ApiRequest, type Principal, type Reply } from "./http.ts";
import type { Route } from "./route.ts";
import type { Contract, Mistake } from "./schema.ts";
import { findRepository, type State } from "./state.ts";

/** Something that GitHub would not do or not take: a bug in the app, or in the fake. Tests assert that there is none. */
export interface Violation {
  readonly kind: "unknown-route" | "request" | "response" | "crash";
  readonly method: string;
  readonly path: string;
  readonly message: string;
}

export interface RawRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly accept: string;
  readonly body: Buffer;
}

interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface CompiledRoute {
  readonly route: Route;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** Parameters that may hold slashes, as branch names and paths do. */
const MULTI_SEGMENT = new Set(["path", "ref", "branch", "basehead"]);

function compile(route: Route): CompiledRoute {
  const [method = "", template = ""] = route.operation.split(" ");
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const pattern = template
    .replace(/[.]/g, "\\.")
    // Clients drop the last slash when the path is empty: the root directory.
    .replace("/{path}", "(?:/(.*))?")
    .replace(/\{(\w+)\}/g, (_all, name: string) => (MULTI_SEGMENT.has(name) ? "(.*)" : "([^/]+)"));
  return { route, method, names, pattern: new RegExp(`^${pattern}$`) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, "Bad Request");
  }
}

/** Earlier routes win: those with a fixed tail stand before those with a multi-segment parameter at the end. */
function router(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const compiled = routes.map(compile);
  return (method, path) => {
    for (const { route, names, pattern, method: own } of compiled) {
      const found = own === method ? pattern.exec(path) : null;
      if (found === null) continue;
      return {
        route,
        params: Object.fromEntries(names.map((name, index) => [name, decoded(found[index + 1] ?? "")])),
      };
    }
    return null;
  };
}

function words(mistakes: readonly Mistake[]): string {
  return mistakes.map(({ where, message }) => `${where} ${message}`).join("; ");
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

function demand(access: "app" | "token" | "anyone", principal: Principal): void {
  if (access === "app" && principal.kind !== "app")
    throw new Refusal(401, "A JSON web token could not be decoded");
  if (access === "token" && principal.kind !== "installation")
    throw new Refusal(401, "Requires authentication");
}

async function dispatch(
  state: State,
  { route }: Match,
  request: ApiRequest,
  limits: readonly Mistake[],
): Promise<Reply> {
  const refuseLimits = (): void => {
    if (limits.length > 0) throw new Refusal(422, `Invalid request.\n\n${words(limits)}.`);
  };
  if (typeof route.access === "string") {
    demand(route.access, request.principal);
    refuseLimits();
    return route.handle(request, state);
  }
  const { owner = "", repo = "" } = request.params;
  const repository = findRepository(state, owner, repo);
  if (repository === undefined) throw notFound();
  requirePermission(state, request.principal, repository, route.access);
  refuseLimits();
  return route.handle({ ...request, repository }, state);
}

export interface ApiOptions {
  readonly state: State;
  readonly routes: readonly Route[];
  readonly contract: Contract;
  readonly violate: (violation: Violation) => void;
}

/** Makes the function that answers REST requests. It never throws: a crash of the fake is a violation and a 500. */
export function openApi({
  state,
  routes,
  contract,
  violate,
}: ApiOptions): (raw: RawRequest) => Promise<Reply> {
  const match = router(routes);

  const answer = async (raw: RawRequest): Promise<{ reply: Reply; operation: string | null }> => {
    const { method, url } = raw;
    const found = match(method, url.pathname);
    if (found === null) {
      violate({ kind: "unknown-route", method, path: url.pathname, message: "the fake has no such route" });
      return {
        reply: { status: 501, body: { message: `The fake GitHub has no route ${method} ${url.pathname}` } },
        operation: null,
      };
    }
    const query = Object.fromEntries(url.searchParams);
    const body = parseBody(raw.body);
    const mistakes = contract.checkRequest(found.route.operation, { params: found.params, query, body });
    const bugs = mistakes.filter((mistake) => !mistake.limit);
    if (bugs.length > 0) {
      violate({ kind: "request", method, path: url.pathname, message: words(bugs) });
      throw new Refusal(422, `Invalid request.\n\n${words(bugs)}.`);
    }
    const principal = authenticate(state, raw.authorization);
    const request: ApiRequest = {
      params: found.params,
      query,
      body: body ?? {},
      accept: raw.accept,
      url,
      principal,
    };
    const limits = mistakes.filter((mistake) => mistake.limit);
    return { reply: await dispatch(state, found, request, limits), operation: found.route.operation };
  };

  const checked = (raw: RawRequest, reply: Reply, operation: string | null): Reply => {
    if (operation === null) return reply;
    const sent: unknown =
      Buffer.isBuffer(reply.body) || reply.body === undefined
        ? reply.body
        : JSON.parse(JSON.stringify(reply.body));
    const asObject = raw.accept.includes("object") && !Array.isArray(sent);
    const mistakes = asObject ? [] : contract.checkResponse(operation, reply.status, sent);
    if (mistakes.length === 0) return reply;
    violate({ kind: "response", method: raw.method, path: raw.url.pathname, message: words(mistakes) });
    return { status: 500, body: { message: `The fake GitHub answered wrongly: ${words(mistakes)}` } };
  };

  return async (raw) => {
    try {
      const { reply, operation } = await answer(raw);
      return checked(raw, reply, operation);
    } catch (error) {
      if (error instanceof Refusal) return refusalReply(error);
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      violate({ kind: "crash", method: raw.method, path: raw.url.pathname, message });
      return { status: 500, body: { message: `The fake GitHub crashed: ${message}` } };
    }
  };
}
