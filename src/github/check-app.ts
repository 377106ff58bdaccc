// Whether the credentials are those of a GitHub App that may do what Errand does.
import { AppError } from "../core/errors.ts";
import { read } from "./call.ts";
import { createClient } from "./client.ts";
import type { ClientOptions } from "./client.ts";

/** What app.yml asks for; `workflows: write` is optional. A test holds the two together. */
export const requiredPermissions: Readonly<Record<string, "read" | "write">> = {
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  actions: "write",
  statuses: "read",
  metadata: "read",
};

export const requiredEvents: readonly string[] = [
  "issue_comment",
  "pull_request_review_comment",
  "pull_request",
  "push",
  "check_suite",
  "check_run",
  "workflow_run",
];

/**
 * Asks GitHub who we are, and compares. Returns a few words: the app's name. Throws `AppError` for bad credentials,
 * and `AppError("permission")` that names every permission and event the app was not given.
 */
export async function checkApp(
  options: Pick<ClientOptions, "appId" | "privateKey" | "apiUrl" | "log">,
): Promise<string> {
  const client = createClient({
    ...options,
    installationId: null,
    fetch,
    limits: { timeoutMs: 10_000, retryDelayMs: 500, downloadMs: 10_000 },
  });
  const intent = { doing: "asking who this app is", needs: "Metadata: read" };
  const app = await read(client, intent, () => client.octokit.rest.apps.getAuthenticated());
  const granted: Readonly<Record<string, string | undefined>> = { ...app?.permissions };
  const lacking = [
    ...Object.entries(requiredPermissions)
      .filter(([name, level]) => granted[name] !== level && granted[name] !== "write")
      .map(([name, level]) => `permission ${name}: ${level}`),
    ...requiredEvents.filter((event) => !app?.events.includes(event)).map((event) => `event ${event}`),
  ];
  if (lacking.length === 0) return `app "${app?.slug ?? ""}" has every permission and event it needs`;
  throw new AppError("permission", `The app "${app?.slug ?? ""}" lacks ${lacking.join(", ")}.`, {
    retryable: false,
    remedy:
      "Grant them on the app's settings page (Permissions & events); each installation is then asked to accept.",
  });
}
