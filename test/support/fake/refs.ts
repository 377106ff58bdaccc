// Moving a branch: what GitHub refuses, and what follows from it (pull requests move, webhooks go out).
import { branchHead, git, isAncestor, tryGit } from "./git.ts";
import { hasPermission } from "./auth.ts";
import { checked } from "./checked-payload.ts";
import { pullPayload, pushPayload } from "./payloads.ts";
import { timestamp, type Permissions, type Pull, type Repository, type State, type User } from "./state.ts";

const NOTHING = "0".repeat(40);

export interface RefMove {
  /** Full name: `refs/heads/…`. */
  readonly ref: string;
  /** Forty zeros where the branch is made or deleted. */
  readonly before: string;
  readonly after: string;
}

export interface MoveRefusal {
  readonly status: number;
  /** What the API answers. */
  readonly message: string;
  /** What `git push` shows in brackets after `[remote rejected]`. */
  readonly reason: string;
  /** What `git push` shows as `remote: …` lines. */
  readonly remote: string;
}

function branchOf(ref: string): string | null {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
}

async function changedWorkflow(repository: Repository, move: RefMove): Promise<string | null> {
  if (move.after === NOTHING) return null;
  const from =
    move.before === NOTHING ? await branchHead(repository.gitDir, repository.defaultBranch) : move.before;
  const range = from === null ? ["--root", move.after] : [from, move.after];
  const diff = await git(repository.gitDir, [
    "diff-tree",
    "-r",
    "-z",
    "--name-only",
    "--no-commit-id",
    ...range,
    "--",
    ".github/workflows",
  ]);
  return diff.toString().split("\0")[0] ?? null;
}

/** What GitHub would say to this App moving a branch so; `null` when it may. */
export async function refusalOfMove(
  repository: Repository,
  permissions: Permissions,
  move: RefMove,
): Promise<MoveRefusal | null> {
  const branch = branchOf(move.ref);
  if (branch === null && !move.ref.startsWith("refs/tags/")) {
    return {
      status: 422,
      message: "Reference cannot be updated",
      reason: "deny updating a hidden ref",
      remote: "",
    };
  }
  const rule = branch === null ? undefined : repository.protectedBranches.get(branch);
  if (rule !== undefined) {
    return {
      status: 422,
      message: `Repository rule violations found\n\n${rule}\n\n`,
      reason: "push declined due to repository rule violations",
      remote: `error: GH013: Repository rule violations found for ${move.ref}.\n\n- ${rule}\n`,
    };
  }
  if (hasPermission(permissions, "workflows", "write")) return null;
  const workflow = await changedWorkflow(repository, move);
  if (!workflow) return null;
  const message = `refusing to allow a GitHub App to create or update workflow \`${workflow}\` without \`workflows\` permission`;
  return { status: 403, message, reason: message, remote: "" };
}

/** Moves `refs/pull/N/head` and the remembered head to where the head branch is. A closed pull request stays as it was. */
export async function syncPull(repository: Repository, pull: Pull): Promise<void> {
  const from = pull.headRepository;
  if (pull.state === "closed" || from === null) return;
  const head = await branchHead(from.gitDir, pull.headRef);
  if (head === null) return;
  const ref = `refs/pull/${String(pull.number)}/head`;
  if (from !== repository) {
    await git(repository.gitDir, [
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      from.gitDir,
      `+${head}:${ref}`,
    ]);
  } else {
    await git(repository.gitDir, ["update-ref", ref, head]);
  }
  if (pull.headSha === head && pull.baseSha !== "") return;
  pull.headSha = head;
  pull.baseSha = (await branchHead(repository.gitDir, pull.baseRef)) ?? pull.baseSha;
  pull.updatedAt = timestamp();
}

function pullsWithHead(
  state: State,
  repository: Repository,
  branch: string,
): { base: Repository; pull: Pull }[] {
  return [...state.repositories.values()].flatMap((base) =>
    [...base.pulls.values()]
      .filter(
        (pull) => pull.state === "open" && pull.headRepository === repository && pull.headRef === branch,
      )
      .map((pull) => ({ base, pull })),
  );
}

/** Everything that follows once a branch has moved. */
export async function afterMove(
  state: State,
  repository: Repository,
  move: RefMove,
  sender: User,
): Promise<void> {
  repository.pushedAt = timestamp();
  const branch = branchOf(move.ref);
  if (branch === null) return;
  const pulls = pullsWithHead(state, repository, branch);
  for (const { base, pull } of pulls) await syncPull(base, pull);
  state.emit("push", () => pushPayload(state, repository, move, sender));
  if (move.after === NOTHING) return;
  state.ci.get(repository)?.({ sha: move.after, branch, sender, again: null });
  for (const { base, pull } of pulls) {
    const extra = { before: move.before, after: move.after };
    const event = { repository: base, pull, action: "synchronize", sender };
    state.emit("pull_request", () => checked("pull_request", { ...pullPayload(state, event), ...extra }));
  }
}

/**
 * Points a branch at a commit for the API: compares and swaps, so that a branch that moved meanwhile is not overwritten.
 * Returns GitHub's sentence when it is not a fast-forward, `null` when it moved.
 */
export async function moveBranch(
  repository: Repository,
  move: RefMove,
  force: boolean,
): Promise<string | null> {
  if (!force && !(await isAncestor(repository.gitDir, move.before, move.after)))
    return "Update is not a fast forward";
  const done = await tryGit(repository.gitDir, ["update-ref", move.ref, move.after, move.before]);
  return done.code === 0 ? null : "Reference cannot be updated";
}
