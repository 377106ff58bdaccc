// Bodies of requests, up to a limit each and a limit for all that are held at a time.
import type { IncomingMessage } from "node:http";

export interface BodyLimits {
  /** Most bytes of one body. */
  readonly maxBytes: number;
  /** Most bytes of all bodies that are being read or used. */
  readonly maxTotalBytes: number;
}

type BodyOutcome = "used" | "too-large" | "busy";

/**
 * Reads the whole body and hands it on. "too-large" or "busy" when it is over a limit: reading then stops, and nothing of it is kept. Rejects
 * when the client goes away in the middle.
 */
export type UseBody = (
  request: IncomingMessage,
  use: (body: Buffer) => Promise<void>,
) => Promise<BodyOutcome>;

/** A reader whose bodies share `limits.maxTotalBytes`: bytes count from when they come until the body has been used. */
export function createBodyReader(limits: BodyLimits): UseBody {
  let total = 0;
  return async (request, use) => {
    // What is said of the length counts against the one body only: nobody fills the common room by promises.
    if (Number(request.headers["content-length"] ?? 0) > limits.maxBytes) return "too-large";
    let held = 0;
    const hold = (bytes: number): BodyOutcome => {
      held += bytes;
      total += bytes;
      if (held > limits.maxBytes) return "too-large";
      return total > limits.maxTotalBytes ? "busy" : "used";
    };
    try {
      const body = await readAll(request, hold);
      if (!Buffer.isBuffer(body)) return body;
      await use(body);
      return "used";
    } finally {
      total -= held;
    }
  };
}

function readAll(
  request: IncomingMessage,
  hold: (bytes: number) => BodyOutcome,
): Promise<Buffer | BodyOutcome> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer) => {
      const outcome = hold(chunk.length);
      if (outcome === "used") {
        chunks.push(chunk);
        return;
      }
      request.pause();
      // Paused or not, what still comes is neither kept nor counted.
      request.off("data", take);
      resolve(outcome);
    };
    request.on("data", take);
    request.once("end", () => {
      resolve(Buffer.concat(chunks));
    });
    request.once("error", reject);
    request.once("close", () => {
      reject(new Error("The client closed the connection before the body was whole."));
    });
  });
}
