// Routes that read pull requests, and what a collaborator may do.
import type { Permission } from "../../../../src/core/pull.ts";
import { branchHead, git, gitText, tryGit } from "../git.ts";
import { notFound, page, type Reply, type RepositoryRequest } from "../http.ts";
import { renderPull, renderPullSimple, type PullStats } from "../render-pull.ts";
import { renderUser } from "../render.ts";
import type { Route } from "../route.ts";
import type { Pull, Repository, State } from "../state.ts";

/** The older field knows four levels only: GitHub folds `maintain` into write and `triage` into read. */
const LEGACY: Readonly<Record<Permission, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
  none: "none",
};

export function pullOf(repository: Repository, number: string | undefined): Pull {
  const pull = repository.pulls.get(Number(number));
  if (pull === undefined) throw notFound();
  return pull;
}

async function measure(repository: Repository, pull: Pull): Promise<PullStats> {
  const dir = repository.gitDir;
  const base = pull.state === "open" ? await branchHead(dir, pull.baseRef) : pull.baseSha;
  const none = { mergeable: null, commits: 0, additions: 0, deletions: 0, changedFiles: 0 };
  if (base === null) return none;
  const mergeBase = await tryGit(dir, ["merge-base", base, pull.headSha]);
  if (mergeBase.code !== 0) return { ...none, mergeable: false };
  const fork = mergeBase.stdout.toString().trim();
  const [merge, commits, diff] = await Promise.all([
    tryGit(dir, ["merge-tree", "--write-tree", "--no-messages", base, pull.headSha]),
    gitText(dir, ["rev-list", "--count", `${base}..${pull.headSha}`]),
    git(dir, ["diff-tree", "-r", "-z", "--numstat", "--no-renames", fork, pull.headSha]),
  ]);
  const numstat = diff.toString();
  const rows = numstat
    .split("\0")
    .filter(Boolean)
    .map((row) => row.split("\t"));
  const sum = (column: number): number => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
  return {
    mergeable: pull.state === "open" ? merge.code === 0 : null,
    commits: Number(commits),
    additions: sum(0),
    deletions: sum(1),
    changedFiles: rows.length,
  };
}

async function getPull({ repository, params }: RepositoryRequest, state: State): Promise<Reply> {
  const pull = pullOf(repository, params["pull_number"]);
  const stats = await measure(repository, pull);
  const isKnown = pull.mergeableUnknown === 0;
  if (!isKnown) pull.mergeableUnknown -= 1;
  const told = isKnown ? stats : { ...stats, mergeable: null };
  return { status: 200, body: renderPull(state, repository, pull, told) };
}

function listPulls(request: RepositoryRequest, state: State): Reply {
  const { repository, query } = request;
  const wanted = query["state"] ?? "open";
  const head = query["head"]?.toLowerCase();
  const found = [...repository.pulls.values()]
    .filter((pull) => wanted === "all" || pull.state === wanted)
    .filter((pull) => query["base"] === undefined || pull.baseRef === query["base"])
    .filter((pull) => head === undefined || `${pull.headOwner.login}:${pull.headRef}`.toLowerCase() === head)
    .sort((a, b) => (query["direction"] === "asc" ? a.number - b.number : b.number - a.number));
  const { items, headers } = page(state, request, found);
  return { status: 200, headers, body: items.map((pull) => renderPullSimple(state, repository, pull)) };
}

/** Nobody is a stranger to a public repository: GitHub says `read` there, `none` where it is private. */
function permissionOf(repository: Repository, login: string): Permission {
  if (login.toLowerCase() === repository.owner.login.toLowerCase()) return "admin";
  return repository.collaborators.get(login.toLowerCase()) ?? (repository.private ? "none" : "read");
}

function getPermission({ repository, params }: RepositoryRequest, state: State): Reply {
  const user = state.users.get((params["username"] ?? "").toLowerCase());
  if (user === undefined) throw notFound();
  const role = permissionOf(repository, user.login);
  const rank = (["none", "read", "triage", "write", "maintain", "admin"] as const).indexOf(role);
  const permissions = {
    pull: rank >= 1,
    triage: rank >= 2,
    push: rank >= 3,
    maintain: rank >= 4,
    admin: rank >= 5,
  };
  return {
    status: 200,
    body: {
      permission: LEGACY[role],
      role_name: role,
      user: { ...renderUser(state, user), permissions, role_name: role },
    },
  };
}

export const pullRoutes: readonly Route[] = [
  { operation: "GET /repos/{owner}/{repo}/pulls", access: [["pull_requests", "read"]], handle: listPulls },
  {
    operation: "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    access: [["pull_requests", "read"]],
    handle: getPull,
  },
  {
    operation: "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
    access: [["metadata", "read"]],
    handle: getPermission,
  },
];
