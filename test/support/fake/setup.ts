// The test's own hand on the fake: accounts, repositories, forks and pull requests made without asking any route.
import { chmod, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { branchHead } from "./git.ts";
import { syncPull } from "./refs.ts";
import {
  installationOf,
  newId,
  repositoryKey,
  repositoryOf,
  timestamp,
  userOf,
  type Pull,
  type Repository,
  type State,
} from "./state.ts";

export interface RepositoryOptions {
  readonly owner: string;
  readonly name: string;
  /** Default: an organisation. */
  readonly ownerType?: "Organization" | "User";
  /** Default true: most of what matters shows only there. */
  readonly private?: boolean;
  /** Default true: the App is installed on it. */
  readonly installed?: boolean;
  readonly fork?: boolean;
  /** Default `main`. */
  readonly defaultBranch?: string;
}

const HOOK = join(dirname(fileURLToPath(import.meta.url)), "proc-receive.cjs");

/** Written once per fake: the hook that lets the fake decide about pushes. */
export async function writeHooks(root: string): Promise<void> {
  const path = join(root, "hooks", "proc-receive");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${HOOK}'\n`);
  await chmod(path, 0o755);
}

const SETTINGS: Readonly<Record<string, string>> = {
  "core.repositoryformatversion": "0",
  "core.bare": "true",
  "uploadpack.allowFilter": "true",
  "uploadpack.allowAnySHA1InWant": "true",
  "http.receivepack": "true",
  "receive.procReceiveRefs": "refs",
  "receive.advertisePushOptions": "true",
  "core.logAllRefUpdates": "false",
  "gc.auto": "0",
  "receive.autogc": "false",
};

/** A bare repository is these few files: `git init` and `git config` would be a process for each. */
async function initBare(root: string, gitDir: string, defaultBranch: string): Promise<void> {
  for (const directory of ["objects", "refs/heads", "refs/tags"])
    await mkdir(join(gitDir, directory), { recursive: true });
  await writeFile(join(gitDir, "HEAD"), `ref: refs/heads/${defaultBranch}\n`);
  const lines = Object.entries({ ...SETTINGS, "core.hooksPath": join(root, "hooks") }).map(([key, value]) => {
    const dot = key.indexOf(".");
    return `[${key.slice(0, dot)}]\n\t${key.slice(dot + 1)} = ${JSON.stringify(value)}\n`;
  });
  await writeFile(join(gitDir, "config"), lines.join(""));
}

function record(state: State, gitDir: string, options: RepositoryOptions): Repository {
  const { owner, name, ownerType = "Organization", private: isPrivate = true, installed = true } = options;
  const account = userOf(state, owner, ownerType);
  const repository: Repository = {
    id: newId(state),
    owner: account,
    name,
    private: isPrivate,
    fork: options.fork === true,
    defaultBranch: options.defaultBranch ?? "main",
    gitDir,
    installed,
    collaborators: new Map(),
    protectedBranches: new Map(),
    pulls: new Map(),
    nextNumber: 1,
    createdAt: timestamp(),
    pushedAt: timestamp(),
  };
  state.repositories.set(repositoryKey(owner, name), repository);
  if (installed && installationOf(state, account) === undefined) {
    const id = newId(state);
    state.installations.set(id, { id, account, permissions: state.app.permissions, suspendedAt: null });
  }
  return repository;
}

function directoryOf(state: State, owner: string, name: string): string {
  return join(state.root, owner, `${name}.git`);
}

export async function addRepository(state: State, options: RepositoryOptions): Promise<Repository> {
  const gitDir = directoryOf(state, options.owner, options.name);
  await initBare(state.root, gitDir, options.defaultBranch ?? "main");
  return record(state, gitDir, options);
}

/** A copy of a repository under another account. The App is not installed there, unless asked. */
export async function addFork(
  state: State,
  parent: Repository,
  options: Omit<RepositoryOptions, "fork" | "defaultBranch">,
): Promise<Repository> {
  const gitDir = directoryOf(state, options.owner, options.name);
  await cp(parent.gitDir, gitDir, { recursive: true });
  return record(state, gitDir, {
    ownerType: "User",
    installed: false,
    ...options,
    fork: true,
    private: options.private ?? parent.private,
    defaultBranch: parent.defaultBranch,
  });
}

/** Deletes a repository; pull requests from it keep their last head and lose `head.repo`, as on GitHub. */
export async function deleteRepository(state: State, repository: Repository): Promise<void> {
  state.repositories.delete(repositoryKey(repository.owner.login, repository.name));
  for (const other of state.repositories.values()) {
    for (const pull of other.pulls.values()) {
      if (pull.headRepository === repository) pull.headRepository = null;
    }
  }
  await rm(repository.gitDir, { recursive: true });
}

export interface PullOptions {
  readonly owner: string;
  readonly repo: string;
  /** Head branch. */
  readonly head: string;
  /** Base branch; the default branch unless named. */
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  /** Login; default `author`. */
  readonly author?: string;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  /** The repository the head branch is in, where it is a fork. */
  readonly fork?: { readonly owner: string; readonly repo: string };
}

export async function openPull(state: State, options: PullOptions): Promise<Pull> {
  const repository = repositoryOf(state, options.owner, options.repo);
  const head =
    options.fork === undefined ? repository : repositoryOf(state, options.fork.owner, options.fork.repo);
  const baseRef = options.base ?? repository.defaultBranch;
  for (const [where, branch] of [
    [head, options.head],
    [repository, baseRef],
  ] as const) {
    if ((await branchHead(where.gitDir, branch)) === null)
      throw new Error(`${where.name} has no branch ${branch}: commit to it first.`);
  }
  const now = timestamp();
  const pull: Pull = {
    id: newId(state),
    number: repository.nextNumber,
    title: options.title ?? options.head,
    body: options.body ?? null,
    author: userOf(state, options.author ?? "author", options.author?.endsWith("[bot]") ? "Bot" : "User"),
    state: "open",
    draft: options.draft ?? false,
    ...{ mergedAt: null, closedAt: null, mergeCommitSha: null },
    baseRef,
    headRef: options.head,
    headRepository: head,
    headOwner: head.owner,
    headSha: "",
    baseSha: "",
    labels: [...(options.labels ?? [])],
    mergeableUnknown: 0,
    createdAt: now,
    updatedAt: now,
  };
  repository.nextNumber += 1;
  repository.pulls.set(pull.number, pull);
  await syncPull(repository, pull);
  return pull;
}
