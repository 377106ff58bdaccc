// A small git server over HTTP for these tests: git's own http-backend, a token, and a record of what was asked.
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGunzip } from "node:zlib";

export interface GitServer {
  readonly origin: string;
  /** One line per request: method, path and query. */
  readonly requests: string[];
  /** Called before each request is answered; may hold it back. */
  onRequest: (line: string) => Promise<void>;
  /** Bytes sent in answer to all requests so far. */
  sent: number;
  close(): Promise<void>;
}

/** The environment of the server's and the fixtures' git: nothing of the machine. */
export const plainEnvironment: Record<string, string> = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  LC_ALL: "C",
  GIT_AUTHOR_NAME: "Fixture",
  GIT_AUTHOR_EMAIL: "fixture@example.com",
  GIT_COMMITTER_NAME: "Fixture",
  GIT_COMMITTER_EMAIL: "fixture@example.com",
};

/** Serves the bare repositories under `root` to whoever has the token. */
export async function startGitServer(root: string, token: string): Promise<GitServer> {
  const backend = `${execFileSync("git", ["--exec-path"]).toString().trim()}/git-http-backend`;
  const server = createServer((request, response) => {
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    state.requests.push(line);
    state.onRequest(line).then(
      () => {
        answer(request, response);
      },
      () => response.destroy(),
    );
  });
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const given = (request.headers.authorization ?? "").replace(/^Basic /, "");
    if (Buffer.from(given, "base64").toString() !== `x-access-token:${token}`) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end();
      return;
    }
    const url = new URL(request.url ?? "", "http://localhost");
    const child = spawn(backend, {
      env: {
        ...plainEnvironment,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        REMOTE_USER: "x-access-token",
        REMOTE_ADDR: "127.0.0.1",
        REQUEST_METHOD: request.method ?? "GET",
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        GIT_PROTOCOL: request.headers["git-protocol"]?.toString() ?? "",
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const zipped = request.headers["content-encoding"] === "gzip";
    (zipped ? request.pipe(createGunzip()) : request).pipe(child.stdin);
    child.stdin.on("error", () => undefined);
    response.on("close", () => child.kill());
    relay(child.stdout, response, (bytes) => (state.sent += bytes));
  };
  const state: GitServer = {
    origin: "",
    requests: [],
    onRequest: () => Promise.resolve(),
    sent: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** A CGI answer: headers up to an empty line, then the body. */
function relay(from: NodeJS.ReadableStream, response: ServerResponse, count: (bytes: number) => void): void {
  let head = Buffer.alloc(0);
  const body = (bytes: Buffer) => {
    count(bytes.length);
    if (!response.write(bytes)) {
      from.pause();
      response.once("drain", () => from.resume());
    }
  };
  from.on("data", (chunk: Buffer) => {
    if (response.headersSent) {
      body(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const lines = head.subarray(0, end).toString().split("\r\n");
    const headers = lines.map((line) => [
      line.slice(0, line.indexOf(": ")),
      line.slice(line.indexOf(": ") + 2),
    ]);
    const status = headers.find(([name]) => name === "Status")?.[1] ?? "200";
    response.writeHead(
      Number.parseInt(status, 10),
      Object.fromEntries(headers.filter(([name]) => name !== "Status")) as Record<string, string>,
    );
    body(head.subarray(end + 4));
  });
  from.on("end", () => response.end());
}
