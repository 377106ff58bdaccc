// How GitHub shows check runs, check suites, jobs and artifacts in JSON.
import { readCommit } from "./git.ts";
import { renderPullsOf } from "./render-pull.ts";
import {
  apiUrl,
  htmlUrl,
  nodeId,
  renderApp,
  renderForeignApp,
  renderRepository,
  type JsonObject,
} from "./render.ts";
import { suiteState } from "./suites.ts";
import {
  timestamp,
  type ArtifactState,
  type CheckApp,
  type CheckRunState,
  type State,
  type StatusState,
  type SuiteState,
} from "./state.ts";

/** This App, or another. */
export function renderCheckApp(state: State, app: CheckApp): JsonObject {
  return app.id === state.app.id ? renderApp(state) : renderForeignApp(state, app);
}

export function renderCheckRun(state: State, check: CheckRunState): JsonObject {
  const { repository } = check;
  const url = `${apiUrl(state, repository)}/check-runs/${String(check.id)}`;
  const html = `${htmlUrl(state, repository)}/runs/${String(check.id)}`;
  return {
    id: check.id,
    node_id: nodeId("CheckRun", check.id),
    name: check.name,
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: html,
    details_url: check.detailsUrl ?? html,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    check_suite: { id: check.suite.id },
    app: renderCheckApp(state, check.app),
    pull_requests: renderPullsOf(state, repository, check.headSha),
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
  };
}

export function renderStatus(state: State, status: StatusState): JsonObject {
  const { id, repository, sha, context, createdAt } = status;
  return {
    id,
    node_id: nodeId("Status", id),
    url: `${apiUrl(state, repository)}/statuses/${sha}`,
    avatar_url: null,
    state: status.state,
    context,
    description: status.description,
    target_url: status.targetUrl,
    ...{ created_at: createdAt, updated_at: createdAt },
  };
}

/** The part of a suite that webhooks and the API have in common. */
export function renderSuiteBrief(state: State, suite: SuiteState): JsonObject {
  const { id, repository, headSha } = suite;
  const url = `${apiUrl(state, repository)}/check-suites/${String(id)}`;
  return {
    id,
    node_id: nodeId("CheckSuite", id),
    head_branch: suite.headBranch,
    head_sha: headSha,
    ...suiteState(state, suite),
    url,
    ...{ before: null, after: headSha },
    pull_requests: renderPullsOf(state, repository, headSha),
    app: renderCheckApp(state, suite.app),
    ...{ created_at: repository.createdAt, updated_at: repository.pushedAt },
    latest_check_runs_count: [...state.checkRuns.values()].filter((check) => check.suite === suite).length,
    check_runs_url: `${url}/check-runs`,
  };
}

export async function renderSuite(state: State, suite: SuiteState): Promise<JsonObject> {
  const commit = await readCommit(suite.repository.gitDir, suite.headSha);
  const person = ({ name, email }: { name: string; email: string }): JsonObject => ({ name, email });
  return {
    ...renderSuiteBrief(state, suite),
    repository: renderRepository(state, suite.repository),
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.committer.date,
      author: person(commit.author),
      committer: person(commit.committer),
    },
  };
}

/** A job of GitHub Actions: it has the id of its check run. */
export function renderJob(state: State, check: CheckRunState): JsonObject {
  const { repository, suite, job } = check;
  const api = apiUrl(state, repository);
  const run = String(suite.runId);
  return {
    id: check.id,
    run_id: suite.runId,
    run_attempt: suite.attempt,
    run_url: `${api}/actions/runs/${run}`,
    node_id: nodeId("CheckRun", check.id),
    head_sha: check.headSha,
    head_branch: suite.headBranch,
    workflow_name: "CI",
    url: `${api}/actions/jobs/${String(check.id)}`,
    html_url: `${htmlUrl(state, repository)}/actions/runs/${run}/job/${String(check.id)}`,
    ...{ status: check.status, conclusion: check.conclusion, name: check.name },
    created_at: check.startedAt ?? timestamp(),
    started_at: check.startedAt ?? timestamp(),
    completed_at: check.completedAt,
    steps: (job?.steps ?? []).map((step, index) => ({
      name: step.name,
      status: step.conclusion === null ? "in_progress" : "completed",
      conclusion: step.conclusion,
      number: index + 1,
      started_at: step.startedAt,
      completed_at: step.completedAt,
    })),
    check_run_url: `${api}/check-runs/${String(check.id)}`,
    labels: ["ubuntu-latest"],
    ...{ runner_id: 1, runner_name: "runner", runner_group_id: 1, runner_group_name: "GitHub Actions" },
  };
}

export function renderArtifact(state: State, artifact: ArtifactState): JsonObject {
  const { id, repository, suite } = artifact;
  const url = `${apiUrl(state, repository)}/actions/artifacts/${String(id)}`;
  return {
    id,
    node_id: nodeId("Artifact", id),
    name: artifact.name,
    size_in_bytes: artifact.zip.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    ...{ created_at: timestamp(), expires_at: timestamp(), updated_at: timestamp() },
    workflow_run: {
      id: suite.runId,
      repository_id: repository.id,
      head_repository_id: repository.id,
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
    },
  };
}
