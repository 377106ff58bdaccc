// How GitHub shows pull requests, comments and reactions in JSON.
import {
  apiUrl,
  htmlUrl,
  nodeId,
  renderApp,
  renderRepository,
  renderUser,
  type JsonObject,
} from "./render.ts";
import type { Comment, Pull, Reaction, Repository, State, User } from "./state.ts";

/** What is measured of a pull request with git. */
export interface PullStats {
  /** `null` while GitHub has not computed it, and for closed pull requests. */
  readonly mergeable: boolean | null;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

function association(repository: Repository, user: User): string {
  if (user.id === repository.owner.id) return "OWNER";
  const role = repository.collaborators.get(user.login.toLowerCase());
  return role === undefined || role === "none" || role === "read" ? "NONE" : "COLLABORATOR";
}

function renderEnd(
  state: State,
  end: { ref: string; sha: string; owner: User; repository: Repository | null },
): JsonObject {
  return {
    label: `${end.owner.login}:${end.ref}`,
    ref: end.ref,
    sha: end.sha,
    user: renderUser(state, end.owner),
    repo: end.repository === null ? null : renderRepository(state, end.repository),
  };
}

function renderLabels(state: State, repository: Repository, pull: Pull): JsonObject[] {
  return pull.labels.map((name, index) => ({
    id: repository.id * 1000 + index,
    node_id: nodeId("Label", index),
    url: `${apiUrl(state, repository)}/labels/${encodeURIComponent(name)}`,
    name,
    description: "",
    color: "ededed",
    default: false,
  }));
}

/** The pull request as it stands in lists. */
export function renderPullSimple(state: State, repository: Repository, pull: Pull): JsonObject {
  const number = String(pull.number);
  const url = `${apiUrl(state, repository)}/pulls/${number}`;
  const issue = `${apiUrl(state, repository)}/issues/${number}`;
  const html = `${htmlUrl(state, repository)}/pull/${number}`;
  const links = {
    self: url,
    html,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${apiUrl(state, repository)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${apiUrl(state, repository)}/statuses/${pull.headSha}`,
  };
  return {
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    number: pull.number,
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    state: pull.state,
    locked: false,
    active_lock_reason: null,
    title: pull.title,
    body: pull.body,
    user: renderUser(state, pull.author),
    draft: pull.draft,
    labels: renderLabels(state, repository, pull),
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    ...{
      assignee: null,
      assignees: [],
      requested_reviewers: [],
      requested_teams: [],
      milestone: null,
      auto_merge: null,
    },
    author_association: association(repository, pull.author),
    head: renderEnd(state, {
      ref: pull.headRef,
      sha: pull.headSha,
      owner: pull.headOwner,
      repository: pull.headRepository,
    }),
    base: renderEnd(state, { ref: pull.baseRef, sha: pull.baseSha, owner: repository.owner, repository }),
    _links: Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
  };
}

/** The pull request by itself, with what GitHub computes for it. */
export function renderPull(state: State, repository: Repository, pull: Pull, stats: PullStats): JsonObject {
  const comments = [...state.comments.values()].filter((comment) => comment.pull === pull);
  return {
    ...renderPullSimple(state, repository, pull),
    merged: pull.mergedAt !== null,
    merged_by: null,
    mergeable: stats.mergeable,
    rebaseable: stats.mergeable,
    mergeable_state: { true: "clean", false: "dirty", null: "unknown" }[String(stats.mergeable)],
    maintainer_can_modify: pull.headRepository?.fork === true,
    comments: comments.filter((comment) => comment.kind === "issue").length,
    review_comments: comments.filter((comment) => comment.kind === "review").length,
    commits: stats.commits,
    additions: stats.additions,
    deletions: stats.deletions,
    changed_files: stats.changedFiles,
  };
}

function reactionRollup(url: string, comment: Comment): JsonObject {
  const contents = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;
  return {
    url: `${url}/reactions`,
    total_count: comment.reactions.length,
    ...Object.fromEntries(
      contents.map((content) => [content, comment.reactions.filter((one) => one.content === content).length]),
    ),
  };
}

export function renderReaction(state: State, reaction: Reaction): JsonObject {
  return {
    id: reaction.id,
    node_id: nodeId("Reaction", reaction.id),
    user: renderUser(state, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** A comment of either kind: in the conversation, or on a line of the diff. */
export function renderComment(state: State, comment: Comment): JsonObject {
  const { repository, pull } = comment;
  const place = comment.kind === "issue" ? "issues" : "pulls";
  const url = `${apiUrl(state, repository)}/${place}/comments/${String(comment.id)}`;
  const html = `${htmlUrl(state, repository)}/pull/${String(pull.number)}`;
  const common = {
    id: comment.id,
    node_id: nodeId("Comment", comment.id),
    url,
    body: comment.body,
    user: renderUser(state, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(repository, comment.user),
    reactions: reactionRollup(url, comment),
  };
  if (comment.kind === "issue") {
    return {
      ...common,
      html_url: `${html}#issuecomment-${String(comment.id)}`,
      issue_url: `${apiUrl(state, repository)}/issues/${String(pull.number)}`,
      performed_via_github_app: comment.user.id === state.bot.id ? renderApp(state) : null,
    };
  }
  const pullUrl = `${apiUrl(state, repository)}/pulls/${String(pull.number)}`;
  const reviewHtml = `${html}#discussion_r${String(comment.id)}`;
  return {
    ...common,
    html_url: reviewHtml,
    pull_request_url: pullUrl,
    pull_request_review_id: comment.id + 1,
    diff_hunk: "@@ -1 +1 @@",
    path: comment.path,
    ...{ line: comment.line, original_line: comment.line, start_line: null, original_start_line: null },
    ...{ position: 1, original_position: 1, side: "RIGHT", start_side: null, subject_type: "line" },
    commit_id: pull.headSha,
    original_commit_id: pull.headSha,
    _links: { self: { href: url }, html: { href: reviewHtml }, pull_request: { href: pullUrl } },
  };
}

/** The few fields by which check runs and workflow runs name their pull requests; forks are left out, as GitHub does. */
export function renderPullsOf(state: State, repository: Repository, headSha: string): JsonObject[] {
  const short = (of: Repository): JsonObject => ({ id: of.id, url: apiUrl(state, of), name: of.name });
  return [...repository.pulls.values()]
    .filter((pull) => pull.headSha === headSha && pull.state === "open" && pull.headRepository === repository)
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${apiUrl(state, repository)}/pulls/${String(pull.number)}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo: short(repository) },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo: short(repository) },
    }));
}
