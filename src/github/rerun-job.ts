// Starts one job of GitHub Actions again.
import type { PullRef } from "../core/pull.ts";
import { attempt } from "./call.ts";
import type { Client } from "./client.ts";
import { toAppError } from "./failure.ts";

const refused = new Set(["permission", "missing", "invalid"]);

/**
 * `false` where GitHub refuses: the job still runs, is too old, was re-run too often, or the app lacks "Actions: write".
 * Throws AppError where it is not known whether it was started: asking again is safe, for a job that runs is refused.
 */
export async function rerunJob(client: Client, { owner, repo }: PullRef, jobId: number): Promise<boolean> {
  const answer = await attempt(client, () =>
    client.octokit.rest.actions.reRunJobForWorkflowRun({ owner, repo, job_id: jobId }),
  );
  if (answer.ok) return true;
  const { failure } = answer;
  if (!refused.has(failure.kind))
    throw toAppError(failure, { doing: "starting a job again", needs: "Actions: write" });
  client.log.info(
    { owner, repo, jobId, status: failure.status, reason: failure.reason },
    "job not run again",
  );
  return false;
}
