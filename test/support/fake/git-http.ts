// Git over HTTP by git's own server program: real clone, fetch and push, with GitHub's credentials and refusals.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createGunzip } from "node:zlib";
import { covers, hasPermission, liveToken } from "./auth.ts";
import { gitEnvironment } from "./git.ts";
import { afterMove, refusalOfMove, type RefMove } from "./refs.ts";
import { findRepository, type InstallationToken, type Repository, type State } from "./state.ts";

const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;
export const RECEIVE_PATH = "/_receive/";

interface Refused {
  readonly status: number;
  readonly message: string;
}

interface Push {
  readonly repository: Repository;
  readonly token: InstallationToken;
  readonly taken: RefMove[];
}

export interface GitHttp {
  readonly handles: (path: string) => boolean;
  /** Answers all but the end, which is the caller's, and returns the status. With `discard`, the work is done and nothing is sent. */
  readonly serve: (
    request: IncomingMessage,
    response: ServerResponse,
    options: { url: URL; discard: boolean },
  ) => Promise<number>;
  /** Decides on the references of a push in progress: what git's hook asks. */
  readonly decide: (
    key: string,
    moves: readonly RefMove[],
  ) => Promise<{ ref: string; reason: string | null; remote: string }[]>;
}

function credential(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const [scheme = "", value = ""] = authorization.split(" ");
  if (scheme.toLowerCase() !== "basic") return value;
  return Buffer.from(value, "base64").toString().split(":").slice(1).join(":");
}

type Admission = Refused | { readonly repository: Repository; readonly token: InstallationToken | null };

function isWrite(url: URL): boolean {
  return url.pathname.endsWith("/git-receive-pack") || url.searchParams.get("service") === "git-receive-pack";
}

function admitAnonymous(repository: Repository | undefined, writing: boolean): Admission {
  if (repository === undefined || repository.private || writing)
    return { status: 401, message: "Authentication required" };
  return { repository, token: null };
}

function admit(state: State, url: URL, authorization: string | undefined): Admission {
  const [, owner = "", name = ""] = GIT_PATH.exec(url.pathname) ?? [];
  const repository = findRepository(state, decodeURIComponent(owner), decodeURIComponent(name));
  const writing = isWrite(url);
  const secret = credential(authorization);
  if (secret === null) return admitAnonymous(repository, writing);
  const token = liveToken(state, secret);
  if (token === null) return { status: 401, message: "Invalid username or token." };
  if (repository === undefined) return NOT_FOUND;
  return admitToken(state, { repository, token }, writing);
}

const NOT_FOUND: Refused = { status: 404, message: "Repository not found." };

function admitToken(
  state: State,
  asked: { repository: Repository; token: InstallationToken },
  writing: boolean,
): Admission {
  const { repository, token } = asked;
  const covered = covers(state, token, repository);
  if (!covered && repository.private) return NOT_FOUND;
  const allowed = covered
    ? hasPermission(token.permissions, "contents", writing ? "write" : "read")
    : !writing;
  if (allowed) return asked;
  const name = `${repository.owner.login}/${repository.name}.git`;
  return { status: 403, message: `Permission to ${name} denied to ${state.bot.login}.` };
}

interface CgiOptions {
  readonly request: IncomingMessage;
  /** `null` throws the output away. */
  readonly response: ServerResponse | null;
  readonly env: Record<string, string>;
}

function parseHead(head: string): { status: number; headers: Record<string, string> } {
  const lines = head.split("\r\n").map((line) => line.split(/: (.*)/s));
  const status = lines.find(([key]) => key?.toLowerCase() === "status")?.[1];
  const headers = lines
    .filter(([key]) => key?.toLowerCase() !== "status")
    .map(([key = "", value = ""]) => [key, value]);
  return {
    status: Number.parseInt(status ?? "200", 10),
    headers: Object.fromEntries(headers) as Record<string, string>,
  };
}

/** Runs `git http-backend` for one request, streaming both ways. */
function runCgi({ request, response, env }: CgiOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], {
      env: { ...gitEnvironment(), ...env },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const body = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
    body.pipe(child.stdin);
    // Git ends early on a refusal, and the client may hang up: the exit of the child settles either.
    child.stdin.on("error", () => undefined);
    body.on("error", () => child.kill());
    // A client that hangs up leaves git with nobody to talk to.
    response?.on("close", () => child.kill());
    let head = Buffer.alloc(0);
    let status = 0;
    const pass = (bytes: Buffer): void => {
      if (response === null || response.write(bytes)) return;
      child.stdout.pause();
      response.once("drain", () => child.stdout.resume());
    };
    child.stdout.on("data", (chunk: Buffer) => {
      if (status !== 0) {
        pass(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const parsed = parseHead(head.subarray(0, end).toString());
      status = parsed.status;
      response?.writeHead(status, parsed.headers);
      pass(head.subarray(end + 4));
    });
    child.on("error", reject);
    child.on("close", () => {
      if (status === 0) response?.writeHead(500);
      resolve(status === 0 ? 500 : status);
    });
  });
}

function refuse(response: ServerResponse | null, { status, message }: Refused): number {
  response?.writeHead(status, {
    "content-type": "text/plain",
    ...(status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {}),
  });
  response?.write(`${message}\n`);
  return status;
}

/** What `git http-backend` reads from its environment, and the address where the repository's hook asks for leave. */
function cgiEnvironment(request: IncomingMessage, url: URL, repository: Repository): Record<string, string> {
  return {
    GIT_PROJECT_ROOT: repository.gitDir,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${GIT_PATH.exec(url.pathname)?.[3] ?? ""}`,
    REQUEST_METHOD: request.method ?? "GET",
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    REMOTE_ADDR: "127.0.0.1",
  };
}

export function openGitHttp(state: State): GitHttp {
  const pushes = new Map<string, Push>();

  const receive = async (
    push: Push,
    serve: (env: Record<string, string>) => Promise<number>,
  ): Promise<number> => {
    const key = randomUUID();
    pushes.set(key, push);
    const status = await serve({
      REMOTE_USER: state.bot.login,
      FAKE_RECEIVE_URL: `${state.url}${RECEIVE_PATH}${key}`,
    });
    pushes.delete(key);
    for (const move of push.taken) await afterMove(state, push.repository, move, state.bot);
    return status;
  };

  const serve: GitHttp["serve"] = async (request, response, { url, discard }) => {
    const target = discard ? null : response;
    const admission = admit(state, url, request.headers.authorization);
    if ("status" in admission) return refuse(target, admission);
    const { repository, token } = admission;
    const env = cgiEnvironment(request, url, repository);
    const run = (more: Record<string, string>) =>
      runCgi({ request, response: target, env: { ...env, ...more } });
    const pushing = token !== null && url.pathname.endsWith("/git-receive-pack");
    const status = pushing ? await receive({ repository, token, taken: [] }, run) : await run({});
    return status;
  };

  const decide: GitHttp["decide"] = async (key, moves) => {
    const push = pushes.get(key);
    const verdicts = [];
    for (const move of moves) {
      const refused =
        push === undefined ? null : await refusalOfMove(push.repository, push.token.permissions, move);
      if (refused === null) push?.taken.push(move);
      verdicts.push({ ref: move.ref, reason: refused?.reason ?? null, remote: refused?.remote ?? "" });
    }
    return verdicts;
  };

  return { handles: (path) => GIT_PATH.test(path), serve, decide };
}
