// Routes of GitHub Actions: jobs and their logs, artifacts, starting a job again.
import { randomBytes } from "node:crypto";
import { commitAt } from "../git.ts";
import { notFound, page, Refusal, unprocessable, type Reply, type RepositoryRequest } from "../http.ts";
import { renderArtifact, renderJob, renderSuite } from "../render-ci.ts";
import type { Route } from "../route.ts";
import { DOWNLOAD_PATH } from "../downloads.ts";
import type { ArtifactState, CheckRunState, Content, JobState, State } from "../state.ts";
import { suitesAt } from "../suites.ts";
import { addCheckRun } from "./checks.ts";

function jobOf(state: State, { repository, params }: RepositoryRequest): CheckRunState & { job: JobState } {
  const check = state.checkRuns.get(Number(params["job_id"]));
  if (check?.repository !== repository || check.job === null) throw notFound();
  return { ...check, job: check.job };
}

/** A redirect to an address that needs no credential, good for one request. */
function redirectTo(state: State, content: Content): Reply {
  const key = randomBytes(16).toString("hex");
  state.downloads.set(key, content);
  return { status: 302, headers: { location: `${state.url}${DOWNLOAD_PATH}${key}?sig=${key}` } };
}

function getLog(request: RepositoryRequest, state: State): Reply {
  const { job } = jobOf(state, request);
  if (job.log === null) throw notFound();
  return redirectTo(state, job.log);
}

function rerun(request: RepositoryRequest, state: State): Reply {
  const check = jobOf(state, request);
  if (check.status !== "completed")
    throw new Refusal(403, "The workflow run containing this job is already running");
  const { repository, suite, headSha, name } = check;
  suite.attempt += 1;
  const again = addCheckRun(
    state,
    repository,
    { suite, job: { steps: [], log: null } },
    { name, head_sha: headSha, status: "queued" },
  );
  state.reruns.push({ jobId: check.id, newJobId: again.id });
  const commit = { sha: headSha, branch: suite.headBranch ?? "", sender: state.bot, again };
  state.ci.get(repository)?.(commit);
  return { status: 201, body: {} };
}

function artifactOf(state: State, { repository, params }: RepositoryRequest): ArtifactState {
  const artifact = state.artifacts.get(Number(params["artifact_id"]));
  if (artifact?.repository !== repository) throw notFound();
  return artifact;
}

function getArchive(request: RepositoryRequest, state: State): Reply {
  const artifact = artifactOf(state, request);
  if (request.params["archive_format"] !== "zip") throw notFound();
  if (artifact.expired) throw new Refusal(410, "Artifact has expired");
  return redirectTo(state, artifact.zip);
}

function listArtifacts(request: RepositoryRequest, state: State): Reply {
  const runId = Number(request.params["run_id"]);
  const suite = [...state.suites.values()].find((one) => one.runId === runId);
  if (suite?.repository !== request.repository) throw notFound();
  const found = [...state.artifacts.values()].filter((artifact) => artifact.suite === suite);
  const { items, headers } = page(state, request, found.reverse());
  return {
    status: 200,
    headers,
    body: { total_count: found.length, artifacts: items.map((artifact) => renderArtifact(state, artifact)) },
  };
}

async function listSuites(request: RepositoryRequest, state: State): Promise<Reply> {
  const { repository, params } = request;
  const sha = await commitAt(repository.gitDir, params["ref"] ?? "");
  if (sha === null) throw unprocessable(`No commit found for SHA: ${params["ref"] ?? ""}`);
  const found = suitesAt(state, repository, sha);
  const { items, headers } = page(state, request, found);
  const suites = await Promise.all(items.map((suite) => renderSuite(state, suite)));
  return { status: 200, headers, body: { total_count: found.length, check_suites: suites } };
}

export const actionRoutes: readonly Route[] = [
  {
    operation: "GET /repos/{owner}/{repo}/actions/jobs/{job_id}",
    access: [["actions", "read"]],
    handle: (request: RepositoryRequest, state: State): Reply => ({
      status: 200,
      body: renderJob(state, jobOf(state, request)),
    }),
  },
  {
    operation: "GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs",
    access: [["actions", "read"]],
    handle: getLog,
  },
  {
    operation: "POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun",
    access: [["actions", "write"]],
    handle: rerun,
  },
  {
    operation: "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
    access: [["actions", "read"]],
    handle: listArtifacts,
  },
  {
    operation: "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
    access: [["actions", "read"]],
    handle: getArchive,
  },
  {
    operation: "GET /repos/{owner}/{repo}/commits/{ref}/check-suites",
    access: [["checks", "read"]],
    handle: listSuites,
  },
];
