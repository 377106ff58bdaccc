// Git trees in a private repository of this process: of files, of another repository's commits, of patches. There is no work tree, and no setting of theirs counts.
import { copyFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { Trees } from "../core/suite.ts";
import type { Blob } from "../core/workspace.ts";
import { archivesOf } from "./archive.ts";
import { createBlobCache } from "./blob-cache.ts";
import { offlineEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { gitFor, must } from "./git.ts";
import type { Git } from "./git.ts";
import { gitStreamFor } from "./git-stream.ts";
import { defaultLimits } from "./limits.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { folderMode, listEntries, listPaths, pathOf, submoduleMode, treeName } from "./listing.ts";
import type { TreeEntry } from "./listing.ts";
import { createMemo } from "./memo.ts";
import { tryBlobsHere, unread, writeLooseBlob } from "./objects.ts";
import { takeFolder } from "./own-folder.ts";
import { isTreePath } from "./paths.ts";
import { asTheyAre, createBareRepository, createBorrowingRepository } from "./repository.ts";
import { buildTree } from "./results.ts";
import type { Result } from "./results.ts";
import { stored } from "./stored.ts";

/** Git's name of the tree that has nothing in it. */
export const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export interface PrivateTreesOptions {
  /** Git directory whose objects are seen, not copied; `null`: none. */
  readonly borrow: string | null;
  /** Only the search path in it passes to git. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<WorkspaceLimits>;
  readonly signal: AbortSignal;
}

export interface PrivateTrees {
  /** An empty folder of this process, gone with `dispose`. */
  readonly work: string;
  readonly gitDir: string;
  readonly git: Git;
  readonly environment: Environment;
  readonly limits: WorkspaceLimits;
  /** Writes contents of any size. */
  readonly writeFile: (bytes: Uint8Array) => Promise<string>;
  /** A tree like `tree` with these in it. */
  readonly withResults: (tree: string, results: ReadonlyMap<string, Result>) => Promise<string>;
  /** The same of contents, checked as a workspace's are: `AppError("workspace")` for a path, a mode or a size that no file may have. */
  readonly withBlobs: (tree: string, blobs: ReadonlyMap<string, Blob | null>) => Promise<string>;
  /** A tree with a unified diff applied, taken as bytes. Throws `AppError("workspace")` where it does not apply. */
  readonly patched: (tree: string, patch: Uint8Array) => Promise<string>;
  /** The tree of a commit that is here; `null` where it is not. */
  readonly treeOf: (commit: string) => Promise<string | null>;
  /** `treeWith` of it writes over `head`. */
  readonly over: (head: string) => Trees;
  /** Never throws. */
  readonly dispose: () => Promise<void>;
}

/** The folder is gone when `dispose` resolves, and when this throws. */
export async function openPrivateTrees(options: PrivateTreesOptions): Promise<PrivateTrees> {
  const { folder: work, dispose } = await takeFolder(tmpdir(), "errand-trees-");
  try {
    return { ...(await treesIn(work, options)), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function treesIn(work: string, options: PrivateTreesOptions): Promise<Omit<PrivateTrees, "dispose">> {
  const { borrow, signal } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const gitDir = join(work, "repository.git");
  await mkdir(join(work, "home"));
  if (borrow === null) await createBareRepository(gitDir);
  else {
    await createBorrowingRepository(gitDir, borrow);
    // Where a shallow clone ends; absent in others.
    await copyFile(join(borrow, "shallow"), join(gitDir, "shallow")).catch(() => undefined);
  }
  const environment = offlineEnvironment(join(work, "home"), options.environment);
  const setup = { directory: work, gitDir, timeoutMs: limits.localMs, signal, secrets: [] };
  const git = gitFor({ ...setup, env: environment });
  const writeFile = (bytes: Uint8Array) => {
    signal.throwIfAborted();
    return writeLooseBlob(gitDir, bytes);
  };
  const withBlobs: PrivateTrees["withBlobs"] = async (tree, blobs) => {
    const results = new Map<string, Result>();
    const contents = { write: writeFile };
    for (const [path, blob] of blobs) results.set(path, await stored({ contents, limits }, path, blob));
    return await buildTree(git, work, tree, results);
  };
  const archive = archivesOf({
    local: git,
    stream: gitStreamFor({ ...setup, env: { ...environment, ...asTheyAre } }),
    limits,
    signal,
    fetcher: () => Promise.resolve(refuseMissing),
  });
  const readTree = readerOf(git, limits, signal);
  return {
    work,
    gitDir,
    git,
    environment,
    limits,
    writeFile,
    withResults: (tree, results) => buildTree(git, work, tree, results),
    withBlobs,
    patched: (tree, patch) => patched(git, work, tree, patch),
    treeOf: (commit) => treeOf(git, commit),
    over: (head) => ({
      treeWith: (blobs) => withBlobs(head, blobs),
      listTree: (tree) => listPaths(git, tree, limits),
      readTree,
      archive,
    }),
  };
}

/** Nothing is ever fetched here. */
function refuseMissing(missing: readonly string[]): Promise<boolean> {
  if (missing.length === 0) return Promise.resolve(true);
  throw new AppError("workspace", `${missing.length} files of the tree are not in this clone.`, {
    retryable: false,
    remedy: "Use a full clone: partial ones fetch files only when they are checked out.",
  });
}

/** A tree's list of files is read once, and contents stay in memory within a bound. */
function readerOf(git: Git, limits: WorkspaceLimits, signal: AbortSignal): Trees["readTree"] {
  const files = createMemo<ReadonlyMap<string, TreeEntry>>(signal);
  const cache = createBlobCache(async (oids) => {
    const readings = await tryBlobsHere(git, oids, limits.blobBytes);
    return readings.map((reading, index) =>
      Buffer.isBuffer(reading) ? reading : unread(reading, oids[index] ?? "", limits.blobBytes),
    );
  }, limits.memoryBytes);
  return async (tree, path) => {
    if (!isTreePath(path)) return null;
    const entry = (await files(tree, () => filesOf(git, tree, limits))).get(path);
    if (entry === undefined) return null;
    const [bytes = new Uint8Array()] = await cache.read([entry.oid]);
    return { mode: entry.mode, bytes };
  };
}

async function filesOf(git: Git, tree: string, limits: WorkspaceLimits): Promise<Map<string, TreeEntry>> {
  const entries = await listEntries(git, tree, limits);
  const files = entries.filter(({ mode }) => mode !== folderMode && mode !== submoduleMode);
  return new Map(files.map((entry) => [pathOf(entry.rawPath), entry]));
}

async function patched(git: Git, work: string, tree: string, patch: Uint8Array): Promise<string> {
  if (patch.length === 0) return treeName(tree);
  const env = { GIT_INDEX_FILE: join(work, `index-${randomUUID()}`) };
  await must(git(["read-tree", treeName(tree)], { env }), "reading a tree");
  const apply = ["apply", "--cached", "--whitespace=nowarn", "-"];
  await must(git(apply, { env, input: patch }), "applying a patch");
  const output = await must(git(["write-tree", "--missing-ok"], { env }), "writing the tree");
  return output.toString("latin1").trim();
}

async function treeOf(git: Git, commit: string): Promise<string | null> {
  const found = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{tree}`]);
  return found.code === 0 ? found.stdout.toString("latin1").trim() : null;
}
