// Blobs, tree and commit through the Git Data API. Nothing points to them yet, so stopping anywhere here changes nothing.
import { AppError } from "../core/errors.ts";
import type { PublishRequest } from "../core/github.ts";
import type { PullEnd } from "../core/pull.ts";
import { attempt } from "./call.ts";
import type { Answer } from "./call.ts";
import type { Client } from "./client.ts";
import type { Intent } from "./failure.ts";
import { stopFor } from "./refusal.ts";
import type { PushContext, Stop } from "./refusal.ts";
import { planLimits } from "./tree-plan.ts";
import type { TreePlan } from "./tree-plan.ts";

/** Uploads at a time: GitHub asks for few calls at once, and each holds a whole file. */
const parallelUploads = 4;

interface Order {
  readonly request: PublishRequest;
  readonly head: PullEnd;
  readonly context: PushContext;
  readonly plan: TreePlan;
}

type Step<T> = { readonly status: "made"; readonly value: T } | Stop;

/** A commit without author and committer, so that GitHub puts the app's name and its own signature on it. */
export async function makeCommit(
  client: Client,
  order: Order,
): Promise<{ status: "made"; sha: string; signed: boolean } | Stop> {
  const stopped = await uploadAll(client, order);
  if (stopped) return stopped;
  const tree = await makeTree(client, order);
  if (tree.status !== "made") return tree;

  const { workspace, message, signal } = order.request;
  const { owner, repo } = order.head;
  const parents = [...workspace.parents];
  const answer = await attempt(client, () =>
    client.octokit.rest.git.createCommit({
      owner,
      repo,
      message,
      tree: tree.value,
      parents,
      request: { signal },
    }),
  );
  const commit = settle(answer, { doing: "making the commit", needs: "Contents: write" }, order);
  if (commit.status !== "made") return commit;
  const { sha, tree: made, parents: named, verification } = commit.value;
  if (made.sha !== tree.value || named.map((parent) => parent.sha).join() !== parents.join()) {
    throw mismatch(`the commit ${sha}, which is another commit than was asked for`);
  }
  return { status: "made", sha, signed: verification.verified };
}

/** GitHub's tree must be, bit for bit, the tree that was verified. */
async function makeTree(client: Client, order: Order): Promise<Step<string>> {
  const { request, head, plan } = order;
  const { owner, repo } = head;
  if (plan.entries.length === 0) return verified(plan.from, request.tree);
  const answer = await attempt(client, () =>
    client.octokit.rest.git.createTree({
      owner,
      repo,
      base_tree: plan.from,
      tree: plan.entries.map((entry) => ({ ...entry })),
      request: { signal: request.signal },
    }),
  );
  const made = settle(answer, { doing: "making the tree of the merge", needs: "Contents: write" }, order);
  return made.status === "made" ? verified(made.value.sha, request.tree) : made;
}

function verified(sha: string, expected: string): Step<string> {
  if (sha !== expected) throw mismatch(`the tree ${sha} where ${expected} was verified`);
  return { status: "made", value: sha };
}

/** `null` when all are there. The first refusal ends it; uploads under way are waited for. */
async function uploadAll(client: Client, order: Order): Promise<Stop | null> {
  const waiting = [...order.plan.uploads];
  const stops: Stop[] = [];
  const worker = async () => {
    for (let oid = waiting.shift(); oid !== undefined && stops.length === 0; oid = waiting.shift()) {
      const step = await upload(client, order, oid);
      if (step.status !== "made") stops.push(step);
    }
  };
  await Promise.all(Array.from({ length: parallelUploads }, worker));
  return stops[0] ?? null;
}

async function upload(client: Client, order: Order, oid: string): Promise<Step<string>> {
  const { request, head } = order;
  request.signal.throwIfAborted();
  const bytes = await request.workspace.readBlob(oid);
  const content = Buffer.from(bytes).toString("base64");
  if (content.length > planLimits.bodyBytes) return { status: "too-large" };
  const { owner, repo } = head;
  const answer = await attempt(client, () =>
    client.octokit.rest.git.createBlob({
      owner,
      repo,
      content,
      encoding: "base64",
      request: { signal: request.signal },
    }),
  );
  const made = settle(answer, { doing: "uploading a merged file", needs: "Contents: write" }, order);
  if (made.status !== "made") return made;
  if (made.value.sha !== oid) throw mismatch(`the blob ${made.value.sha} where ${oid} was sent`);
  return { status: "made", value: oid };
}

/** A call cut off by the run's own signal is no failure of GitHub's. */
function settle<T>(answer: Answer<T>, intent: Intent, { request, context }: Order): Step<T> {
  request.signal.throwIfAborted();
  return answer.ok ? { status: "made", value: answer.data } : stopFor(answer.failure, intent, context);
}

function mismatch(what: string): AppError {
  return new AppError("bug", `GitHub made ${what}. Nothing was pushed.`, {
    retryable: false,
    remedy: "Report this with the run's id; merging by hand works as ever.",
  });
}
