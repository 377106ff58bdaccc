// The open pull requests into a branch.
import type { PullRef } from "../core/pull.ts";
import { pageSize, read } from "./call.ts";
import type { Client } from "./client.ts";

/** At most `most`, newest first. Throws AppError. */
export async function openPulls(
  client: Client,
  { installationId, owner, repo }: Omit<PullRef, "number">,
  base: string,
  most: number,
): Promise<readonly PullRef[]> {
  const intent = {
    doing: `listing the open pull requests of ${owner}/${repo}`,
    needs: "Pull requests: read",
  };
  const found: PullRef[] = [];
  const perPage = Math.min(pageSize, most);
  for (let page = 1; found.length < most; page++) {
    const batch = await read(client, intent, () =>
      client.octokit.rest.pulls.list({
        ...{ owner, repo, base, page },
        state: "open",
        sort: "created",
        direction: "desc",
        per_page: perPage,
      }),
    );
    found.push(...batch.map(({ number }) => ({ installationId, owner, repo, number })));
    if (batch.length < perPage) break;
  }
  return found.slice(0, most);
}
