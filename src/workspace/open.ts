// Opens one merge: mirror, private repository, merge-tree, and the workspace over them.
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { MergeStatus, OpenWorkspaceOptions, Workspace } from "../core/workspace.ts";
import { mergeBases, mergeCandidates } from "./candidates.ts";
import { evictMirrors, takeLease } from "./cache.ts";
import type { Cache, Lease } from "./cache.ts";
import { classifyConflicts } from "./classify.ts";
import { authorizationOf, offlineEnvironment, onlineEnvironment, parseCloneUrl } from "./environment.ts";
import { gitFor } from "./git.ts";
import type { Git } from "./git.ts";
import { gitStreamFor } from "./git-stream.ts";
import type { GitStream } from "./git-stream.ts";
import type { Identity } from "./history.ts";
import type { WorkspaceLimits } from "./limits.ts";
import type { MergeTree } from "./merge-tree.ts";
import { mergeTree } from "./merge-tree.ts";
import { ensureCommits, fetchedSizes, unfinishedBytes } from "./mirror.ts";
import type { Mirror } from "./mirror.ts";
import { sizesOf } from "./objects.ts";
import { asTheyAre, createRepository, replaceLargeBlobs } from "./repository.ts";
import { createWorkspace } from "./workspace.ts";

export interface OpenSetup {
  readonly cache: Cache;
  readonly limits: WorkspaceLimits;
  readonly identity: Identity;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The private repository of a workspace, and the ways to reach objects from it. */
export interface Session {
  readonly work: string;
  readonly gitDir: string;
  readonly mirror: Mirror;
  /** Reaches no network. */
  readonly local: Git;
  /** The same repository's git, for output that is handed on as it comes. It sees the objects themselves, not what replaces them for a merge. */
  readonly stream: GitStream;
  /** Git in the private repository that may talk to the server; with another token than the one to read with, for a push. */
  readonly remote: (token: string) => Git;
}

/**
 * Opens a workspace under a lease on its mirror; gives the lease back when that fails. Throws `AppError("workspace", retryable)` when it takes
 * longer than `limits.openMs`.
 */
export async function openWorkspace(setup: OpenSetup, options: OpenWorkspaceOptions): Promise<Workspace> {
  checkOptions(options);
  const lease = await takeLease(setup.cache, options.cloneUrl);
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(tooLong(setup.limits.openMs));
  }, setup.limits.openMs);
  try {
    const signal = AbortSignal.any([options.signal, deadline.signal]);
    return await openUnderLease(setup, { ...options, signal }, lease);
  } catch (error) {
    await lease.release();
    // Whatever was cut off tells of it in words of its own.
    if (!options.signal.aborted) deadline.signal.throwIfAborted();
    throw error;
  } finally {
    // What is done with the workspace once it is open takes the time it takes.
    clearTimeout(timer);
  }
}

function tooLong(openMs: number): AppError {
  const seconds = Math.round(openMs / 1000);
  return new AppError("workspace", `Reading the two branches was stopped after ${seconds} s.`, {
    retryable: true,
    remedy: "Try again; if it keeps happening, merge this pull request by hand.",
  });
}

async function openUnderLease(
  setup: OpenSetup,
  options: OpenWorkspaceOptions,
  lease: Lease,
): Promise<Workspace> {
  const session = await openSession(setup, options, lease);
  const { status, merge, large, sizes } = await mergeSides(session, options);
  const conflicts =
    merge === null ? [] : classifyConflicts(merge, { sizes, blobBytes: setup.limits.blobBytes });
  const release = async () => {
    await lease.release();
    await evictMirrors(setup.cache, lease.mirrorDir);
  };
  return createWorkspace({
    session,
    options,
    status,
    conflicts,
    mergedTree: merge?.tree ?? null,
    large,
    sizes,
    limits: setup.limits,
    identity: setup.identity,
    release,
    log: setup.cache.log,
  });
}

/** Throws `AppError("input")` for a URL or a commit's name that is none. */
export function checkOptions(options: Pick<OpenWorkspaceOptions, "cloneUrl" | "headSha" | "baseSha">): void {
  if (parseCloneUrl(options.cloneUrl) === null) {
    throw new AppError("input", "The clone URL is not one that repositories are fetched from.", {
      retryable: false,
      remedy: "Use an https:// URL without a user name or password in it.",
    });
  }
  for (const sha of [options.headSha, options.baseSha]) {
    if (!/^[0-9a-f]{40}$/.test(sha)) {
      throw new AppError("input", `${JSON.stringify(sha)} is not a commit's full name.`, {
        retryable: false,
        remedy: "Name head and base by their 40 hexadecimal digits.",
      });
    }
  }
}

