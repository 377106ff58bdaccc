// A fake GitHub and the adapter talking to it over HTTP, with a pull request to work on.
import type { GitHub } from "../../src/core/github.ts";
import type { Log } from "../../src/core/log.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { createGitHubFor } from "../../src/github/index.ts";
import type { GitHubOptions } from "../../src/github/index.ts";
import { startFakeGitHub } from "../support/fake-github.ts";
import type { FakeGitHub, FileSpec, GitFixture, RepositoryAddress } from "../support/fake-github.ts";

export interface LogLine {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** The address of a request as `fetch` is given it. */
export function addressOf(input: Parameters<typeof fetch>[0]): string {
  if (typeof input === "string") return input;
  return input instanceof URL ? input.href : input.url;
}

export function recordingLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, fields, message });
  };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Retries without waiting. */
const limits = { timeoutMs: 20_000, retryDelayMs: 1 };
/** For answers that never come: given up after half a second. */
export const impatient = { limits: { ...limits, timeoutMs: 500 } };

export function gitHubOn(
  fake: FakeGitHub,
  installationId: number,
  options: Partial<GitHubOptions> = {},
): GitHub {
  const { app, url } = fake;
  const forInstallation = createGitHubFor({
    appId: app.id,
    privateKey: app.privateKey,
    apiUrl: url,
    log: recordingLog(),
    limits,
    ...options,
  });
  return forInstallation(installationId);
}

export interface Scene {
  readonly repository: RepositoryAddress;
  readonly git: GitFixture;
  readonly pull: PullRef;
  readonly github: GitHub;
}

let repositories = 0;

/** A repository of its own with `main` and `topic`, and a pull request from topic to main. */
export async function openScene(
  fake: FakeGitHub,
  { files = {}, ours = {}, theirs = {} }: Record<string, Record<string, FileSpec>> = {},
): Promise<Scene> {
  const name = `repository-${++repositories}`;
  const repository = await fake.addRepository({
    owner: "acme",
    name,
    files: { "README.md": "read me\n", ...files },
  });
  const git = fake.git(repository);
  await git.commit("topic", { "topic.txt": "topic\n", ...ours }, "work on topic");
  const pull = await fake.openPull({ ...repository, head: "topic" });
  await git.commit("main", { "main.txt": "main\n", ...theirs }, "work on main");
  return { repository, git, pull, github: gitHubOn(fake, pull.installationId) };
}

/** What was asked since `from`, as "METHOD last-parts-of-path". */
export function asked(fake: FakeGitHub, from: number, method?: string): string[] {
  return fake.requests
    .slice(from)
    .filter((request) => request.kind === "api" && (method === undefined || request.method === method))
    .map((request) => `${request.method} ${request.path}`);
}

/** Faults that end with the test, met or not. */
export function openFaults(fake: FakeGitHub): { fault: FakeGitHub["fault"]; clear: () => void } {
  const faults: ReturnType<FakeGitHub["fault"]>[] = [];
  return {
    fault: (options) => {
      const made = fake.fault(options);
      faults.push(made);
      return made;
    },
    clear: () => {
      for (const made of faults.splice(0)) made.cancel();
    },
  };
}

export { startFakeGitHub };
export type { FakeGitHub };
