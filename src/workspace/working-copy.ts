// A person's working copy as it lies on the disk: which files are theirs, and what is in them. Their repository's own settings are never read, so none can steer it.
import { constants } from "node:fs";
import { copyFile, lstat, open, readdir, readFile, readlink } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../core/errors.ts";
import { gitFor, must } from "./git.ts";
import { defaultLimits } from "./limits.ts";
import { pathText } from "./tree-diff.ts";
import { isTreePath } from "./paths.ts";
import type { PrivateTrees } from "./private-trees.ts";

export interface WorkingCopy {
  /** Its topmost folder. */
  readonly root: string;
  /** Git's directory of this work tree, and the one that all work trees share. */
  readonly gitDir: string;
  readonly commonDir: string;
}

interface ListOptions {
  /** Of the process: where the person's own ignore file is. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

interface WorkingFile {
  readonly mode: string;
  readonly bytes: Uint8Array;
}

/** The working copy around a folder. Throws `AppError("input")` where there is none. */
export async function findWorkingCopy(directory: string): Promise<WorkingCopy> {
  for (let root = resolve(directory); ; root = dirname(root)) {
    const gitDir = await gitDirIn(root);
    if (gitDir !== null) {
      const common = await readFile(join(gitDir, "commondir"), "utf8").catch(() => null);
      return { root, gitDir, commonDir: common === null ? gitDir : resolve(gitDir, common.trim()) };
    }
    if (dirname(root) === root) throw noWorkingCopy(directory);
  }
}

/** Git's directory, or what a work tree's or submodule's `.git` file names. */
async function gitDirIn(root: string): Promise<string | null> {
  const path = join(root, ".git");
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() === true) return path;
  if (found?.isFile() !== true) return null;
  const named = /^gitdir: ([^\n]+)\n*$/.exec(await readFile(path, "utf8"))?.[1];
  if (named === undefined) return null;
  return isAbsolute(named) ? named : resolve(root, named);
}

/**
 * Paths that are tracked, or neither tracked nor ignored, nothing of node_modules among them: some are not on the disk any more. The ignore files of the
 * repository and of the person count. Throws `AppError("input")` for a name that cannot be taken over.
 */
export async function listWorkingFiles(
  copy: WorkingCopy,
  trees: PrivateTrees,
  { environment, signal }: ListOptions,
): Promise<readonly string[]> {
  await copyFile(join(copy.gitDir, "index"), join(trees.gitDir, "index")).catch(() => undefined);
  for (const name of await readdir(copy.gitDir)) {
    // What an index that is split refers to.
    if (name.startsWith("sharedindex.")) await copyFile(join(copy.gitDir, name), join(trees.gitDir, name));
  }
  const git = gitFor({
    directory: copy.root,
    gitDir: trees.gitDir,
    env: { ...trees.environment, GIT_WORK_TREE: copy.root },
    timeoutMs: defaultLimits.localMs,
    signal,
    secrets: [],
  });
  const ignored = await ignoreFiles(copy, environment);
  const args = [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-per-directory=.gitignore",
    "--exclude=node_modules",
    ...ignored.map((path) => `--exclude-from=${path}`),
  ];
  const output = await must(
    git(args, { maxOutputBytes: trees.limits.listingBytes }),
    "listing the working copy's files",
  );
  const paths = output.toString("latin1").split("\0").slice(0, -1);
  // A path that ends in a slash is another repository that lies in this one.
  const own = paths.filter((path) => !path.endsWith("/") && !path.split("/").includes("node_modules"));
  return [...new Set(own)].map(namedPath);
}

function namedPath(rawPath: string): string {
  const path = pathText(rawPath);
  if (path !== null && isTreePath(path)) return path;
  const shown = JSON.stringify(Buffer.from(rawPath, "latin1").toString("utf8"));
  throw new AppError("input", `The working copy has a file whose name cannot be taken over: ${shown}.`, {
    retryable: false,
    remedy: "Rename it, or have it ignored (.gitignore).",
  });
}

/** Of the clone, and of the person where git looks for it without being told (gitignore(5)). */
async function ignoreFiles(
  { commonDir }: WorkingCopy,
  { HOME: home, XDG_CONFIG_HOME: config }: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const settings = config ?? (home === undefined ? null : join(home, ".config"));
  const candidates = [
    join(commonDir, "info", "exclude"),
    ...(settings === null ? [] : [join(settings, "git", "ignore")]),
  ];
  const found = await Promise.all(candidates.map((path) => lstat(path).catch(() => null)));
  return candidates.filter((_, index) => found[index]?.isFile() === true);
}

/** What lies at a path: `null` where nothing does, or a folder. Never through a link. Throws `AppError("input")` for a file of more than `maxBytes`. */
export async function readWorkingFile(
  root: string,
  path: string,
  maxBytes: number,
): Promise<WorkingFile | null> {
  if (!(await hasOwnFolder(root, path))) return null;
  const full = join(root, path);
  const found = await lstat(full).catch(() => null);
  if (found?.isSymbolicLink() === true) {
    return { mode: "120000", bytes: await readlink(full, { encoding: "buffer" }) };
  }
  if (found?.isFile() !== true) return null;
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size, mode } = await file.stat();
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    return { mode: (mode & 0o100) === 0 ? "100644" : "100755", bytes: await file.readFile() };
  } finally {
    await file.close();
  }
}

/** Whether all folders on the way are folders: one that is a link leads out of the working copy. */
async function hasOwnFolder(root: string, path: string): Promise<boolean> {
  const parts = path.split("/").slice(0, -1);
  for (const index of parts.keys()) {
    const folder = await lstat(join(root, ...parts.slice(0, index + 1))).catch(() => null);
    if (folder?.isDirectory() !== true) return false;
  }
  return true;
}

function noWorkingCopy(directory: string): AppError {
  return new AppError("input", `There is no git work tree at ${directory}.`, {
    retryable: false,
    remedy: "Change into a cloned repository and try again.",
  });
}

function tooLarge(path: string, maxBytes: number): AppError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024);
  return new AppError("input", `${JSON.stringify(path)} has more than ${megabytes} MB.`, {
    retryable: false,
    remedy: "Have it ignored (.gitignore), or move it out of the working copy.",
  });
}
