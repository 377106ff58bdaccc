// The comment that asked: its text now, and the reaction it gets.
import type { Source } from "../core/command.ts";
import type { Reaction } from "../core/github.ts";
import type { PullRef } from "../core/pull.ts";
import { attempt, readOrNull } from "./call.ts";
import { toAppError } from "./failure.ts";
import type { Client } from "./client.ts";

type CommentSource = Extract<Source, { kind: "comment" }>;

/** The conversation and the diff have comments of their own, with routes of their own. */
export async function commentBody(
  client: Client,
  pull: PullRef,
  source: CommentSource,
): Promise<string | null> {
  const where = { owner: pull.owner, repo: pull.repo, comment_id: source.commentId };
  const { issues, pulls } = client.octokit.rest;
  const intent = { doing: "reading the comment that asked", needs: "Issues: read, Pull requests: read" };
  const found =
    source.place === "issue"
      ? await readOrNull(client, intent, () => issues.getComment(where))
      : await readOrNull(client, intent, () => pulls.getReviewComment(where));
  return found ? (found.body ?? "") : null;
}

/** GitHub answers 200 when the reaction is there already. A comment that is gone needs none. */
export async function react(
  client: Client,
  pull: PullRef,
  source: Source,
  reaction: Reaction,
): Promise<void> {
  if (source.kind !== "comment") return;
  const where = { owner: pull.owner, repo: pull.repo, comment_id: source.commentId, content: reaction };
  const { reactions } = client.octokit.rest;
  const answer =
    source.place === "issue"
      ? await attempt(client, () => reactions.createForIssueComment(where))
      : await attempt(client, () => reactions.createForPullRequestReviewComment(where));
  if (answer.ok || answer.failure.kind === "missing") return;
  throw toAppError(answer.failure, {
    doing: "adding a reaction to the comment that asked",
    needs: "Issues: write, Pull requests: write",
  });
}
