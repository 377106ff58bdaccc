// The past merges of a repository on a server, made again in its mirror: what they need is fetched, many merges at a time.
import type { PastMerge } from "../core/memory.ts";
import { AppError } from "../core/errors.ts";
import type { PastMergesOptions } from "../core/workspace.ts";
import { evictMirrors, takeLease } from "./cache.ts";
import { mergeBases, mergeCandidates } from "./candidates.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { fetchedSizes } from "./mirror.ts";
import { checkOptions, openSession } from "./open.ts";
import type { OpenSetup, Session } from "./open.ts";
import { listMerges, replayMerges } from "./past-merges.ts";
import type { MergeCommit, Past } from "./past-merges.ts";
import { replaceLargeBlobs } from "./repository.ts";

/**
 * Bounds below those of a run, which somebody waits for: 1 MB a file, 32 MB a fetch, 2,000 files a merge, 20 s a call. What is over them is left out.
 */
export function replayLimits(limits: WorkspaceLimits): WorkspaceLimits {
  const least = (name: keyof WorkspaceLimits, most: number) => ({ [name]: Math.min(limits[name], most) });
  return {
    ...limits,
    ...least("blobBytes", 1024 * 1024),
    ...least("fetchBytes", 32 * 1024 * 1024),
    ...least("changedPaths", 2_000),
    ...least("localMs", 20_000),
    ...least("networkMs", 60_000),
  };
}

/** Holds a lease on the mirror until the generator ends or is returned from. Throws as `openWorkspace` does. */
export async function* mirrorPast(given: OpenSetup, options: PastMergesOptions): AsyncGenerator<PastMerge> {
  const setup = { ...given, limits: replayLimits(given.limits) };
  const { cloneUrl, token, tip, signal } = options;
  const commits = { cloneUrl, token, headSha: tip, baseSha: tip, signal };
  checkOptions(commits);
  const lease = await takeLease(setup.cache, cloneUrl);
  try {
    const session = await openSession(setup, commits, lease);
    const merges = await listMerges(session.local, options);
    yield* replayMerges(pastIn(session), merges);
  } finally {
    await lease.release();
    await evictMirrors(setup.cache, lease.mirrorDir);
  }
}

/** Past merges made again in a session's private repository, with what the server has to give. */
export function pastIn(session: Session): Past {
  const { limits, signal } = session.mirror;
  return {
    git: session.local,
    work: session.work,
    limits,
    signal,
    prepare: (commits) => prepare(session, commits),
    fetch: (oids) => fetchAll(session, oids),
  };
}

/** One fetch for what all of the merges read. */
async function prepare(session: Session, commits: readonly MergeCommit[]): Promise<readonly MergeCommit[]> {
  const wanted = new Map<MergeCommit, ReadonlySet<string>>();
  for (const commit of commits) {
    const needed = await neededBy(session, commit);
    if (needed.size > 0) wanted.set(commit, needed);
  }
  await fetchAll(session, [...new Set([...wanted.values()].flatMap((oids) => [...oids]))]);
  return [...wanted.keys()];
}

/** Blobs that the merge reads; none where git needs none to merge it, or where it is too large to make again. */
async function neededBy({ local, mirror }: Session, commit: MergeCommit): Promise<ReadonlySet<string>> {
  try {
    const bases = await mergeBases(local, commit.ours, commit.theirs);
    if (bases.includes(commit.ours) || bases.includes(commit.theirs)) return new Set();
    return await mergeCandidates(local, commit, bases, mirror.limits);
  } catch (error) {
    mirror.signal.throwIfAborted();
    if (error instanceof AppError) return new Set();
    throw error;
  }
}

/** What is too large stays away, and git sees a few bytes in its place. */
async function fetchAll({ local, mirror, gitDir }: Session, oids: readonly string[]): Promise<void> {
  const sizes = await fetchedSizes(mirror, local, oids);
  const large = [...sizes].filter(([, size]) => (size ?? Infinity) > mirror.limits.blobBytes);
  await replaceLargeBlobs(
    local,
    gitDir,
    large.map(([oid]) => oid),
  );
}
