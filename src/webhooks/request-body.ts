// The body of a request, up to a limit.
import type { IncomingMessage } from "node:http";

/**
 * The whole body, or `null` when it is longer than `limit` bytes: reading then stops and nothing of it is kept.
 * Rejects when the client goes away in the middle.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return null;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      resolve(null);
    });
    request.once("end", () => {
      resolve(Buffer.concat(chunks));
    });
    request.once("error", reject);
    request.once("close", () => {
      reject(new Error("The client closed the connection before the body was whole."));
    });
  });
}
