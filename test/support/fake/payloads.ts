// Webhook payloads with the fields that GitHub sends and that Probot and its types rely on.
import { checked } from "./checked-payload.ts";
import { git, readCommit } from "./git.ts";
import {
  htmlUrl,
  nodeId,
  renderInstallation,
  renderOrganization,
  renderRepository,
  renderUser,
  apiUrl,
  type JsonObject,
} from "./render.ts";
import { renderCheckApp, renderCheckRun, renderSuiteBrief } from "./render-ci.ts";
import { renderComment, renderPullSimple, renderPullsOf } from "./render-pull.ts";
import { renderCommit } from "./render-commit.ts";
import type { RefMove } from "./refs.ts";
import {
  installationOf,
  type CheckRunState,
  type Comment,
  type Installation,
  type Pull,
  type Repository,
  type State,
  type StatusState,
  type SuiteState,
  type User,
} from "./state.ts";
import { ACTIONS } from "./suites.ts";

function common(state: State, repository: Repository, sender: User): JsonObject {
  const installation = installationOf(state, repository.owner);
  return {
    repository: renderRepository(state, repository),
    ...(repository.owner.type === "Organization"
      ? {
          organization: renderOrganization(state, repository.owner),
        }
      : {}),
    sender: renderUser(state, sender),
    ...(installation === undefined
      ? {}
      : { installation: { id: installation.id, node_id: nodeId("Installation", installation.id) } }),
  };
}

function renderIssue(state: State, repository: Repository, pull: Pull): JsonObject {
  const {
    id,
    node_id,
    number,
    title,
    body,
    user,
    labels,
    locked,
    created_at,
    updated_at,
    closed_at,
    comments_url,
    html_url,
    draft,
    author_association,
  } = renderPullSimple(state, repository, pull);
  const url = `${apiUrl(state, repository)}/issues/${String(pull.number)}`;
  return {
    ...{
      id,
      node_id,
      number,
      title,
      body,
      user,
      labels,
      locked,
      created_at,
      updated_at,
      closed_at,
      comments_url,
      html_url,
      draft,
      author_association,
    },
    url,
    repository_url: apiUrl(state, repository),
    labels_url: `${url}/labels{/name}`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    state: pull.state,
    state_reason: null,
    active_lock_reason: null,
    ...{ assignee: null, assignees: [], milestone: null, comments: 0 },
    reactions: {
      url: `${url}/reactions`,
      total_count: 0,
      "+1": 0,
      "-1": 0,
      laugh: 0,
      hooray: 0,
      confused: 0,
      heart: 0,
      rocket: 0,
      eyes: 0,
    },
    performed_via_github_app: null,
    pull_request: {
      url: `${apiUrl(state, repository)}/pulls/${String(pull.number)}`,
      html_url,
      diff_url: `${String(html_url)}.diff`,
      patch_url: `${String(html_url)}.patch`,
      merged_at: pull.mergedAt,
    },
  };
}

/** `issue_comment` and `pull_request_review_comment`. */
export function commentPayload(
  state: State,
  comment: Comment,
  change: { readonly action: "created" | "deleted" } | { readonly action: "edited"; readonly from: string },
  sender: User,
): JsonObject {
  const { repository, pull } = comment;
  const { action } = change;
  return checked(comment.kind === "issue" ? "issue_comment" : "pull_request_review_comment", {
    action,
    ...(comment.kind === "issue"
      ? { issue: renderIssue(state, repository, pull) }
      : { pull_request: renderPullSimple(state, repository, pull) }),
    comment: renderComment(state, comment),
    ...(change.action === "edited" && { changes: { body: { from: change.from } } }),
    ...common(state, repository, sender),
  });
}

export interface PullEvent {
  readonly repository: Repository;
  readonly pull: Pull;
  readonly action: string;
  readonly sender: User;
}

export function pullPayload(state: State, { repository, pull, action, sender }: PullEvent): JsonObject {
  return {
    action,
    number: pull.number,
    pull_request: {
      ...renderPullSimple(state, repository, pull),
      ...{
        merged: pull.mergedAt !== null,
        mergeable: null,
        rebaseable: null,
        mergeable_state: "unknown",
        merged_by: null,
      },
      ...{
        comments: 0,
        review_comments: 0,
        maintainer_can_modify: false,
        commits: 1,
        additions: 0,
        deletions: 0,
        changed_files: 0,
      },
    },
    ...common(state, repository, sender),
  };
}

