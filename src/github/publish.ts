// A verified tree becomes a commit on the pull request's branch: all or nothing, fast-forward only, never by force.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../core/errors.ts";
import type { PublishRequest, PublishResult } from "../core/github.ts";
import type { PullEnd } from "../core/pull.ts";
import { attempt, readOrNull } from "./call.ts";
import type { Client } from "./client.ts";
import { isAmbiguous, toAppError } from "./failure.ts";
import { makeCommit } from "./make-commit.ts";
import { branchSha } from "./pull.ts";
import { stopFor, workflowWords } from "./refusal.ts";
import type { PushContext, Stop } from "./refusal.ts";
import { pushToken } from "./token.ts";
import { planTree } from "./tree-plan.ts";

const updating = { doing: "moving the pull request's branch to the new commit", needs: "Contents: write" };

/** One push to one branch: what all steps below need to know. */
interface Push {
  readonly request: PublishRequest;
  readonly head: PullEnd;
  readonly context: PushContext;
}

/**
 * Every ending but `pushed` leaves the branch as it was; objects that were uploaded are unreachable then and GitHub drops them in time.
 * Throws AppError: retryable where GitHub could not be reached, `bug` when GitHub's tree is not the verified one.
 */
export async function publish(client: Client, request: PublishRequest): Promise<PublishResult> {
  const { pull, workspace, signal, tree } = request;
  const head = pull.head;
  if (!head) return { status: "refused", reason: "The repository that the pull request comes from is gone." };

  const plan = await planTree(workspace, tree);
  const context = {
    branch: head.ref,
    repository: `${head.owner}/${head.repo}`,
    fromFork: pull.fromFork,
    workflows: plan.workflows,
  };
  const push = { request, head, context };
  if (plan.tooLarge) return pushByGit(client, push);
  const made = await makeCommit(client, { ...push, plan });
  signal.throwIfAborted();
  if (made.status === "too-large") return pushByGit(client, push);
  if (made.status !== "made") return made;
  const moved = await moveBranch(client, push, made.sha);
  return moved ?? { status: "pushed", sha: made.sha, signed: made.signed };
}

/**
 * `null` when the branch has the commit. The branch is read right before each try, because a fast-forward alone would also
 * undo somebody's force-push to an older commit. An answer that never came is looked up before the second and last try.
 */
async function moveBranch(
  client: Client,
  push: Push,
  sha: string,
): Promise<Exclude<Stop, { status: "too-large" }> | null> {
  const { head, request, context } = push;
  for (let tried = 0; ; tried++) {
    const tip = await branchSha(client, head);
    if (tip !== request.workspace.headSha) {
      const landed = tried > 0 && tip !== null && (await contains(client, head, { tip, sha }));
      return landed ? null : { status: "stale-head" };
    }
    const answer = await attempt(client, () =>
      client.octokit.rest.git.updateRef({
        owner: head.owner,
        repo: head.repo,
        ref: `heads/${head.ref}`,
        sha,
        force: false,
      }),
    );
    if (answer.ok) return null;
    if (!isAmbiguous(answer.failure)) {
      const stop = stopFor(answer.failure, updating, context);
      if (stop.status === "too-large") throw toAppError(answer.failure, updating);
      return stop;
    }
    if (tried > 0) throw toAppError(answer.failure, updating);
    client.log.warn(
      { pull: request.pull.pull, kind: answer.failure.kind },
      "branch may have moved, looking at it",
    );
    await sleep(client.limits.retryDelayMs);
  }
}

/** Whether the branch has our commit, also below what somebody pushed on top of it since. */
async function contains(
  client: Client,
  { owner, repo }: PullEnd,
  { tip, sha }: { tip: string; sha: string },
): Promise<boolean> {
  if (tip === sha) return true;
  const intent = { doing: "looking whether the commit is in the branch", needs: "Contents: read" };
  const answer = await readOrNull(client, intent, () =>
    client.octokit.rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${sha}...${tip}`,
      per_page: 1,
    }),
  );
  return answer?.status === "ahead";
}

/** For trees that the API does not take. The workspace pushes with a lease on the head that was read; GitHub does not sign such a commit. */
async function pushByGit(client: Client, { request, head, context }: Push): Promise<PublishResult> {
  const { pull, workspace, tree, message } = request;
  if (pull.fromFork) {
    return {
      status: "refused",
      reason: `The merge is too large for GitHub's API, and git cannot push to the fork ${context.repository}. Apply the patch yourself.`,
    };
  }
  const token = await pushToken(client, head, context.workflows.length > 0);
  if (token === null) return { status: "refused", reason: workflowWords(context.workflows) };
  try {
    const { sha } = await workspace.pushCommit({ tree, message, branch: head.ref, token });
    return { status: "pushed", sha, signed: false };
  } catch (error) {
    if (error instanceof AppError && error.code === "stale-head") return { status: "stale-head" };
    if (error instanceof AppError && error.code === "permission") {
      return { status: "refused", reason: `${error.message} ${error.remedy}` };
    }
    throw error;
  }
}
