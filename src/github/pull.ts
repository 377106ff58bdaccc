// What GitHub says of a pull request, now. Its ends are read from the branches: the pull request itself lags behind them,
// its base by as long as nobody pushes to the head.
import type { PullDetails, PullEnd, PullRef } from "../core/pull.ts";
import { readOrNull } from "./call.ts";
import type { Client } from "./client.ts";

export async function pullDetails(client: Client, pull: PullRef): Promise<PullDetails | null> {
  const { owner, repo, number } = pull;
  const intent = { doing: `reading pull request ${owner}/${repo}#${number}`, needs: "Pull requests: read" };
  const found = await readOrNull(client, intent, () =>
    client.octokit.rest.pulls.get({ owner, repo, pull_number: number }),
  );
  if (found === null) return null;
  const repository = found.base.repo;
  const baseEnd = { ref: found.base.ref, owner: repository.owner.login, repo: repository.name };
  // Octokit's types say that a head repository is always there; GitHub sends null when it was deleted.
  const headRepo = found.head.repo as typeof found.head.repo | null;
  const headEnd = headRepo && { ref: found.head.ref, owner: headRepo.owner.login, repo: headRepo.name };
  // A private fork is hidden from this app, so whether its branch is gone is not known; its commits can be read through the pull request.
  const fromFork = headRepo?.id !== repository.id;
  const open = found.state === "open";
  const [baseTip, headTip] = await Promise.all([
    open ? branchSha(client, baseEnd) : null,
    headEnd ? branchSha(client, headEnd) : null,
  ]);
  return {
    pull,
    title: found.title,
    state: found.merged ? "merged" : found.state,
    head: headEnd && { ...headEnd, sha: (open ? headTip : null) ?? found.head.sha },
    base: { ...baseEnd, sha: baseTip ?? found.base.sha },
    defaultBranch: repository.default_branch,
    headDeleted: !fromFork && headTip === null,
    mergeCommitSha: mergedAs(found),
    fromFork,
    draft: found.draft === true,
    labels: found.labels.map(({ name }) => name),
    author: authorOf(found),
    mergeable: found.mergeable,
    cloneUrl: repository.clone_url,
    htmlUrl: found.html_url,
  };
}

/** Octokit's types say that an author is always there; GitHub sends null for an account that was deleted, and shows "ghost". */
function authorOf(found: { readonly user: unknown }): PullDetails["author"] {
  const user = found.user as { readonly login: string; readonly type: string } | null;
  return user === null ? { login: "ghost", type: "User" } : { login: user.login, type: user.type };
}

/** Before a pull request is merged, GitHub names a commit here that it tries the merge with. */
function mergedAs(found: {
  readonly merged: boolean;
  readonly merge_commit_sha: string | null;
}): string | null {
  return found.merged ? found.merge_commit_sha : null;
}

/** The commit a branch points to now; `null` when there is no such branch, or its repository is hidden from this app. */
export async function branchSha(
  client: Client,
  { owner, repo, ref }: Omit<PullEnd, "sha">,
): Promise<string | null> {
  const intent = {
    doing: `reading the branch of the pull request in ${owner}/${repo}`,
    needs: "Contents: read",
  };
  const found = await readOrNull(client, intent, () =>
    client.octokit.rest.git.getRef({ owner, repo, ref: `heads/${ref}` }),
  );
  return found?.object.sha ?? null;
}
