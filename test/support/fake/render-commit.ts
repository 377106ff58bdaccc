// How GitHub shows commits, comparisons and signatures in JSON.
import type { CommitObject } from "./git.ts";
import { apiUrl, htmlUrl, nodeId, renderUser, type JsonObject } from "./render.ts";
import type { Repository, State, User } from "./state.ts";

function verification(commit: CommitObject): JsonObject {
  const verified = commit.signature !== null;
  return {
    verified,
    reason: verified ? "valid" : "unsigned",
    signature: commit.signature,
    payload: verified ? `tree ${commit.tree}` : null,
    verified_at: verified ? commit.committer.date : null,
  };
}

function parents(state: State, repository: Repository, commit: CommitObject, base: string): JsonObject[] {
  return commit.parents.map((sha) => ({
    sha,
    url: `${base}/${sha}`,
    html_url: `${htmlUrl(state, repository)}/commit/${sha}`,
  }));
}

/** The commit as the Git Data API shows it. */
export function renderGitCommit(state: State, repository: Repository, commit: CommitObject): JsonObject {
  const api = apiUrl(state, repository);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", Number.parseInt(commit.sha.slice(0, 8), 16)),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${htmlUrl(state, repository)}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parents(state, repository, commit, `${api}/git/commits`),
    verification: verification(commit),
  };
}

/** GitHub knows an account by its commit address: `ID+login@users.noreply.github.com`. */
function accountOf(state: State, email: string): User | null {
  const id = Number(/^(\d+)\+/.exec(email)?.[1] ?? 0);
  return [...state.users.values()].find((user) => user.id === id) ?? null;
}

/** The commit as the Commits API shows it. */
export function renderCommit(state: State, repository: Repository, commit: CommitObject): JsonObject {
  const api = apiUrl(state, repository);
  const author = accountOf(state, commit.author.email);
  const committer = accountOf(state, commit.committer.email);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", Number.parseInt(commit.sha.slice(0, 8), 16)),
    url: `${api}/commits/${commit.sha}`,
    html_url: `${htmlUrl(state, repository)}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      verification: verification(commit),
    },
    author: author === null ? null : renderUser(state, author),
    committer: committer === null ? null : renderUser(state, committer),
    parents: parents(state, repository, commit, `${api}/commits`),
  };
}
