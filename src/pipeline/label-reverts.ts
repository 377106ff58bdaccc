// Labels answers that were merged and taken back: a pushed commit says in git's words what it reverts.
import type { Notice } from "../core/command.ts";
import type { ModelCall } from "../core/ledger.ts";
import { pullKey } from "../core/pull.ts";
import { tellFailure } from "./label-outcomes.ts";
import type { OutcomeServices } from "./label-outcomes.ts";
import { labelled, pushesOf } from "./outcomes.ts";

/** Milliseconds that are looked back: 90 days. What is reverted later had its time. */
const lookBackMs = 90 * 24 * 60 * 60 * 1000;
/** Calls read at a time, and how many times at most. */
const pageSize = 500;
const mostPages = 20;
/** Runs of a pull request among which the one that pushed is looked for. */
const mostRuns = 20;

type Pushed = Extract<Notice, { kind: "branch-pushed" }>;

/** Asks nothing of GitHub: what was merged as what is remembered. Never rejects. */
export async function labelReverts(notice: Pushed, services: OutcomeServices): Promise<void> {
  if (notice.reverts.length === 0) return;
  try {
    for (const [runId, calls] of await settlingCalls(notice, services))
      await labelRun(runId, calls, notice, services);
  } catch (error) {
    tellFailure(`${notice.owner}/${notice.repo}`, error, services);
  }
}

/** Calls of the repository that settled something, by run. */
async function settlingCalls(
  { owner, repo }: Pushed,
  { store, now }: OutcomeServices,
): Promise<ReadonlyMap<string, ModelCall[]>> {
  const byRun = new Map<string, ModelCall[]>();
  const query = { repository: { owner, repo }, since: now() - lookBackMs, limit: pageSize };
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const calls = await store.listCalls(after === undefined ? query : { ...query, after });
    for (const call of calls.filter(({ accepted }) => accepted === true))
      byRun.set(call.runId, [...(byRun.get(call.runId) ?? []), call]);
    after = calls.at(-1)?.id;
    if (calls.length < pageSize) break;
  }
  return byRun;
}

async function labelRun(
  runId: string,
  calls: readonly ModelCall[],
  { branch, reverts }: Pushed,
  { store, now }: OutcomeServices,
): Promise<void> {
  const run = await store.loadRun(runId);
  if (run?.report?.baseRef !== branch) return;
  const isReverted = (sha: string) => reverts.some((start) => sha.startsWith(start));
  const { pull } = run.command;
  const pushes = pushesOf(run, await store.listRuns(pullKey(pull), mostRuns));
  const merged = (await store.loadPull(pull))?.mergeCommitSha ?? null;
  // The merge of the pull request says nothing of answers of which it is not known whether they were in it.
  const known = calls.filter(({ outcome }) => outcome !== null);
  const taken = pushes.some(({ commitSha }) => isReverted(commitSha))
    ? calls
    : merged !== null && isReverted(merged)
      ? known
      : [];
  for (const { ids, note } of labelled(taken, "reverted"))
    await store.noteCalls(ids, { ...note, outcomeAt: now() });
}
