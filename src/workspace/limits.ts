// The bounds of the workspace in one place.

export interface WorkspaceLimits {
  /** Largest file, in bytes, that is read, merged or written. Larger ones are for a person. */
  readonly blobBytes: number;
  /** Most bytes of file contents that one fetch may bring before it is split. */
  readonly fetchBytes: number;
  /** Most bytes of history (commits and trees) that one fetch may bring. */
  readonly historyBytes: number;
  /** Most bytes of file contents that one workspace keeps in memory. */
  readonly memoryBytes: number;
  /** Most paths in which a side of a merge may differ from the merge base, and most files that a merge may need to read. */
  readonly changedPaths: number;
  /** Most paths that may conflict. */
  readonly conflictedPaths: number;
  /** Most bytes of a list of paths that git writes. */
  readonly listingBytes: number;
  /** Most files of a tree that is listed or run, and most folders. */
  readonly treePaths: number;
  /** Most bytes of a tree that is run, and of one file in it. */
  readonly treeBytes: number;
  readonly treeFileBytes: number;
  /** Most merge bases whose files are fetched beforehand, and most comparisons with one that are made for that. */
  readonly mergeBases: number;
  readonly comparisons: number;
  /** Milliseconds that git may take to compare two trees before their paths are counted. */
  readonly patienceMs: number;
  /** Milliseconds for opening a workspace as a whole. */
  readonly openMs: number;
  /** Milliseconds for a git call that stays on this machine. */
  readonly localMs: number;
  /** Milliseconds for a git call that goes over the network. */
  readonly networkMs: number;
}

/**
 * 5 MB is what the design lets cross planes; the rest is generous: a hang is what they are there to end. A list of 100,000 paths has some
 * 15 MB and takes some 25 MB here once it is read; a tree of a few hundred kilobytes can name millions. A tree that is run is copied into memory.
 */
export const defaultLimits: WorkspaceLimits = {
  blobBytes: 5 * 1024 * 1024,
  fetchBytes: 256 * 1024 * 1024,
  historyBytes: 8 * 1024 * 1024 * 1024,
  memoryBytes: 64 * 1024 * 1024,
  changedPaths: 100_000,
  conflictedPaths: 10_000,
  listingBytes: 32 * 1024 * 1024,
  treePaths: 100_000,
  treeBytes: 1024 * 1024 * 1024,
  treeFileBytes: 64 * 1024 * 1024,
  mergeBases: 4,
  comparisons: 8,
  patienceMs: 1_000,
  openMs: 600_000,
  localMs: 120_000,
  networkMs: 600_000,
};
