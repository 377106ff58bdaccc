// Signed deliveries as GitHub sends them, cut to the parts that matter.
import { createHmac } from "node:crypto";

export const SECRET = "a-secret-for-tests";

export const person = { login: "ada", type: "User" };
export const repository = { id: 77, name: "Widgets", owner: { login: "Acme" }, full_name: "Acme/Widgets" };
export const installation = { id: 5 };

export function comment(body: string, changes: Record<string, unknown> = {}) {
  return {
    action: "created",
    installation,
    repository,
    sender: person,
    issue: { number: 12, pull_request: { url: "https://api.github.test/pulls/12" } },
    comment: {
      id: 900,
      node_id: "IC_900",
      body,
      created_at: "2026-01-02T03:04:05Z",
      performed_via_github_app: null,
    },
    ...changes,
  };
}

export interface Delivery {
  readonly event?: string;
  readonly id?: string;
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}

export function signature(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** Posts a payload the way GitHub does. A string is sent as it is. */
export async function deliver(
  url: string,
  payload: unknown,
  { event = "issue_comment", id = "guid-1", secret = SECRET, headers = {} }: Delivery = {},
): Promise<{ status: number; text: string }> {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const response = await fetch(`${url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": id,
      "x-hub-signature-256": signature(body, secret),
      ...headers,
    },
    body,
  });
  return { status: response.status, text: await response.text() };
}
