// The port to one merge as git objects in a bare mirror. There is no work tree, so no repository code can run.
import type { Conflict, ConflictedFile } from "./conflict.ts";
import type { TreeArchive } from "./sandbox.ts";
import type { PastFile, PastMerge } from "./memory.ts";

/** One path that differs between two trees. `oid: null` is a deletion. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly oid: string | null;
}

export type MergeStatus =
  /** The base is already in the head: nothing to merge. */
  | "up-to-date"
  /** Git merges it alone. */
  | "clean"
  | "conflicted"
  /** No common ancestor: git would need --allow-unrelated-histories. */
  | "unrelated"
  /** Only the head is worked on (`start: "head"`). */
  | "not-merged";

export interface Blob {
  readonly mode: string;
  readonly bytes: Uint8Array;
}

/** A merge of `baseSha` into `headSha`. Everything read or written is git objects. */
export interface Workspace {
  readonly headSha: string;
  readonly baseSha: string;
  readonly status: MergeStatus;
  readonly conflicts: readonly Conflict[];
  /** The tree of git's own merge; conflicted paths in it hold markers. `null` when `status` is "up-to-date" or "unrelated". */
  readonly gitTree: string | null;
  /** Parents of the commit that a result becomes: head and base, or the head alone where nothing is merged. */
  readonly parents: readonly string[];
  /** Reads an object. Throws `AppError("workspace")` when it is missing or over the size limit. */
  readBlob(oid: string): Promise<Uint8Array>;
  /** The path in the head, in the base branch, or in the result so far; `null` when it is not there. */
  readPath(side: "head" | "base" | "result", path: string): Promise<Blob | null>;
  /**
   * Splits a `content` or `both-added` conflict into clean text and hunks, with git's own three-way merge.
   * `null` when the three sides are not all text. `encode` turns merged text back into bytes, exactly.
   */
  conflictedFile(
    conflict: Conflict,
  ): Promise<{ file: ConflictedFile; encode: (text: string) => Uint8Array } | null>;
  /** Subject lines of the newest commits that changed the path since the merge base; `null` where there is none. Hostile text. */
  subjects(path: string): Promise<{ readonly ours: string | null; readonly theirs: string | null }>;
  /** Stages a result for a path (`null` deletes it); in force for `readPath("result")` at once, in `tree` after `keep`. */
  write(path: string, blob: Blob | null): Promise<void>;
  /** A result that still has open hunks, marked as git would: part of `patch`, never of a tree. */
  draft(path: string, blob: Blob): Promise<void>;
  /** Paths written since the last `keep` or `discard`. */
  written(): readonly string[];
  /** Keeps what was written since the last `keep`, or drops it (drafts included). */
  keep(): void;
  discard(): void;
  /** The tree of what git merged plus what was written; `null` while a conflicted path has no result. */
  tree(): Promise<string | null>;
  /**
   * A tree of what git merged, what was written, and `results` over it (`null` deletes a path); nothing is staged. `null` while a conflicted path has no result
   * in either.
   */
  treeWith(results: ReadonlyMap<string, Blob | null>): Promise<string | null>;
  /** Every path of a tree, folders left out, in git's order. Throws `AppError("workspace")` over 100,000. */
  listTree(tree: string): Promise<readonly string[]>;
  /** A file of any tree; `null` when it is not there. */
  readTree(tree: string, path: string): Promise<Blob | null>;
  /**
   * A tree's files for the sandbox, straight from git's objects: missing ones are fetched first. Submodules are empty folders. Throws `AppError("workspace")`
   * where the tree is too large to be run (docs/sandbox.md).
   */
  archive(tree: string): TreeArchive;
  /** The tree of one parent. */
  parentTree(side: "head" | "base"): Promise<string>;
  /** The tree that both sides come from; `null` where there is none, or more than one. */
  mergeBaseTree(): Promise<string | null>;
  /** How the tree differs from one parent's. */
  changesSince(side: "head" | "base", tree: string): Promise<readonly TreeChange[]>;
  /**
   * Unified diff, head against everything written and drafted, at most `maxBytes`. Paths that do not fit, or are binary, are left out
   * and named in `omitted`.
   */
  patch(maxBytes: number): Promise<{ text: string; omitted: readonly string[] }>;
  /**
   * The commit between `headSha` and `tipSha` that has exactly `parents`, this tree and the trailer; `null` when there is none. A trailer alone can be
   * written by anybody.
   */
  findCommit(
    tipSha: string,
    merge: { readonly tree: string; readonly trailer: { readonly name: string; readonly value: string } },
  ): Promise<string | null>;
  /**
   * Writes the commit with `parents` locally and pushes it with an explicit lease on `headSha`: for trees too large for the API.
   * `token` is a write token minted for this push; the one the workspace was opened with may only read.
   */
  pushCommit(options: {
    tree: string;
    message: string;
    branch: string;
    token: string;
  }): Promise<{ sha: string }>;
  /** Gives the mirror back. Never throws. */
  dispose(): Promise<void>;
}

export interface OpenWorkspaceOptions {
  readonly cloneUrl: string;
  /** Read access; never written to disk, never part of an argument list. */
  readonly token: string;
  readonly headSha: string;
  readonly baseSha: string;
  /** What results are written over: git's merge of the base into the head, or the head as it is. Left out: the merge. */
  readonly start?: "merge" | "head";
  readonly signal: AbortSignal;
}

export interface PastMergesOptions {
  readonly cloneUrl: string;
  /** As in `OpenWorkspaceOptions`. */
  readonly token: string;
  /** The commit whose history is looked at. */
  readonly tip: string;
  /** Merges to leave out at the start, newest first, and how many to make again at most. */
  readonly skip: number;
  readonly max: number;
  readonly signal: AbortSignal;
}

/** Past merges of a repository, newest first, each with the files that git could not merge. Throws as `OpenWorkspace` does. */
export type PastMerges = (options: PastMergesOptions) => AsyncGenerator<PastMerge>;

export interface ResolutionsOptions {
  readonly cloneUrl: string;
  /** As in `OpenWorkspaceOptions`. */
  readonly token: string;
  /** The merge whose hunks are looked for: `baseSha` into `headSha`. */
  readonly headSha: string;
  readonly baseSha: string;
  /** Where: in the newest commit between head and `tip` that merges these very two, or in `tip` itself. */
  readonly tip: string;
  readonly where: "merge" | "tip";
  readonly signal: AbortSignal;
}

/** The hunks of a merge as they were resolved in one commit. */
export interface FoundResolutions {
  /** The commit. */
  readonly sha: string;
  /** Empty where the merge has no hunks, or cannot be made again. */
  readonly files: readonly PastFile[];
}

/** `null` where no commit merges the two. Throws as `OpenWorkspace` does. */
export type FindResolutions = (options: ResolutionsOptions) => Promise<FoundResolutions | null>;

export type OpenWorkspace = (options: OpenWorkspaceOptions) => Promise<Workspace>;