async function pushCommits(repository: Repository, state: State, move: RefMove): Promise<JsonObject[]> {
  if (/^0+$/.test(move.after)) return [];
  const range = /^0+$/.test(move.before) ? [move.after] : [`${move.before}..${move.after}`];
  const shas = (await git(repository.gitDir, ["rev-list", "--reverse", "--max-count=20", ...range]))
    .toString()
    .split("\n")
    .filter(Boolean);
  const commits = await Promise.all(shas.map((sha) => readCommit(repository.gitDir, sha)));
  return commits.map((commit) => ({
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${htmlUrl(state, repository)}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    ...{ added: [], removed: [], modified: [] },
  }));
}

export async function pushPayload(
  state: State,
  repository: Repository,
  move: RefMove,
  sender: User,
): Promise<JsonObject> {
  const commits = await pushCommits(repository, state, move);
  const { login: name, id } = sender;
  return checked("push", {
    ref: move.ref,
    before: move.before,
    after: move.after,
    base_ref: null,
    created: /^0+$/.test(move.before),
    deleted: /^0+$/.test(move.after),
    forced: false,
    compare: `${htmlUrl(state, repository)}/compare/${move.before.slice(0, 12)}...${move.after.slice(0, 12)}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    pusher: { name, email: `${String(id)}+${name}@users.noreply.github.com` },
    ...common(state, repository, sender),
  });
}

/** `check_run`, with the button's `identifier` where one was pressed. */
export function checkRunPayload(
  state: State,
  check: CheckRunState,
  action: string,
  options: { sender: User; identifier?: string },
): JsonObject {
  return checked("check_run", {
    action,
    check_run: renderCheckRun(state, check),
    ...(options.identifier === undefined ? {} : { requested_action: { identifier: options.identifier } }),
    ...common(state, check.repository, options.sender),
  });
}

export interface CiResult {
  readonly repository: Repository;
  readonly headSha: string;
  readonly headBranch: string;
  readonly conclusion: string;
  readonly sender: User;
  /** The suite it tells of; one is made up where there is none. */
  readonly suite?: SuiteState;
}

/** As far as a suite tells of it; nobody reads its words. */
function headCommit({ headSha, repository, sender }: CiResult): JsonObject {
  const by = { name: sender.login, email: `${sender.login}@users.noreply.github.com` };
  return {
    ...{ id: headSha, tree_id: headSha, message: "Change", timestamp: repository.createdAt },
    ...{ author: by, committer: by },
  };
}

export function checkSuitePayload(state: State, result: CiResult): JsonObject {
  const { repository, headSha, headBranch, conclusion } = result;
  if (result.suite !== undefined) {
    const told = {
      ...renderSuiteBrief(state, result.suite),
      status: "completed",
      conclusion,
      head_commit: headCommit(result),
    };
    return checked("check_suite", {
      action: "completed",
      check_suite: told,
      ...common(state, repository, result.sender),
    });
  }
  const id = repository.id * 10;
  return checked("check_suite", {
    action: "completed",
    check_suite: {
      id,
      node_id: nodeId("CheckSuite", id),
      head_branch: headBranch,
      head_sha: headSha,
      status: "completed",
      conclusion,
      url: `${apiUrl(state, repository)}/check-suites/${String(id)}`,
      before: null,
      after: headSha,
      pull_requests: renderPullsOf(state, repository, headSha),
      app: renderCheckApp(state, ACTIONS),
      ...{ created_at: repository.createdAt, updated_at: repository.pushedAt, latest_check_runs_count: 1 },
      check_runs_url: `${apiUrl(state, repository)}/check-suites/${String(id)}/check-runs`,
      head_commit: headCommit(result),
    },
    ...common(state, repository, result.sender),
  });
}

export function workflowRunPayload(state: State, result: CiResult): JsonObject {
  const { repository, headSha, headBranch, conclusion } = result;
  const id = result.suite?.runId ?? repository.id * 10 + 1;
  const workflowId = repository.id * 10 + 2;
  const workflow = {
    id: workflowId,
    node_id: nodeId("Workflow", workflowId),
    name: "CI",
    path: ".github/workflows/ci.yml",
    state: "active",
    ...{ created_at: repository.createdAt, updated_at: repository.createdAt },
    url: `${apiUrl(state, repository)}/actions/workflows/${String(workflowId)}`,
    html_url: `${htmlUrl(state, repository)}/blob/main/.github/workflows/ci.yml`,
    badge_url: `${htmlUrl(state, repository)}/workflows/CI/badge.svg`,
  };
  const suiteId = result.suite?.id ?? repository.id * 10;
  const url = `${apiUrl(state, repository)}/actions/runs/${String(id)}`;
  return checked("workflow_run", {
    action: "completed",
    workflow,
    workflow_run: {
      id,
      node_id: nodeId("WorkflowRun", id),
      name: "CI",
      head_branch: headBranch,
      head_sha: headSha,
      path: workflow.path,
      ...{
        run_number: 1,
        run_attempt: result.suite?.attempt ?? 1,
        event: "pull_request",
        status: "completed",
      },
      conclusion,
      workflow_id: workflowId,
      ...{ check_suite_id: suiteId, check_suite_node_id: nodeId("CheckSuite", suiteId) },
      check_suite_url: `${apiUrl(state, repository)}/check-suites/${String(suiteId)}`,
      ...{ url, workflow_url: workflow.url, previous_attempt_url: null, head_commit: headCommit(result) },
      ...{ jobs_url: `${url}/jobs`, logs_url: `${url}/logs`, artifacts_url: `${url}/artifacts` },
      ...{ cancel_url: `${url}/cancel`, rerun_url: `${url}/rerun` },
      html_url: `${htmlUrl(state, repository)}/actions/runs/${String(id)}`,
      pull_requests: renderPullsOf(state, repository, headSha),
      ...{
        created_at: repository.createdAt,
        updated_at: repository.pushedAt,
        run_started_at: repository.pushedAt,
      },
      actor: renderUser(state, result.sender),
      triggering_actor: renderUser(state, result.sender),
      repository: renderRepository(state, repository),
      head_repository: renderRepository(state, repository),
    },
    ...common(state, repository, result.sender),
  });
}

/** `status`: names no pull request, but branches whose head the commit is. */
export async function statusPayload(state: State, status: StatusState, sender: User): Promise<JsonObject> {
  const { id, repository, sha, context, createdAt } = status;
  const names = (
    await git(repository.gitDir, [
      "for-each-ref",
      "--points-at",
      sha,
      "--format=%(refname:short)",
      "refs/heads",
    ])
  )
    .toString()
    .split("\n")
    .filter((name) => name !== "");
  const url = `${apiUrl(state, repository)}/commits/${sha}`;
  return checked("status", {
    ...{ id, sha, context, state: status.state, description: status.description, avatar_url: null },
    target_url: status.targetUrl,
    name: `${repository.owner.login}/${repository.name}`,
    commit: renderCommit(state, repository, await readCommit(repository.gitDir, sha)),
    branches: names.map((name) => ({ name, commit: { sha, url }, protected: false })),
    ...{ created_at: createdAt, updated_at: createdAt },
    ...common(state, repository, sender),
  });
}

function shortRepository(repository: Repository): JsonObject {
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: `${repository.owner.login}/${repository.name}`,
    private: repository.private,
  };
}

export function installationPayload(
  state: State,
  installation: Installation,
  action: string,
  sender: User,
): JsonObject {
  const repositories = [...state.repositories.values()].filter(
    (one) => one.owner.id === installation.account.id,
  );
  return checked("installation", {
    action,
    installation: renderInstallation(state, installation),
    repositories: repositories.map(shortRepository),
    requester: null,
    sender: renderUser(state, sender),
  });
}

export function installationRepositoriesPayload(
  state: State,
  installation: Installation,
  changed: { added: readonly Repository[]; removed: readonly Repository[] },
  sender: User,
): JsonObject {
  return checked("installation_repositories", {
    action: changed.removed.length > 0 ? "removed" : "added",
    installation: renderInstallation(state, installation),
    repository_selection: "selected",
    repositories_added: changed.added.map(shortRepository),
    repositories_removed: changed.removed.map(shortRepository),
    requester: null,
    sender: renderUser(state, sender),
  });
}
