// Sends deliveries over a fixed number of connections, each as fast as the answers come.
import { Agent, request } from "node:http";
import type { SignedDelivery } from "./deliveries.ts";
import { inParallel } from "./pool.ts";

export interface LoadResult {
  /** Milliseconds from sending to the whole answer, in the order of sending. */
  readonly ms: readonly number[];
  /** The HTTP status of each; 0 where there was no answer. */
  readonly statuses: readonly number[];
  readonly seconds: number;
}

/** As GitHub: later than this counts as failed. Milliseconds. */
const timeoutMs = 10_000;

export async function sendAll(
  url: string,
  deliveries: readonly SignedDelivery[],
  connections: number,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const began = performance.now();
  const answers = await inParallel(deliveries, connections, async (delivery) => {
    const sent = performance.now();
    const status = await send(url, delivery, agent);
    return { status, ms: performance.now() - sent };
  });
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { ms: answers.map(({ ms }) => ms), statuses: answers.map(({ status }) => status), seconds };
}

function send(url: string, { guid, body, signature }: SignedDelivery, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const headers = {
      "content-type": "application/json",
      "content-length": body.length,
      "user-agent": "GitHub-Hookshot/bench",
      "x-github-delivery": guid,
      "x-github-event": "issue_comment",
      "x-hub-signature-256": signature,
    };
    const outgoing = request(url, { agent, method: "POST", headers, timeout: timeoutMs }, (response) => {
      response.resume();
      response.once("end", () => {
        resolve(response.statusCode ?? 0);
      });
    });
    outgoing.once("timeout", () => outgoing.destroy());
    outgoing.once("error", () => {
      resolve(0);
    });
    outgoing.end(body);
  });
}
