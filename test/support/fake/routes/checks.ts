// Routes of check runs.
import { commitAt } from "../git.ts";
import { notFound, page, Refusal, unprocessable, type Reply, type RepositoryRequest } from "../http.ts";
import { renderCheckRun } from "../render-ci.ts";
import type { Route } from "../route.ts";
import { suiteOf } from "../suites.ts";
import {
  newId,
  timestamp,
  type CheckRunAnnotation,
  type CheckRunState,
  type Repository,
  type State,
} from "../state.ts";

interface CheckBody {
  readonly name?: string;
  readonly head_sha?: string;
  readonly status?: string;
  readonly conclusion?: string;
  readonly external_id?: string;
  readonly details_url?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly output?: {
    readonly title?: string;
    readonly summary?: string;
    readonly text?: string;
    readonly annotations?: readonly CheckRunAnnotation[];
  };
  readonly actions?: CheckRunState["actions"];
}

/** Providing a conclusion completes a run; completing it without one is refused. */
function applyStatus(check: CheckRunState, body: CheckBody): void {
  check.status = body.conclusion === undefined ? (body.status ?? check.status) : "completed";
  const completed = check.status === "completed";
  const conclusion = body.conclusion ?? check.conclusion;
  if (completed && conclusion === null)
    throw unprocessable("Invalid request.\n\nMissing required key 'conclusion'.");
  check.conclusion = completed ? conclusion : null;
  check.completedAt = completed ? (body.completed_at ?? check.completedAt ?? timestamp()) : null;
  check.startedAt = body.started_at ?? check.startedAt ?? timestamp();
}

/** Writes what a request says over a check run; annotations are added to those there, as GitHub does. */
function apply(check: CheckRunState, body: CheckBody): void {
  applyStatus(check, body);
  check.name = body.name ?? check.name;
  check.externalId = body.external_id ?? check.externalId;
  check.detailsUrl = body.details_url ?? check.detailsUrl;
  check.actions = body.actions ?? check.actions;
  const { output } = body;
  if (output === undefined) return;
  check.title = output.title ?? check.title;
  check.summary = output.summary ?? check.summary;
  check.text = output.text ?? check.text;
  check.annotations.push(...(output.annotations ?? []));
}

/** Makes a check run; completed where a conclusion is given. */
export function addCheckRun(
  state: State,
  repository: Repository,
  by: Pick<CheckRunState, "suite" | "job">,
  body: CheckBody,
): CheckRunState {
  const check: CheckRunState = {
    id: newId(state),
    repository,
    ...by,
    app: by.suite.app,
    name: body.name ?? "",
    headSha: body.head_sha ?? "",
    status: "queued",
    conclusion: null,
    externalId: "",
    detailsUrl: null,
    startedAt: null,
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
  };
  apply(check, body);
  state.checkRuns.set(check.id, check);
  return check;
}

async function createCheck({ repository, body }: RepositoryRequest, state: State): Promise<Reply> {
  const wanted = body as CheckBody;
  const sha = wanted.head_sha ?? "";
  if (!/^[0-9a-f]{40}$/.test(sha) || (await commitAt(repository.gitDir, sha)) === null) {
    throw unprocessable(`No commit found for SHA: ${sha}`);
  }
  const suite = suiteOf(state, state.app, { repository, sha });
  const made = addCheckRun(state, repository, { suite, job: null }, wanted);
  return { status: 201, body: renderCheckRun(state, made) };
}

function checkOf(state: State, { repository, params }: RepositoryRequest): CheckRunState {
  const check = state.checkRuns.get(Number(params["check_run_id"]));
  if (check?.repository !== repository) throw notFound();
  return check;
}

function updateCheck(request: RepositoryRequest, state: State): Reply {
  const check = checkOf(state, request);
  if (check.app.id !== state.app.id) {
    throw new Refusal(
      403,
      `Invalid app_id \`${String(state.app.id)}\` - check run can only be modified by the GitHub App that created it.`,
    );
  }
  apply(check, request.body as CheckBody);
  return { status: 200, body: renderCheckRun(state, check) };
}

/** The newest run per name and suite, unless `filter=all`. */
function latest(checks: readonly CheckRunState[]): CheckRunState[] {
  const keyOf = (check: CheckRunState): string => `${String(check.suite.id)}:${check.name}`;
  const newest = new Map(checks.map((check) => [keyOf(check), check]));
  return checks.filter((check) => newest.get(keyOf(check)) === check);
}

async function listChecks(request: RepositoryRequest, state: State): Promise<Reply> {
  const { repository, params, query } = request;
  const sha = await commitAt(repository.gitDir, params["ref"] ?? "");
  if (sha === null) throw unprocessable(`No commit found for SHA: ${params["ref"] ?? ""}`);
  const ofCommit = [...state.checkRuns.values()].filter(
    (check) => check.repository === repository && check.headSha === sha,
  );
  const found = (query["filter"] === "all" ? ofCommit : latest(ofCommit))
    .filter((check) => query["check_name"] === undefined || check.name === query["check_name"])
    .filter((check) => query["status"] === undefined || check.status === query["status"])
    .filter((check) => query["app_id"] === undefined || check.app.id === Number(query["app_id"]));
  const { items, headers } = page(state, request, found.reverse());
  return {
    status: 200,
    headers,
    body: { total_count: found.length, check_runs: items.map((check) => renderCheckRun(state, check)) },
  };
}

function listAnnotations(request: RepositoryRequest, state: State): Reply {
  const check = checkOf(state, request);
  const { items, headers } = page(state, request, check.annotations);
  return {
    status: 200,
    headers,
    body: items.map((annotation) => ({
      ...{ title: null, raw_details: null, start_column: null, end_column: null, blob_href: state.url },
      ...annotation,
    })),
  };
}

export const checkRoutes: readonly Route[] = [
  { operation: "POST /repos/{owner}/{repo}/check-runs", access: [["checks", "write"]], handle: createCheck },
  {
    operation: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}",
    access: [["checks", "read"]],
    handle: (request: RepositoryRequest, state: State): Reply => ({
      status: 200,
      body: renderCheckRun(state, checkOf(state, request)),
    }),
  },
  {
    operation: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
    access: [["checks", "write"]],
    handle: updateCheck,
  },
  {
    operation: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
    access: [["checks", "read"]],
    handle: listAnnotations,
  },
  {
    operation: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    access: [["checks", "read"]],
    handle: listChecks,
  },
];
