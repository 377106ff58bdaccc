// Commit statuses: what CI wrote before there were check runs, and some still writes. GitHub knows of each no more than a name, a word, a sentence and a link.
import type { CheckSummary, FailedCheck } from "../core/failed-check.ts";
import { createLogReducer } from "../core/log-reducer.ts";
import type { PullRef } from "../core/pull.ts";
import { pageSize, tryRead } from "./call.ts";
import type { Client } from "./client.ts";
import { toAppError } from "./failure.ts";

const intent = { doing: "reading the statuses of a commit", needs: "Commit statuses: read" };

/** What tells of people and not of code, by the words of its name: it stays pending or red until somebody signs, looks or merges. */
const waitsForPeople =
  /(?:^|[^a-z])(?:cla|dco|license|reviews?|reviewable|approvals?|approved?|wip|mergify|merge|queue|freeze|tide)(?:$|[^a-z])/i;
/** Characters of a name that are looked at: GitHub takes no longer ones. */
const longestName = 255;

export type CommitStatus = Awaited<ReturnType<typeof commitStatuses>>[number];

/**
 * The newest of each name, at most 100: one call. An installation that has not been given the permission has none, which is told in the log alone: most repositories have
 * none either. Throws AppError for what a retry may mend.
 */
export async function commitStatuses(client: Client, { owner, repo }: PullRef, sha: string) {
  const answer = await tryRead(client, () =>
    client.octokit.rest.repos.getCombinedStatusForRef({ owner, repo, ref: sha, per_page: pageSize }),
  );
  if (answer.ok) return answer.data.statuses.slice(0, pageSize);
  const { kind } = answer.failure;
  if (kind !== "permission" && kind !== "missing") throw toAppError(answer.failure, intent);
  client.log.debug({ owner, repo, kind }, "commit statuses may not be read");
  return [];
}

const isFailed = ({ state }: Pick<CommitStatus, "state">): boolean =>
  state === "failure" || state === "error";

const isOfPeople = ({ context }: Pick<CommitStatus, "context">): boolean =>
  waitsForPeople.test(context.slice(0, longestName));

/** What statuses add to the count of checks. What waits for people is in no count: it may never end, and no commit mends it. */
export function countStatuses(statuses: readonly CommitStatus[]): CheckSummary {
  const ofCode = statuses.filter((status) => !isOfPeople(status));
  return {
    pending: ofCode.filter(({ state }) => state === "pending").length,
    failed: ofCode.filter(isFailed).map(({ context }) => context),
    passed: ofCode.filter(({ state }) => state === "success").length,
  };
}

/** The failed ones as checks, but for those that have a name in common with a check. A description stands in for a log. */
export function failedStatuses(
  statuses: readonly CommitStatus[],
  checks: ReadonlySet<string>,
): readonly FailedCheck[] {
  return statuses.filter((status) => isFailed(status) && !checks.has(status.context)).map(failedCheckOf);
}

function failedCheckOf({ id, context, description, target_url: url }: CommitStatus): FailedCheck {
  const said = description ?? "";
  const trouble =
    said === ""
      ? "This is a commit status: there is no log, and it does not say why it failed."
      : "This is a commit status: there is no log, and its description stands in for one.";
  return {
    ...{ id, name: context, app: null, conclusion: "failure" as const, url: url ?? "" },
    ...{ annotations: [], step: null, results: [], jobId: null },
    log: said === "" ? null : reduced(said),
    trouble,
  };
}

function reduced(text: string): string {
  const reducer = createLogReducer();
  reducer.push(text);
  return reducer.end().text;
}
