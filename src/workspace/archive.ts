// A tree's files as a tar stream for the sandbox: looked at before git writes them, because whatever unpacks them trusts their names.
import { AppError } from "../core/errors.ts";
import type { TreeArchive } from "../core/sandbox.ts";
import type { Git } from "./git.ts";
import type { GitStream } from "./git-stream.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { folderMode, listEntries, pathOf, submoduleMode, treeName } from "./listing.ts";
import type { TreeEntry } from "./listing.ts";
import { createMemo } from "./memo.ts";
import { contentsOf, fetchWithin } from "./mirror.ts";
import { sizesOf } from "./objects.ts";
import type { Session } from "./open.ts";
import { isTreePath } from "./paths.ts";
import { asTheyAre } from "./repository.ts";

/** Reads `.gitattributes` of a work tree, which a bare repository has none of: the tree's own are not even parsed, and cannot hide or change a file. */
const noAttributes = "--worktree-attributes";

/** Where an archive's files come from. */
export interface ArchiveSource {
  readonly local: Git;
  /** Git that sees the objects themselves, not what replaces them for a merge. */
  readonly stream: GitStream;
  readonly limits: WorkspaceLimits;
  readonly signal: AbortSignal;
  /** Asked before files are looked up; what it gives has those brought here that were missing then, and says whether they all are. */
  readonly fetcher: () => Promise<(missing: readonly string[]) => Promise<boolean>>;
}

/** Archives of one workspace's trees: what is missing is fetched into its mirror. */
export function createArchives({ mirror, local, stream }: Session): (tree: string) => TreeArchive {
  const { signal, limits } = mirror;
  return archivesOf({
    local,
    stream,
    limits,
    signal,
    fetcher: async () => {
      const contents = await contentsOf(mirror);
      return (missing) => fetchWithin(mirror, missing, { contents, bytes: limits.treeBytes });
    },
  });
}

/**
 * Archives of trees. What is missing is fetched once for a tree, and a tree that is refused is not asked for again. The stream throws
 * `AppError("workspace")` before its first byte for a tree that is too large or has a path that is not safe.
 */
export function archivesOf(source: ArchiveSource): (tree: string) => TreeArchive {
  const refusals = createMemo<AppError | null>(source.signal);
  return (tree) =>
    async function* () {
      const refusal = await refusals(tree, () => prepare(source, treeName(tree)));
      if (refusal !== null) throw refusal;
      yield* source.stream(
        ["-c", "tar.umask=0022", "archive", "--format=tar", noAttributes, tree],
        "reading a tree's files",
      );
    };
}

/** Has all of a tree's files here. Why the tree is not run is a value: it stays true. */
async function prepare({ limits, ...source }: ArchiveSource, tree: string): Promise<AppError | null> {
  const local: Git = (args, options) =>
    source.local(args, { ...options, env: { ...options?.env, ...asTheyAre } });
  const fetch = await source.fetcher();
  const entries = await listEntries(local, tree, limits);
  const unsafe = unsafePath(entries);
  if (unsafe !== null) return unsafeTree(unsafe);
  const files = entries.filter(({ mode }) => mode !== folderMode && mode !== submoduleMode);
  const missing = [...new Set(files.filter(({ size }) => size === null).map(({ oid }) => oid))];
  if (!(await fetch(missing))) return tooLargeTree(limits);
  return overLimit(files, await sizesOf(local, missing), limits);
}

/** The first path that must not be unpacked, `null` where all are safe. */
function unsafePath(entries: readonly TreeEntry[]): string | null {
  const seen = new Set<string>();
  const folders = new Set([""]);
  for (const { mode, rawPath } of entries) {
    const path = pathOf(rawPath);
    const parent = rawPath.slice(0, Math.max(0, rawPath.lastIndexOf("/")));
    // A folder that is not listed, or a second entry of a name: a tree no git makes, where one file could be written through another that is a link.
    if (!isTreePath(path) || seen.has(rawPath) || !folders.has(parent)) return path;
    seen.add(rawPath);
    if (mode === folderMode) folders.add(rawPath);
  }
  return null;
}

function overLimit(
  files: readonly TreeEntry[],
  fetched: ReadonlyMap<string, number | null>,
  limits: WorkspaceLimits,
): AppError | null {
  let total = 0;
  for (const { oid, size, rawPath } of files) {
    const bytes = size ?? fetched.get(oid) ?? 0;
    if (bytes > limits.treeFileBytes) return tooLargeFile(pathOf(rawPath), limits);
    total += bytes;
  }
  return total > limits.treeBytes ? tooLargeTree(limits) : null;
}

const tooLargeFile = (path: string, { treeFileBytes }: WorkspaceLimits) =>
  refused(`${JSON.stringify(path)} has more than the ${megabytes(treeFileBytes)} MB a file of it may have`);

const tooLargeTree = ({ treeBytes }: WorkspaceLimits) =>
  refused(`its files come to more than ${megabytes(treeBytes)} MB`);

const unsafeTree = (path: string) =>
  refused(`${JSON.stringify(path)} is no path that can be unpacked safely`);

function refused(why: string): AppError {
  return new AppError("workspace", `The repository is not run: ${why}.`, {
    retryable: false,
    remedy: "Run its checks by hand, or where they usually run.",
  });
}

const megabytes = (bytes: number) => (bytes / 1024 / 1024).toLocaleString("en", { maximumFractionDigits: 0 });
