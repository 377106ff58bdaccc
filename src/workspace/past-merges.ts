// A repository's own past merges: made again by git, and compared with what its developers committed.
import { AppError } from "../core/errors.ts";
import type { Conflict } from "../core/conflict.ts";
import type { PastFile, PastMerge } from "../core/memory.ts";
import { alignResolutions } from "./align.ts";
import { classifyConflicts } from "./classify.ts";
import { splitConflict } from "./conflicted-file.ts";
import type { Git } from "./git.ts";
import { must } from "./git.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { mergeTree } from "./merge-tree.ts";
import { sizesOf, tryBlobsHere } from "./objects.ts";

/** A commit with two parents. */
export interface MergeCommit {
  readonly sha: string;
  /** The first parent: the branch that was merged into. */
  readonly ours: string;
  readonly theirs: string;
  /** Committed at: seconds since 1970. */
  readonly at: number;
}

/** Which part of the history, newest merge first. */
export interface PastRange {
  readonly tip: string;
  /** Merges to leave out at the start, and how many to make again at most. */
  readonly skip: number;
  readonly max: number;
}

/** Where past merges are made again. */
export interface Past {
  /** A private repository that borrows the objects: what merging writes goes away with it. Reaches no network. */
  readonly git: Git;
  /** A private directory for scratch files. */
  readonly work: string;
  readonly limits: WorkspaceLimits;
  readonly signal: AbortSignal;
  /** Gets what merging these commits needs, where that is not here yet. Returns those that may conflict. */
  readonly prepare: (commits: readonly MergeCommit[]) => Promise<readonly MergeCommit[]>;
  /** Gets blobs that are not here yet, as far as they can be had. */
  readonly fetch: (oids: readonly string[]) => Promise<void>;
}

/** Merges whose objects are fetched together. */
const batchSize = 20;

/** Conflicted files of one merge that are looked at: a merge with more is a sweeping change that teaches the same thing many times. */
const mostFiles = 50;

/**
 * Merge commits with two parents in all of `tip`'s history, newest first. Not the first-parent line alone: where branches are merged by pull request, the
 * conflicts were resolved on the branches, when the base was merged into them.
 */
export async function listMerges(git: Git, { tip, skip, max }: PastRange): Promise<MergeCommit[]> {
  const which = ["--min-parents=2", "--max-parents=2", `--skip=${skip}`, `--max-count=${max}`];
  const format = ["--no-commit-header", "--format=%H %ct %P"];
  const output = await must(git(["rev-list", ...which, ...format, tip, "--"]), "listing past merges");
  const lines = output.toString("latin1").split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const [sha = "", at = "", ours = "", theirs = ""] = line.split(" ");
    return ours === theirs ? [] : [{ sha, at: Number(at), ours, theirs }];
  });
}

/**
 * Makes past merges again, in order. A merge that git would make alone, or that cannot be made again (objects missing, too large, no common ancestor), comes
 * without files. Throws the signal's reason when it is aborted.
 */
export async function* replayMerges(past: Past, merges: readonly MergeCommit[]): AsyncGenerator<PastMerge> {
  for (let at = 0; at < merges.length; at += batchSize) {
    const batch = merges.slice(at, at + batchSize);
    const conflicts = new Map<MergeCommit, readonly CommittedConflict[]>();
    for (const commit of await past.prepare(batch))
      conflicts.set(commit, (await skipping(past, () => conflictsOf(past, commit))) ?? []);
    await past.fetch([...conflicts.values()].flat().map(({ committed }) => committed));
    for (const commit of batch) {
      yield { sha: commit.sha, at: commit.at, files: await pastFiles(past, conflicts.get(commit) ?? []) };
    }
  }
}

async function pastFiles(past: Past, conflicts: readonly CommittedConflict[]): Promise<PastFile[]> {
  const files: PastFile[] = [];
  for (const conflict of conflicts) {
    const file = await skipping(past, () => pastFile(past, conflict));
    if (file !== null) files.push(file);
  }
  return files;
}

/** What cannot be made again teaches nothing, and costs the others nothing. */
async function skipping<T>({ signal }: Past, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) return null;
    throw error;
  }
}

interface CommittedConflict {
  readonly conflict: Conflict;
  /** The blob that the developers committed at the path. */
  readonly committed: string;
}

async function conflictsOf({ git, limits }: Past, commit: MergeCommit): Promise<CommittedConflict[]> {
  const merge = await mergeTree(git, limits, commit);
  if (merge === null || merge.clean) return [];
  const stages = merge.stages.filter(({ mode }) => mode !== "160000");
  const sizes = await sizesOf(
    git,
    stages.map(({ oid }) => oid),
  );
  const text = classifyConflicts(merge, { sizes, blobBytes: limits.blobBytes })
    .filter(({ kind }) => kind === "content" || kind === "both-added")
    .slice(0, mostFiles);
  const committed = await blobsAt(git, commit.sha, text);
  return text.flatMap((conflict) => {
    const oid = committed.get(conflict.path);
    return oid === undefined ? [] : [{ conflict, committed: oid }];
  });
}

/** The regular files of a commit at the conflicts' paths. */
async function blobsAt(git: Git, sha: string, conflicts: readonly Conflict[]): Promise<Map<string, string>> {
  if (conflicts.length === 0) return new Map();
  const paths = conflicts.map(({ path }) => path);
  const output = await must(git(["ls-tree", "-z", "--full-tree", sha, "--", ...paths]), "reading a tree");
  const entries = output.toString("utf8").split("\0").slice(0, -1);
  return new Map(
    entries.flatMap((entry) => {
      const tab = entry.indexOf("\t");
      const [mode = "", , oid = ""] = entry.slice(0, tab).split(" ");
      return mode.startsWith("100") ? [[entry.slice(tab + 1), oid] as const] : [];
    }),
  );
}

async function pastFile(
  { git, work, limits }: Past,
  { conflict, committed }: CommittedConflict,
): Promise<PastFile | null> {
  const { path, base, ours, theirs } = conflict;
  if (ours === null || theirs === null) return null;
  const oids = [ours.oid, theirs.oid, committed, ...(base === null ? [] : [base.oid])];
  const read = await tryBlobsHere(git, oids, limits.blobBytes);
  const [oursBytes, theirsBytes, committedBytes, baseBytes = null] = read.filter((blob) =>
    Buffer.isBuffer(blob),
  );
  if (read.some((blob) => !Buffer.isBuffer(blob)) || !oursBytes || !theirsBytes || !committedBytes)
    return null;
  const split = await splitConflict(git, work, path, {
    base: baseBytes,
    ours: oursBytes,
    theirs: theirsBytes,
  });
  if (split?.file.segments.some(({ kind }) => kind === "hunk") !== true) return null;
  return { file: split.file, resolutions: await alignResolutions(git, work, split, committedBytes) };
}
