// What the checks of a commit came to, as far as GitHub's check runs and commit statuses say: ours never count, they judge nothing that others wrote.
import type { CheckSummary, FailedCheck } from "../core/failed-check.ts";
import type { PullRef } from "../core/pull.ts";
import { pageSize, readPages } from "./call.ts";
import type { Client } from "./client.ts";
import { commitStatuses, countStatuses } from "./commit-statuses.ts";

/** How a check that did not pass ended, worst first. */
export const failedConclusions: readonly FailedCheck["conclusion"][] = [
  "failure",
  "timed_out",
  "startup_failure",
  "action_required",
  "cancelled",
];
const passed = new Set(["success", "neutral", "skipped"]);
const judgedFailed: readonly string[] = ["failure", "timed_out"];
/** Nobody's failure: it waits for a person, or a person called it off. Told of where somebody asks, and nothing starts because of it. */
const undecided: readonly string[] = ["action_required", "cancelled"];

/** Names, each once: of a check that ran several times, the newest counts. Throws AppError. */
export async function failedChecks(client: Client, pull: PullRef, sha: string): Promise<readonly string[]> {
  const { runs, statuses } = await judged(client, pull, sha);
  return distinct([
    ...runs.filter(({ conclusion }) => judgedFailed.includes(conclusion ?? "")).map(nameOf),
    ...statuses.failed,
  ]);
}

/** A check that GitHub gave up waiting for ("stale") is in no count. Throws AppError. */
export async function checkSummary(client: Client, pull: PullRef, sha: string): Promise<CheckSummary> {
  const { runs, statuses } = await judged(client, pull, sha);
  const failed = runs.filter(
    (run) => failureOfRun(run) !== null && !undecided.includes(run.conclusion ?? ""),
  );
  return {
    pending: runs.filter(({ status }) => status !== "completed").length + statuses.pending,
    failed: distinct([...failed.map(nameOf), ...statuses.failed]),
    passed: runs.filter(({ conclusion }) => passed.has(conclusion ?? "")).length + statuses.passed,
  };
}

/** Check runs, and what statuses come to of which no check run has the name: some CI writes both. */
async function judged(client: Client, pull: PullRef, sha: string) {
  const [runs, all] = await Promise.all([foreignRuns(client, pull, sha), commitStatuses(client, pull, sha)]);
  const names = new Set(runs.map(nameOf));
  return { runs, statuses: countStatuses(all.filter(({ context }) => !names.has(context))) };
}

export type ForeignRun = Awaited<ReturnType<typeof foreignRuns>>[number];

/** Check runs of other apps on a commit; of one that was run again in the same suite, the newest. Throws AppError. */
export async function foreignRuns(client: Client, { owner, repo }: PullRef, sha: string) {
  const runs = await readPages(
    client,
    { doing: "reading the checks of a commit", needs: "Checks: read" },
    {
      request: (page) =>
        client.octokit.rest.checks.listForRef({
          ...{ owner, repo, ref: sha, filter: "latest" },
          per_page: pageSize,
          page,
        }),
      items: (data) => data.check_runs,
    },
  );
  return runs.filter(({ app }) => app?.id !== client.appId);
}

/** How a check failed; `null` where it did not, or has not ended. */
export function failureOfRun({
  conclusion,
}: {
  readonly conclusion: string | null;
}): FailedCheck["conclusion"] | null {
  return failedConclusions.find((one) => one === conclusion) ?? null;
}

const nameOf = ({ name }: { readonly name: string }): string => name;

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];
