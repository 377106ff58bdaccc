// A job of GitHub Actions: its steps, its log, and the workflow run it belongs to.
import { createLogReducer } from "../../core/log-reducer.ts";
import type { LogStep, ReducedLog } from "../../core/log-reducer.ts";
import type { PullRef } from "../../core/pull.ts";
import { tryRead } from "../call.ts";
import type { Client } from "../client.ts";
import { download } from "./download.ts";
import { troubleOf } from "./trouble.ts";

export interface Job {
  readonly runId: number;
  /** How many times it was started; `undefined` where GitHub does not say. */
  readonly attempt: number | undefined;
  readonly steps: readonly LogStep[];
}

/** The app's slug, whose check runs are jobs: they have the job's own id. */
export const actionsSlug = "github-actions";
const needs = "Actions: read";
/** What is read of a log, in bytes: half a gigabyte is minutes of nothing but writing. */
const mostLogBytes = 512 * 1024 * 1024;

/** `job` is `null` where there is none: a workflow's token can also write check runs that are no jobs. */
export async function readJob(
  client: Client,
  { owner, repo }: PullRef,
  id: number,
): Promise<{ readonly job: Job | null; readonly trouble: string }> {
  const answer = await tryRead(client, () =>
    client.octokit.rest.actions.getJobForWorkflowRun({ owner, repo, job_id: id }),
  );
  if (!answer.ok) return { job: null, trouble: troubleOf(answer.failure, { what: "the job", needs }) };
  const { run_id: runId, run_attempt: attempt, steps = [] } = answer.data;
  return {
    job: {
      runId,
      attempt,
      steps: steps.map(({ name, conclusion, started_at, completed_at }) => ({
        name,
        conclusion,
        startedAt: timeOf(started_at),
        completedAt: timeOf(completed_at),
      })),
    },
    trouble: "",
  };
}

function timeOf(date: string | null | undefined): number | null {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? null : ms;
}

/** The log as far as it could be read; `null` where nothing came of it. */
export async function readJobLog(
  client: Client,
  { owner, repo }: PullRef,
  {
    id,
    steps,
    signal,
  }: { readonly id: number; readonly steps: readonly LogStep[]; readonly signal: AbortSignal },
): Promise<{ readonly log: ReducedLog | null; readonly trouble: string }> {
  const reducer = createLogReducer(steps);
  const decoder = new TextDecoder();
  let bytes = 0;
  const trouble = await download(client, {
    what: "the log",
    needs,
    signal,
    ask: (options) =>
      client.octokit.request("GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs", {
        ...{ owner, repo, job_id: id },
        request: options,
      }),
    take: (chunk) => {
      bytes += chunk.length;
      reducer.push(decoder.decode(chunk, { stream: true }));
      return bytes <= mostLogBytes;
    },
  });
  if (bytes === 0) return { log: null, trouble: trouble === "" ? "The log is empty." : trouble };
  const cutOff = bytes > mostLogBytes ? "Of the log, the first 512 MB were read." : "";
  return { log: reducer.end(), trouble: trouble === "" ? cutOff : trouble };
}
