// Logs and archives, as the storage behind GitHub gives them: to whoever has the address, once, and never with GitHub's token.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Violation } from "./api.ts";
import type { State } from "./state.ts";

export const DOWNLOAD_PATH = "/_downloads/";

/** The answer's status. A client that hangs up has what it wanted. */
export async function serveDownload(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  { path, violate }: { path: string; violate: (violation: Violation) => void },
): Promise<number> {
  if (request.headers.authorization !== undefined) {
    const message = "a credential was sent to an address that GitHub redirected to";
    violate({ kind: "request", method: request.method ?? "", path: DOWNLOAD_PATH, message });
  }
  const key = path.slice(DOWNLOAD_PATH.length);
  const content = state.downloads.get(key);
  state.downloads.delete(key);
  if (content === undefined) {
    response.writeHead(404).end();
    return 404;
  }
  response.writeHead(200, { "content-type": "application/octet-stream" });
  const source = typeof content === "function" ? content() : [content];
  await pipeline(Readable.from(source), response).catch(() => undefined);
  return 200;
}
