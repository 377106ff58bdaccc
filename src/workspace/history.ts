// What is asked of commits: how trees differ, a patch, a trailer, and the push of a merge commit.
import { AppError } from "../core/errors.ts";
import type { TreeChange } from "../core/workspace.ts";
import type { Git, GitResult } from "./git.ts";
import { must } from "./git.ts";
import { diffTrees, requirePathText } from "./tree-diff.ts";

/** How a tree differs from a commit's. Throws `AppError("workspace")` when a differing path is not UTF-8. */
export async function changesBetween(git: Git, commit: string, tree: string): Promise<TreeChange[]> {
  const changes = await diffTrees(git, commit, tree);
  return changes.map(({ status, rawPath, oldMode, newMode, newOid }) =>
    status === "D"
      ? { path: requirePathText(rawPath), mode: oldMode, oid: null }
      : { path: requirePathText(rawPath), mode: newMode, oid: newOid },
  );
}

/**
 * Unified diff between two trees, file by file in tree order while it stays within `maxBytes`. Files that do not fit, are binary or not UTF-8 are named
 * in `omitted`.
 */
export async function unifiedDiff(
  git: Git,
  from: string,
  to: string,
  maxBytes: number,
): Promise<{ text: string; omitted: readonly string[] }> {
  const plain = ["--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"];
  const stats = await must(
    git(["diff-tree", "-r", "-z", "--numstat", ...plain, from, to]),
    "comparing trees",
  );
  const omitted: string[] = [];
  let text = "";
  for (const record of stats.toString("utf8").split("\0").slice(0, -1)) {
    const [added, , ...rest] = record.split("\t");
    const path = rest.join("\t");
    const left = maxBytes - Buffer.byteLength(text);
    const diff =
      added === "-"
        ? null
        : await fileDiff(git, ["diff-tree", "-r", "-p", ...plain, from, to, "--", path], left);
    if (diff === null) omitted.push(path);
    else text += diff;
  }
  return { text, omitted };
}

async function fileDiff(git: Git, args: readonly string[], maxBytes: number): Promise<string | null> {
  const result = await git(args, { maxOutputBytes: maxBytes });
  if (result.stopped === "output") return null;
  const bytes = await must(Promise.resolve(result), "writing the patch");
  const text = bytes.toString("utf8");
  // A patch is shown as text: one that is not UTF-8 would not apply any more.
  return Buffer.from(text, "utf8").equals(bytes) ? text : null;
}

/** Milliseconds a commit's subject is looked for: it is a help, and must not hold up a run. */
const subjectPatienceMs = 3_000;
/** UTF-16 units of a subject that are of use. */
const longestSubject = 200;

/**
 * The subject of the newest commit of `of`, but not of `without`, that changed the path; `null` when there is none, git takes long to find it, or either is no
 * commit. Reads no blob.
 */
async function newestSubject(
  git: Git,
  { of, without, path }: { readonly of: string; readonly without: string; readonly path: string },
): Promise<string | null> {
  // rev-list, not log: a person's settings of log do not reach it. Pathspecs are literal (GIT_LITERAL_PATHSPECS).
  const format = ["--no-commit-header", "--format=%s", "--encoding=UTF-8"];
  const which = ["--no-merges", "--no-renames", "--max-count=1", of, `^${without}`, "--", path];
  const found = await git(["rev-list", ...format, ...which], { patienceMs: subjectPatienceMs });
  if (found.code !== 0) return null;
  const subject = found.stdout.toString("utf8").trim();
  return subject === "" ? null : subject.slice(0, longestSubject);
}

/** The newest subject of each of two sides since their merge base. */
export async function subjectsBetween(
  git: Git,
  { ours, theirs }: { readonly ours: string; readonly theirs: string },
  path: string,
): Promise<{ readonly ours: string | null; readonly theirs: string | null }> {
  return {
    ours: await newestSubject(git, { of: ours, without: theirs, path }),
    theirs: await newestSubject(git, { of: theirs, without: ours, path }),
  };
}

