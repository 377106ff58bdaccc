// Sends webhooks as GitHub does: signed, with its headers, and remembers how each went.
import { createHmac, randomUUID } from "node:crypto";
import type { State } from "./state.ts";

export interface DeliverOptions {
  /** The app's webhook URL. */
  readonly to: string;
  /** The delivery's id; a fresh one unless named. The same one again is a redelivery. */
  readonly guid?: string;
  /** Milliseconds after which GitHub gives up. Default 10,000, as GitHub has it. */
  readonly timeoutMs?: number;
  /** Signs with another secret, for tests of refusal. */
  readonly secret?: string;
}

export interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  /** The HTTP status; 0 when the app could not be reached, or not in time. */
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

function sign(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** Posts one event to the app. Never throws: an app that cannot be reached is status 0, as a failed delivery is on GitHub. */
export async function deliver(
  state: State,
  event: string,
  payload: object,
  options: DeliverOptions,
): Promise<Delivery> {
  const guid = options.guid ?? randomUUID();
  const body = JSON.stringify(payload);
  const action = (payload as { action?: string }).action ?? null;
  const began = performance.now();
  const done = (status: number, text: string): Delivery => ({
    guid,
    event,
    action,
    status,
    body: text,
    ms: performance.now() - began,
  });
  try {
    const response = await fetch(options.to, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/fake",
        "x-github-delivery": guid,
        "x-github-event": event,
        "x-github-hook-id": "1",
        "x-github-hook-installation-target-id": String(state.app.id),
        "x-github-hook-installation-target-type": "integration",
        "x-hub-signature-256": sign(options.secret ?? state.app.webhookSecret, body),
      },
      signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    });
    return done(response.status, await response.text());
  } catch (error) {
    return done(0, error instanceof Error ? error.message : String(error));
  }
}
