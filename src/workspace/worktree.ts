// A merge in a person's own repository: its work tree and index, under their own git configuration.
import { lstat, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { Conflict, ConflictedFile } from "../core/conflict.ts";
import { classifyConflicts } from "./classify.ts";
import { splitConflict } from "./conflicted-file.ts";
import type { Environment } from "./environment.ts";
import { gitFor, must } from "./git.ts";
import type { Git } from "./git.ts";
import { subjectsBetween } from "./history.ts";
import { defaultLimits } from "./limits.ts";
import type { MergeMessage } from "./merge-tree.ts";
import { parseStages } from "./merge-tree.ts";
import { readBlobsHere, sizesOf, writeBlob } from "./objects.ts";
import { replaceFile } from "./replace-file.ts";

/** What left the conflicts behind. */
export type Operation = "merge" | "rebase" | "cherry-pick" | "revert";

/** The user's `merge.conflictStyle`. */
type ConflictStyle = "merge" | "diff3" | "zdiff3";

/** The words beside the markers in the work tree's file. */
interface MarkerLabels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

export interface WorktreeFile {
  readonly file: ConflictedFile;
  readonly encode: (text: string) => Uint8Array;
  readonly labels: MarkerLabels;
  /** `true` when the file is no longer as git left it: someone has begun to resolve it by hand, and that would be overwritten. */
  readonly edited: boolean;
}

export interface Worktree {
  readonly root: string;
  /** Git's directory that all work trees of the repository share. */
  readonly gitDirectory: string;
  /** `null` when nothing is in progress. */
  readonly operation: () => Promise<Operation | null>;
  readonly conflictStyle: ConflictStyle;
  /** Unmerged paths of the index. */
  readonly conflicts: () => Promise<readonly Conflict[]>;
  /** `null` as for `Workspace.conflictedFile`. */
  readonly conflictedFile: (conflict: Conflict) => Promise<WorktreeFile | null>;
  /** As `Workspace.subjects`, for a merge in progress; both `null` in a rebase or cherry-pick, where no branch is merged. */
  readonly subjects: (
    path: string,
  ) => Promise<{ readonly ours: string | null; readonly theirs: string | null }>;
  /**
   * Writes a conflicted file. With `resolved` its path is added to the index; otherwise it stays unmerged. Line endings and filters are
   * the ones git applies when it checks the path out. Throws `AppError("workspace")` when the path leads through a symbolic link.
   */
  readonly write: (conflict: Conflict, bytes: Uint8Array, options: { resolved: boolean }) => Promise<void>;
  /** `git merge --no-commit --no-ff`: "merged" waits for a commit. Throws `AppError("input")` for what is no commit. */
  readonly startMerge: (ref: string) => Promise<"up-to-date" | "merged" | "conflicted">;
}

export interface WorktreeOptions {
  /** The person's whole environment: their configuration, identity and hooks are in force. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const sideNames = { ours: "the current branch", theirs: "the branch that is merged into it" };

/** Finds the repository around a directory. Throws `AppError("input")` outside of one, or in one without a work tree. */
export async function openWorktree(cwd: string, options: WorktreeOptions): Promise<Worktree> {
  const env: Environment = {
    ...Object.fromEntries(
      Object.entries(options.environment).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
    LC_ALL: "C",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
  };
  const gitAt = (directory: string) =>
    gitFor({
      directory,
      gitDir: null,
      env,
      timeoutMs: defaultLimits.networkMs,
      signal: options.signal,
      secrets: [],
    });
  const found = await gitAt(cwd)([
    "rev-parse",
    "--path-format=absolute",
    "--show-toplevel",
    "--git-common-dir",
  ]);
  if (found.code !== 0) {
    throw new AppError("input", `There is no git work tree at ${cwd}.`, {
      retryable: false,
      remedy: "Change into a cloned repository and try again.",
    });
  }
  const [root = "", gitDirectory = ""] = found.stdout.toString("utf8").split("\n");
  const git = gitAt(root);
  const style = (await git(["config", "--get", "merge.conflictStyle"])).stdout.toString("utf8").trim();
  return {
    root,
    gitDirectory,
    operation: () => operationIn(git),
    conflictStyle: style === "diff3" || style === "zdiff3" ? style : "merge",
    conflicts: () => conflictsIn(git),
    conflictedFile: (conflict) => fileOf(git, root, conflict),
    subjects: (path) => subjectsBetween(git, { ours: "HEAD", theirs: "MERGE_HEAD" }, path),
    write: (conflict, bytes, { resolved }) => write(git, root, { conflict, bytes, resolved }),
    startMerge: (ref) => startMerge(git, ref),
  };
}

const operations: readonly (readonly [string, Operation])[] = [
  // A rebase leaves CHERRY_PICK_HEAD, too.
  ["rebase-merge", "rebase"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
];

async function operationIn(git: Git): Promise<Operation | null> {
  const args = operations.flatMap(([name]) => ["--git-path", name]);
  const output = await must(
    git(["rev-parse", "--path-format=absolute", ...args]),
    "looking at the repository",
  );
  const paths = output.toString("utf8").trimEnd().split("\n");
  for (const [index, [, operation]] of operations.entries()) {
    if ((await lstat(paths[index] ?? "").catch(() => null)) !== null) {
      return operation;
    }
  }
  return null;
}

async function conflictsIn(git: Git): Promise<readonly Conflict[]> {
  const output = await must(git(["ls-files", "-u", "-z", "--full-name"]), "listing the conflicts");
  const stages = parseStages(output.toString("latin1").split("\0").slice(0, -1));
  const files = stages.filter(({ mode }) => mode !== "160000").map(({ oid }) => oid);
  const sizes = await sizesOf(git, files);
  const messages: MergeMessage[] = [];
  const readable = stages.filter(
    ({ oid, mode }) => mode.startsWith("100") && (sizes.get(oid) ?? Infinity) <= defaultLimits.blobBytes,
  );
  for (const { oid, rawPath } of readable) {
    const [bytes] = await readBlobsHere(git, [oid], defaultLimits.blobBytes);
    // The same look at the start of a file that git takes (its first 8,000 bytes).
    if (bytes?.subarray(0, 8000).includes(0))
      messages.push({ rawPaths: [rawPath], type: "binary", text: "" });
  }
  return classifyConflicts(
    { tree: "", clean: false, stages, messages },
    { sizes, blobBytes: defaultLimits.blobBytes, names: sideNames },
  );
}

const nothing = new Uint8Array();

async function fileOf(git: Git, root: string, conflict: Conflict): Promise<WorktreeFile | null> {
  const { kind, path, base, ours, theirs } = conflict;
  if ((kind !== "content" && kind !== "both-added") || ours === null || theirs === null) return null;
  const stages = [ours, theirs, ...(base === null ? [] : [base])].map(({ oid }) => oid);
  const [oursBytes = nothing, theirsBytes = nothing, baseBytes = null] = await readBlobsHere(
    git,
    stages,
    defaultLimits.blobBytes,
  );
  const scratch = await mkdtemp(join(tmpdir(), "errand-"));
  try {
    const split = await splitConflict(git, scratch, path, {
      base: baseBytes,
      ours: oursBytes,
      theirs: theirsBytes,
    });
    if (split === null) return null;
    const current = await readFile(join(root, path), "latin1").catch(() => null);
    const asLeft = await asGitLeftIt(git, scratch, path);
    return {
      ...split,
      labels: labelsIn(current),
      edited: !isSameButLabels(current, asLeft),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Has git write the conflicted file again, into another directory and with a copy of the index: nothing of the person's is touched. */
async function asGitLeftIt(git: Git, scratch: string, path: string): Promise<string | null> {
  const index = await must(git(["ls-files", "-s", "-z", "--full-name", "--", path]), "reading the index");
  const env = { GIT_INDEX_FILE: join(scratch, "index") };
  await must(git(["update-index", "-z", "--index-info"], { env, input: index }), "copying the index");
  const checkout = await git([`--work-tree=${scratch}`, "checkout", "--quiet", "--merge", "--", path], {
    env,
  });
  if (checkout.code !== 0) return null;
  return await readFile(join(scratch, path), "latin1").catch(() => null);
}

const markerLine = /^([<|>]{7,})(?: [^\r\n]*)?(?=\r?$)/gm;

function isSameButLabels(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && withoutLabels(one) === withoutLabels(other);
}

function withoutLabels(text: string): string {
  return text.replaceAll(markerLine, "$1");
}

function labelsIn(text: string | null): MarkerLabels {
  const label = (character: string) => {
    const start = `${character.repeat(7)} `;
    const line = (text ?? "").split("\n").find((one) => one.startsWith(start));
    return Buffer.from(line?.slice(start.length).trimEnd() ?? "", "latin1").toString("utf8");
  };
  return { ours: label("<") || "HEAD", base: label("|"), theirs: label(">") || "theirs" };
}

async function write(
  git: Git,
  root: string,
  change: { readonly conflict: Conflict; readonly bytes: Uint8Array; readonly resolved: boolean },
): Promise<void> {
  const { conflict, bytes, resolved } = change;
  const oid = await writeBlob(git, bytes);
  const converted = await must(
    git(["cat-file", "--filters", `--path=${conflict.path}`, oid]),
    "writing the file as git checks it out",
  );
  await replaceFile(root, conflict.path, converted, modeAfter(conflict) === "100755");
  if (resolved) await must(git(["add", "--", conflict.path]), "adding the resolved file");
}

/** The mode of the result: the one that a side changed it to, else the one it had. */
function modeAfter({ base, ours, theirs }: Conflict): string | undefined {
  return ours?.mode === base?.mode ? theirs?.mode : ours?.mode;
}

async function startMerge(git: Git, ref: string): Promise<"up-to-date" | "merged" | "conflicted"> {
  const commit = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (ref.startsWith("-") || commit.code !== 0) {
    throw new AppError("input", `${JSON.stringify(ref)} is not a branch, tag or commit of this repository.`, {
      retryable: false,
      remedy: "Fetch it first, or look at the spelling.",
    });
  }
  const result = await git(["merge", "--no-commit", "--no-ff", "--no-edit", "--", ref]);
  const unmerged = await must(git(["ls-files", "-u", "-z"]), "listing the conflicts");
  if (unmerged.length > 0) return "conflicted";
  if (result.code !== 0) {
    throw new AppError("workspace", `git merge did not start: ${result.stderr}`, {
      retryable: false,
      remedy: "Commit or stash your changes, and finish or abort what is in progress, then try again.",
    });
  }
  const inProgress = await git(["rev-parse", "--verify", "--quiet", "MERGE_HEAD"]);
  return inProgress.code === 0 ? "merged" : "up-to-date";
}