/** Commits looked through: only those that descend from the head are, so a base that moved on by thousands does not count. */
const maxCommits = 1000;

/** The newest commit in `tip` with exactly these parents, this tree and this trailer; `null` when there is none. */
export async function findCommitIn(
  git: Git,
  tip: string,
  commit: {
    readonly parents: readonly string[];
    readonly tree: string;
    readonly trailer: { readonly name: string; readonly value: string };
  },
): Promise<string | null> {
  const { parents, tree, trailer } = commit;
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(trailer.name)) throw new Error(`Not a trailer's name: ${trailer.name}`);
  const head = parents[0] ?? "";
  const format = `%H%x01%P%x01%T%x01%(trailers:key=${trailer.name},valueonly=true,unfold=true,separator=%x01)`;
  const count = [`--min-parents=${parents.length}`, `--max-parents=${parents.length}`];
  const range = [...count, "--ancestry-path", `--max-count=${maxCommits}`, tip, `^${head}`];
  const output = await must(
    git(["log", "-z", `--format=${format}`, ...range]),
    "looking through the commits",
  );
  for (const record of output.toString("utf8").split("\0")) {
    const [sha = "", ofParents, ofTree, ...values] = record.trim().split("\u0001");
    if (ofParents !== parents.join(" ") || ofTree !== tree) continue;
    if (values.some((found) => found.trim() === trailer.value)) return sha;
  }
  return null;
}

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Writes a commit object and returns its sha. */
export async function writeCommit(
  git: Git,
  commit: { readonly tree: string; readonly parents: readonly string[]; readonly message: string },
  identity: Identity,
): Promise<string> {
  const parents = commit.parents.flatMap((sha) => ["-p", sha]);
  const output = await must(
    git(["commit-tree", commit.tree, ...parents], {
      input: commit.message,
      env: {
        GIT_AUTHOR_NAME: identity.name,
        GIT_AUTHOR_EMAIL: identity.email,
        GIT_COMMITTER_NAME: identity.name,
        GIT_COMMITTER_EMAIL: identity.email,
      },
    }),
    "writing the commit",
  );
  return output.toString("latin1").trim();
}

/**
 * Pushes a commit to a branch that must still be at `expected`. Throws `AppError("stale-head")` when it is not, and
 * `AppError("permission")` with the server's reason when the server refuses.
 */
export async function pushBranch(
  local: Git,
  remote: Git,
  push: { readonly sha: string; readonly branch: string; readonly expected: string },
): Promise<void> {
  const ref = `refs/heads/${push.branch}`;
  if ((await local(["check-ref-format", ref])).code !== 0) {
    throw new AppError("input", `${JSON.stringify(push.branch)} is not a branch name git accepts.`, {
      retryable: false,
      remedy: "Rename the branch.",
    });
  }
  const lease = `--force-with-lease=${ref}:${push.expected}`;
  const result = await remote(["push", "--porcelain", "--no-verify", lease, "origin", `${push.sha}:${ref}`]);
  if (result.code !== 0) throw pushError(result);
}

function pushError(result: GitResult): AppError {
  const status = result.stdout
    .toString("utf8")
    .split("\n")
    .find((line) => line.startsWith("!"));
  const reason = status?.split("\t")[2] ?? result.stderr;
  if (/stale info|non-fast-forward|fetch first|failed to update ref|cannot lock ref/.test(reason)) {
    return new AppError("stale-head", "The branch moved before the merge commit could be pushed.", {
      retryable: false,
      remedy: "Ask again: the next run reads the new head.",
    });
  }
  if (status !== undefined || /authentication failed|could not read username|error: 40[13]/i.test(reason)) {
    return new AppError("permission", `The server refused the push: ${reason.slice(0, 300)}`, {
      retryable: false,
      remedy: "Look at the branch's protection rules and at the app's permissions.",
    });
  }
  return new AppError("workspace", `Pushing failed: ${reason.slice(0, 300)}`, {
    retryable: true,
    remedy: "Try again; if it keeps failing, look at the connection to the server.",
  });
}
