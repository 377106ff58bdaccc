// Where the commit of a case comes from: a folder of repositories, or GitHub, one commit at a time.
import { lstat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../core/errors.ts";
import { createBareRepository } from "../../workspace/repository.ts";
import { gitFor } from "../../workspace/git.ts";
import { defaultLimits } from "../../workspace/limits.ts";
import type { TestCase } from "./tests-cases.ts";

export interface Repositories {
  /** A git directory that has the commit. Throws `AppError` where none is to be had. */
  readonly find: (one: Pick<TestCase, "repo" | "upstream" | "base_sha">) => Promise<string>;
}

export interface RepositoriesOptions {
  /** Holds `owner+name/repo`, `owner/name` or `owner+name`; `null`: commits are fetched. */
  readonly directory: string | null;
  /** Fetched commits are kept here. */
  readonly cache: string;
  /** The person's whole environment: their git configuration says how GitHub is reached. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export function openRepositories(options: RepositoriesOptions): Repositories {
  // One at a time: two fetches into one repository are in each other's way.
  let last: Promise<unknown> = Promise.resolve();
  return {
    find: async (one) => {
      const repo = nameOf(one);
      const found = options.directory === null ? null : await findIn(options.directory, repo);
      if (found !== null) return found;
      const fetched = last.then(() => fetchInto(options, repo, one.base_sha ?? ""));
      last = fetched.catch(() => undefined);
      return await fetched;
    },
  };
}

function nameOf({ repo, upstream }: Pick<TestCase, "repo" | "upstream">): string {
  const name = /^(?:https:\/\/github\.com\/)?([\w.-]+\/[\w.-]+?)(?:\.git)?$/;
  const found = name.exec(repo)?.[1] ?? name.exec(upstream)?.[1];
  if (found !== undefined) return found;
  throw refused(`${JSON.stringify(repo)} names no repository of GitHub`, "Give it as owner/name.");
}

async function findIn(directory: string, repo: string): Promise<string | null> {
  const joined = repo.replace("/", "+");
  for (const place of [`${joined}/repo`, repo, joined, `${repo}.git`, `${joined}.git`]) {
    const folder = path.resolve(directory, place);
    for (const gitDir of [path.join(folder, ".git"), folder]) {
      if (await isFolder(path.join(gitDir, "objects"))) return gitDir;
    }
  }
  return null;
}

const isFolder = (place: string): Promise<boolean> =>
  lstat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function fetchInto(options: RepositoriesOptions, repo: string, sha: string): Promise<string> {
  const gitDir = path.join(options.cache, "repositories", `${repo.replace("/", "+")}.git`);
  if (!(await isFolder(path.join(gitDir, "objects")))) await createBareRepository(gitDir);
  const git = gitFor({
    directory: gitDir,
    gitDir,
    env: { ...options.environment, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
    timeoutMs: defaultLimits.networkMs,
    signal: options.signal,
    secrets: [],
  });
  const here = await git(["rev-parse", "--verify", "--quiet", `refs/cases/${sha}^{tree}`]);
  if (here.code === 0) return gitDir;
  const fetched = await git([
    "fetch",
    "--quiet",
    "--no-tags",
    "--depth=1",
    `https://github.com/${repo}`,
    `+${sha}:refs/cases/${sha}`,
  ]);
  if (fetched.code === 0) return gitDir;
  throw refused(
    `${repo} could not be fetched: ${fetched.stderr || "git said nothing"}`,
    "Look at the network, or give --repositories DIR.",
  );
}

const refused = (why: string, remedy: string): AppError =>
  new AppError("input", `${why}.`, { retryable: false, remedy });
