// The real client of GitHub's REST API, signed in as the fake's App.
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import type { FakeGitHub } from "./fake-github.ts";

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** With an owner, as the installation there; without, as the App itself. */
export function appClient(github: FakeGitHub, owner?: string): Octokit {
  const { id: appId, privateKey } = github.app;
  const installation = owner === undefined ? {} : { installationId: github.installationId(owner) };
  return new Octokit({
    baseUrl: github.url,
    log,
    authStrategy: createAppAuth,
    auth: { appId, privateKey, ...installation },
  });
}

/** With a token in hand. */
export function tokenClient(github: FakeGitHub, token: string): Octokit {
  return new Octokit({ baseUrl: github.url, log, auth: token });
}

/** What a request was refused with; throws when it was not. */
export async function refusal(request: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await request;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data?: { message?: string } } };
    return { status, message: response?.data?.message ?? "" };
  }
  throw new Error("The request was answered, not refused.");
}