/** Makes sure that both commits are in the mirror, and a private repository over it. */
export async function openSession(
  setup: OpenSetup,
  options: OpenWorkspaceOptions,
  lease: Lease,
): Promise<Session> {
  const home = join(lease.work, "home");
  const gitDir = join(lease.work, "repository.git");
  const offline = offlineEnvironment(home, setup.environment);
  const online = (token: string) =>
    onlineEnvironment(home, setup.environment, { url: options.cloneUrl, token });
  const shared = { directory: home, timeoutMs: setup.limits.localMs, signal: options.signal };
  const secretsOf = (token: string) => [token, authorizationOf(token)];
  const mirror: Mirror = {
    lease,
    local: gitFor({ ...shared, gitDir: lease.mirrorDir, env: offline, secrets: [] }),
    remote: gitFor({
      ...shared,
      gitDir: lease.mirrorDir,
      env: online(options.token),
      secrets: secretsOf(options.token),
    }),
    limits: setup.limits,
    signal: options.signal,
  };
  await ensureCommits(mirror, [options.headSha, options.baseSha]);
  await createRepository(gitDir, lease.mirrorDir, { head: options.headSha, base: options.baseSha });
  return {
    work: lease.work,
    gitDir,
    mirror,
    local: gitFor({ ...shared, gitDir, env: offline, secrets: [] }),
    stream: gitStreamFor({ ...shared, gitDir, env: { ...offline, ...asTheyAre }, secrets: [] }),
    remote: (token) =>
      gitFor({
        ...shared,
        timeoutMs: setup.limits.networkMs,
        gitDir,
        env: online(token),
        secrets: secretsOf(token),
      }),
  };
}

interface Merged {
  readonly status: MergeStatus;
  /** `null` when there was nothing to merge. */
  readonly merge: MergeTree | null;
  /** Blobs over the size limit, fetched or not. */
  readonly large: ReadonlySet<string>;
  /** Bytes of every stage's blob, `null` for one that is not here. */
  readonly sizes: ReadonlyMap<string, number | null>;
}

async function mergeSides(session: Session, options: OpenWorkspaceOptions): Promise<Merged> {
  const { local, mirror, gitDir } = session;
  const none = { merge: null, large: new Set<string>(), sizes: new Map<string, number>() };
  if (options.start === "head") return { status: "not-merged", ...none };
  const bases = await mergeBases(local, options.headSha, options.baseSha);
  if (bases.length === 0) return { status: "unrelated", ...none };
  if (bases.includes(options.baseSha)) return { status: "up-to-date", ...none };
  const sides = { ours: options.headSha, theirs: options.baseSha };
  const wanted = [...(await mergeCandidates(local, sides, bases, mirror.limits))];
  const sizes = await fetchedSizes(mirror, local, wanted);
  const large = new Set(wanted.filter((oid) => (sizes.get(oid) ?? Infinity) > mirror.limits.blobBytes));
  await replaceLargeBlobs(local, gitDir, large);
  const merge = (await mergeTree(local, mirror.limits)) ?? (await mergeFetching(session, options.token));
  const unforeseen = merge.stages.filter(({ mode, oid }) => mode !== "160000" && !sizes.has(oid));
  for (const [oid, size] of await sizesOf(
    local,
    unforeseen.map(({ oid }) => oid),
  ))
    sizes.set(oid, size);
  return { status: merge.clean ? "clean" : "conflicted", merge, large, sizes };
}

/**
 * The merge wants a blob that was not foreseen (a deep criss-cross history): git fetches it, in batches of its own, into the private
 * repository, where what it brings is watched like any other fetch.
 */
async function mergeFetching(session: Session, token: string): Promise<MergeTree> {
  const { limits } = session.mirror;
  const { fetchBytes, networkMs } = limits;
  const git = session.remote(token);
  const packs = join(session.gitDir, "objects", "pack");
  const growth = { measure: () => unfinishedBytes(packs), bytes: fetchBytes };
  const merge = await mergeTree(
    (args, bounds) => git(args, { ...bounds, timeoutMs: networkMs, growth }),
    limits,
  );
  if (merge !== null) return merge;
  throw new AppError("workspace", "The merge needs file contents that the server did not give out.", {
    retryable: true,
    remedy: "Try again; if it keeps failing, merge this pull request by hand.",
  });
}
