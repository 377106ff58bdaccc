// Which checks failed on a commit, as far as GitHub's check runs say: ours never count, they judge nothing that others wrote.
import type { PullRef } from "../core/pull.ts";
import { pageSize, readPages } from "./call.ts";
import type { Client } from "./client.ts";

const failed = new Set(["failure", "timed_out"]);

/** Names, each once: of a check that ran several times, the newest counts. Throws AppError. */
export async function failedChecks(
  client: Client,
  { owner, repo }: PullRef,
  sha: string,
): Promise<readonly string[]> {
  const runs = await readPages(
    client,
    { doing: "reading the checks of a commit", needs: "Checks: read" },
    {
      request: (page) =>
        client.octokit.rest.checks.listForRef({
          ...{ owner, repo, ref: sha, filter: "latest", status: "completed" },
          per_page: pageSize,
          page,
        }),
      items: (data) => data.check_runs,
    },
  );
  const names = runs
    .filter(({ app, conclusion }) => app?.id !== client.appId && failed.has(conclusion ?? ""))
    .map(({ name }) => name);
  return [...new Set(names)];
}
