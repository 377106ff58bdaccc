// Tokens for git, each for one repository and as little as it needs.
import type { PullRef } from "../core/pull.ts";
import { brokenAnswer, failureOf, toAppError } from "./failure.ts";
import type { Intent } from "./failure.ts";
import type { Client } from "./client.ts";

interface InstallationToken {
  readonly token: string;
  readonly permissions: Record<string, string>;
}

/** Reads this one repository over HTTPS, nothing else. Lasts an hour; cached by octokit until then. */
export async function readToken(client: Client, { owner, repo }: PullRef): Promise<string> {
  const intent = { doing: `asking for a token to read ${owner}/${repo}`, needs: "Contents: read" };
  const { token } = await tokenFor(client, intent, {
    repositoryNames: [repo],
    permissions: { contents: "read" },
  });
  return token;
}

/**
 * Pushes to this one repository. Minted for one push; `workflows` only where the push touches workflow files.
 * `null` when it does and the installation may not.
 */
export async function pushToken(
  client: Client,
  { owner, repo }: { owner: string; repo: string },
  touchesWorkflows: boolean,
): Promise<string | null> {
  if (touchesWorkflows && !(await canWriteWorkflows(client))) return null;
  const needs = touchesWorkflows ? "Contents: write, Workflows: write" : "Contents: write";
  const permissions = { contents: "write", ...(touchesWorkflows && { workflows: "write" }) };
  const intent = { doing: `asking for a token to push to ${owner}/${repo}`, needs };
  const { token } = await tokenFor(client, intent, { repositoryNames: [repo], permissions, refresh: true });
  return token;
}

/** Asked anew each time, because the owner may have granted it a minute ago. */
export async function canWriteWorkflows(client: Client): Promise<boolean> {
  const intent = { doing: "asking what this installation may do", needs: "Metadata: read" };
  const { permissions } = await tokenFor(client, intent, { refresh: true });
  return permissions["workflows"] === "write";
}

async function tokenFor(
  client: Client,
  intent: Intent,
  options: { repositoryNames?: string[]; permissions?: Record<string, string>; refresh?: boolean },
): Promise<InstallationToken> {
  try {
    const answer: unknown = await client.octokit.auth({ type: "installation", ...options });
    if (isToken(answer)) return answer;
  } catch (error) {
    const failure = failureOf(error, client.now());
    throw failure ? toAppError(failure, intent) : error;
  }
  throw toAppError(brokenAnswer, intent);
}

function isToken(answer: unknown): answer is InstallationToken {
  return (
    typeof answer === "object" && answer !== null && "token" in answer && typeof answer.token === "string"
  );
}
