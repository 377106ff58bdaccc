// Routes of commit statuses, which older CI writes in place of check runs.
import { commitAt } from "../git.ts";
import { page, unprocessable, type Reply, type RepositoryRequest } from "../http.ts";
import { renderStatus } from "../render-ci.ts";
import { apiUrl, renderRepository } from "../render.ts";
import type { Route } from "../route.ts";
import type { State, StatusState } from "../state.ts";

/** Of no status GitHub makes "pending". */
function combined(statuses: readonly StatusState[]): string {
  const states = new Set(statuses.map(({ state }) => state));
  if (states.has("failure") || states.has("error")) return "failure";
  return states.size === 1 && states.has("success") ? "success" : "pending";
}

async function combinedStatus(request: RepositoryRequest, state: State): Promise<Reply> {
  const { repository, params } = request;
  const sha = await commitAt(repository.gitDir, params["ref"] ?? "");
  if (sha === null) throw unprocessable(`No commit found for SHA: ${params["ref"] ?? ""}`);
  const ofCommit = state.statuses.filter((status) => status.repository === repository && status.sha === sha);
  // Of each context the newest.
  const newest = [...new Map(ofCommit.map((status) => [status.context, status])).values()];
  const { items, headers } = page(state, request, newest);
  const url = `${apiUrl(state, repository)}/commits/${sha}`;
  return {
    status: 200,
    headers,
    body: {
      state: combined(newest),
      statuses: items.map((status) => renderStatus(state, status)),
      ...{ sha, total_count: newest.length, commit_url: url, url: `${url}/status` },
      repository: renderRepository(state, repository),
    },
  };
}

export const statusRoutes: readonly Route[] = [
  {
    operation: "GET /repos/{owner}/{repo}/commits/{ref}/status",
    access: [["statuses", "read"]],
    handle: combinedStatus,
  },
];
