// GitHub's events as inbox items: pure, no call to GitHub. What starts work, what is news, and what is left alone.
import type { z } from "zod";
import { errands, hashBody } from "../core/command.ts";
import type { Actor, InboxItem, Notice } from "../core/command.ts";
import { command, isPerson } from "./asked.ts";
import type { Origin, Self } from "./asked.ts";
import {
  onCheckAction,
  onCheckCompleted,
  onCheckRerequested,
  onSuiteCompleted,
  onSuiteRerequested,
  onWorkflowCompleted,
} from "./check-events.ts";
import { parseComment } from "./grammar.ts";
import {
  onInstallationDeleted,
  onInstallationSuspended,
  onRepositoriesRemoved,
} from "./installation-events.ts";
import * as payloads from "./payloads.ts";

/** Behind it, in a label, stands what is asked for, as in the comment. */
const LABEL_PREFIX = "agent: ";

const notice = (news: Notice): InboxItem => ({ kind: "notice", notice: news });

const isSelf = ({ login }: Actor, { botLogin }: Self): boolean =>
  login.toLowerCase() === botLogin?.toLowerCase();

type Comment = z.infer<typeof payloads.issueComment>["comment"];

/** A comment that an app wrote in a person's name counts as the app's: the person did not type it. */
function commentItems(
  origin: Origin,
  number: number,
  comment: Comment,
  place: "issue" | "review",
): InboxItem[] {
  if (!isPerson(origin.sender) || comment.performed_via_github_app) return [];
  return parseComment(comment.body).map(({ verb, args }, index) =>
    command(origin, {
      id: `comment/${comment.node_id}/${comment.created_at}/${index}`,
      number,
      verb,
      args,
      headSha: null,
      source: {
        kind: "comment",
        place,
        commentId: comment.id,
        bodyHash: hashBody(comment.body),
        createdAt: comment.created_at,
      },
    }),
  );
}

function onIssueComment(payload: z.infer<typeof payloads.issueComment>): InboxItem[] {
  if (!payload.issue.pull_request) return [];
  return commentItems(payload, payload.issue.number, payload.comment, "issue");
}

function onReviewComment(payload: z.infer<typeof payloads.reviewComment>): InboxItem[] {
  return commentItems(payload, payload.pull_request.number, payload.comment, "review");
}

/** News of a pull request, from whomever: `refresh` and `close` push nothing. */
function onPullRequest(payload: z.infer<typeof payloads.pullRequestChanged>, self: Self): InboxItem[] {
  const { action, pull_request: pull, sender } = payload;
  if (isSelf(sender, self)) return [];
  return [
    command(payload, {
      id: `pull/${pull.node_id}/${action}/${pull.head.sha}/${pull.updated_at}`,
      number: pull.number,
      verb: action === "closed" ? "close" : "refresh",
      headSha: pull.head.sha,
      source: { kind: "event", event: `pull_request.${action}` },
    }),
  ];
}

function onLabel(payload: z.infer<typeof payloads.pullRequestLabeled>): InboxItem[] {
  const { label, pull_request: pull, sender } = payload;
  const verb = errands.find((errand) => label.name.toLowerCase() === `${LABEL_PREFIX}${errand}`);
  if (!isPerson(sender) || verb === undefined) return [];
  return [
    command(payload, {
      id: `label/${pull.node_id}/${verb}/${pull.head.sha}/${pull.updated_at}`,
      number: pull.number,
      verb,
      headSha: pull.head.sha,
      source: { kind: "label", label: label.name },
    }),
  ];
}

const BRANCHES = "refs/heads/";
/** Reverts of one push that are looked at. */
const mostReverts = 20;
/** Git's own words, of `git revert` with and without `--reference`; GitHub's button uses them, too. */
const revertLine = /^This reverts commit ([0-9a-f]{7,40})\b/gm;

function revertsIn(commits: z.infer<typeof payloads.push>["commits"]): string[] {
  const shas = (commits ?? []).flatMap(({ message }) =>
    [...message.matchAll(revertLine)].flatMap(([, sha]) => sha ?? []),
  );
  return [...new Set(shas)].slice(0, mostReverts);
}

function onPush(payload: z.infer<typeof payloads.push>, self: Self): InboxItem[] {
  const { ref, before, after, deleted, commits, installation, repository, sender } = payload;
  if (deleted || !ref.startsWith(BRANCHES) || isSelf(sender, self)) return [];
  return [
    notice({
      kind: "branch-pushed",
      id: `push/${repository.id}/${ref}/${before}/${after}/${repository.pushed_at ?? ""}`,
      installationId: installation.id,
      owner: repository.owner.login,
      repo: repository.name,
      branch: ref.slice(BRANCHES.length),
      sha: after,
      reverts: revertsIn(commits),
    }),
  ];
}

type Handler = (payload: unknown, self: Self, deliveryId: string) => InboxItem[];

/** Parses what the handler reads. A payload that lacks it (another kind of sender, no installation) is left alone. */
function on<Payload>(
  schema: z.ZodType<Payload>,
  handle: (payload: Payload, self: Self, deliveryId: string) => InboxItem[],
): Handler {
  return (payload, self, deliveryId) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? handle(parsed.data, self, deliveryId) : [];
  };
}

/** Taken and left alone: nothing is to be done yet, and GitHub is told so by a 2xx. */
const leaveAlone: Handler = () => [];

const pullRequestNews = on(payloads.pullRequestChanged, onPullRequest);

/** Every event that is listened to. app.yml subscribes to exactly these (installation events come unasked). */
const handlers = {
  "issue_comment.created": on(payloads.issueComment, onIssueComment),
  "pull_request_review_comment.created": on(payloads.reviewComment, onReviewComment),
  "pull_request.opened": pullRequestNews,
  "pull_request.synchronize": pullRequestNews,
  "pull_request.reopened": pullRequestNews,
  "pull_request.closed": pullRequestNews,
  "pull_request.labeled": on(payloads.pullRequestLabeled, onLabel),
  push: on(payloads.push, onPush),
  "check_run.rerequested": on(payloads.checkRunChanged, onCheckRerequested),
  "check_run.requested_action": on(payloads.checkRunAction, onCheckAction),
  "check_suite.rerequested": on(payloads.checkSuiteChanged, onSuiteRerequested),
  "check_run.completed": on(payloads.checkRunChanged, onCheckCompleted),
  "check_suite.completed": on(payloads.checkSuiteChanged, onSuiteCompleted),
  "workflow_run.completed": on(payloads.workflowRunCompleted, onWorkflowCompleted),
  "installation.deleted": on(payloads.installationChanged, onInstallationDeleted),
  "installation.suspend": on(payloads.installationChanged, onInstallationSuspended),
  // What was queued before the suspension is gone; the next event starts afresh.
  "installation.unsuspend": leaveAlone,
  "installation_repositories.removed": on(payloads.repositoriesRemoved, onRepositoriesRemoved),
} as const satisfies Record<string, Handler>;

export type HandledEvent = keyof typeof handlers;
export const handledEvents = Object.keys(handlers) as HandledEvent[];

/**
 * What a verified delivery asks for. Pure; never throws, whatever the payload. `event` is "issue_comment.created" or "push"; `deliveryId` is
 * X-GitHub-Delivery, the same when GitHub sends a delivery again.
 */
export function itemsFor(
  event: string,
  payload: unknown,
  self: Self,
  deliveryId: string,
): readonly InboxItem[] {
  return Object.hasOwn(handlers, event) ? handlers[event as HandledEvent](payload, self, deliveryId) : [];
}
