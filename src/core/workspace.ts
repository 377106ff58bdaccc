// The port to one merge as git objects in a bare mirror. There is no work tree, so no repository code can run.
import type { Conflict, ConflictedFile } from "./conflict.ts";

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
  | "unrelated";

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
  /** Stages a result for a path (`null` deletes it); in force for `readPath("result")` at once, in `tree` after `keep`. */
  write(path: string, blob: Blob | null): Promise<void>;
  /** Keeps what was written since the last `keep`, or drops it. */
  keep(): void;
  discard(): void;
  /** The tree of what git merged plus what was kept. Throws while a conflicted path has no kept result. */
  tree(): Promise<string>;
  /** How the tree differs from one parent's. */
  changesSince(side: "head" | "base", tree: string): Promise<readonly TreeChange[]>;
  /** Unified diff of the named paths, head against what was kept, at most `maxBytes`; `null` when larger. */
  patch(paths: readonly string[], maxBytes: number): Promise<string | null>;
  /** A commit between `headSha` and `tipSha` whose message has the trailer `name: value`; `null` when there is none. */
  findTrailer(tipSha: string, name: string, value: string): Promise<string | null>;
  /** Writes the merge commit locally and pushes it with an explicit lease on `headSha`: for trees too large for the API. */
  pushCommit(options: { tree: string; message: string; branch: string }): Promise<{ sha: string }>;
  /** Gives the mirror back. Never throws. */
  dispose(): Promise<void>;
}

export interface OpenWorkspaceOptions {
  readonly cloneUrl: string;
  /** Read access; never written to disk, never part of an argument list. */
  readonly token: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly signal: AbortSignal;
}

export type OpenWorkspace = (options: OpenWorkspaceOptions) => Promise<Workspace>;
