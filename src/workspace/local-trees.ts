// Trees without a pull request: a person's working copy as it is on the disk now, or files that are in memory.
import { AppError } from "../core/errors.ts";
import type { Trees } from "../core/suite.ts";
import type { Git } from "./git.ts";
import { emptyTree, openPrivateTrees } from "./private-trees.ts";
import type { PrivateTrees } from "./private-trees.ts";
import type { Result } from "./results.ts";
import { diffTrees, pathText } from "./tree-diff.ts";
import { findWorkingCopy, listWorkingFiles, readWorkingFile } from "./working-copy.ts";
import type { WorkingCopy } from "./working-copy.ts";

export interface LocalTrees {
  readonly trees: Trees;
  /** The tree of the files as they were when this was opened. */
  readonly head: string;
  /** The tree of the merge base with the default branch; `null` where there is none, or where nothing differs from it. */
  readonly baseTree: string | null;
  /** Paths that differ from `baseTree`, what is gone left out; empty where that is `null`. */
  readonly changed: readonly string[];
  /** The working copy's topmost folder; `null` of files in memory. */
  readonly root: string | null;
  /** Never throws. */
  readonly dispose: () => Promise<void>;
}

export type LocalTreesOptions = {
  /** Of the process: where programs are, and where the person's own ignore file is. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
} & (
  | { readonly directory: string }
  /** Contents by path. */
  | { readonly files: ReadonlyMap<string, Uint8Array> }
);

/** Files that are read at a time. */
const atATime = 32;

/**
 * Reads the working copy around `directory`: files that are tracked, or not ignored; never `.git` or node_modules. Nothing of it is run, changed, or believed.
 * Throws `AppError("input")` where there is no working copy, or where it has a file that cannot be taken over.
 */
export async function openLocalTrees(options: LocalTreesOptions): Promise<LocalTrees> {
  const copy = "directory" in options ? await findWorkingCopy(options.directory) : null;
  const made = await openPrivateTrees({ ...options, borrow: copy?.commonDir ?? null });
  try {
    const head =
      "files" in options
        ? await made.withBlobs(emptyTree, blobsOf(options.files))
        : await headOf(copy, made, options);
    const baseTree = copy === null ? null : await baseOf(copy, made);
    const base = baseTree === head ? null : baseTree;
    return {
      trees: made.over(head),
      head,
      baseTree: base,
      changed: base === null ? [] : await changedPaths(made, base, head),
      root: copy?.root ?? null,
      dispose: made.dispose,
    };
  } catch (error) {
    await made.dispose();
    throw error;
  }
}

function blobsOf(files: ReadonlyMap<string, Uint8Array>) {
  return new Map([...files].map(([path, bytes]) => [path, { mode: "100644", bytes }]));
}

async function headOf(
  copy: WorkingCopy | null,
  made: PrivateTrees,
  options: Pick<LocalTreesOptions, "environment" | "signal">,
): Promise<string> {
  if (copy === null) return emptyTree;
  await checkFormat(copy, made);
  const { limits } = made;
  const paths = await listWorkingFiles(copy, made, options);
  if (paths.length > limits.treePaths) throw tooMany(limits.treePaths);
  const results = new Map<string, Result>();
  let total = 0;
  for (let at = 0; at < paths.length; at += atATime) {
    const read = paths.slice(at, at + atATime).map(async (path) => {
      const file = await readWorkingFile(copy.root, path, limits.treeFileBytes);
      if (file === null) return;
      total += file.bytes.length;
      results.set(path, { mode: file.mode, oid: await made.writeFile(file.bytes) });
    });
    await Promise.all(read);
    if (total > limits.treeBytes) throw tooMuch(limits.treeBytes);
  }
  return await made.withResults(emptyTree, results);
}

async function checkFormat(copy: WorkingCopy, made: PrivateTrees): Promise<void> {
  const format = await made.git([`--git-dir=${copy.gitDir}`, "rev-parse", "--show-object-format"]);
  if (format.stdout.toString("latin1").trim() === "sha1") return;
  throw new AppError(
    "input",
    "This repository names its objects otherwise than by SHA-1, or cannot be read.",
    {
      retryable: false,
      remedy: "Use a clone that names its objects by SHA-1, git's default.",
    },
  );
}

/** Where a default branch is looked for, the remote's own word first. */
const defaultBranches = [
  "refs/remotes/origin/HEAD",
  "refs/remotes/origin/main",
  "refs/remotes/origin/master",
  "refs/heads/main",
  "refs/heads/master",
];

async function baseOf(copy: WorkingCopy, made: PrivateTrees): Promise<string | null> {
  // Git looks into their repository for names of commits alone: what is run for that reads no attribute, no hook and no filter.
  const git: Git = (args) => made.git([`--git-dir=${copy.gitDir}`, ...args]);
  for (const branch of defaultBranches) {
    const found = await git(["rev-parse", "--verify", "--quiet", `${branch}^{commit}`]);
    if (found.code !== 0) continue;
    const merged = await git(["merge-base", "HEAD", found.stdout.toString("latin1").trim()]);
    const commit = merged.stdout.toString("latin1").trim();
    return merged.code === 0 && /^[0-9a-f]{40}$/.test(commit) ? await made.treeOf(commit) : null;
  }
  return null;
}

async function changedPaths(made: PrivateTrees, base: string, head: string): Promise<readonly string[]> {
  const changes = await diffTrees(made.git, base, head, made.limits);
  return changes.flatMap(({ status, rawPath }) => (status === "D" ? [] : (pathText(rawPath) ?? [])));
}

function tooMany(paths: number): AppError {
  return new AppError(
    "input",
    `The working copy has more than ${paths.toLocaleString("en")} files that are not ignored.`,
    { retryable: false, remedy: "Have git ignore what is built or downloaded (.gitignore)." },
  );
}

function tooMuch(bytes: number): AppError {
  const megabytes = Math.floor(bytes / 1024 / 1024);
  return new AppError("input", `The working copy's files come to more than ${megabytes} MB.`, {
    retryable: false,
    remedy: "Have git ignore what is built or downloaded (.gitignore).",
  });
}
