// GitHub's events as inbox items: pure, no call to GitHub. What starts work, what is news, and what is left alone.
import type { z } from "zod";
import { hashBody } from "../core/command.ts";
import type { Actor, Command, InboxItem, Notice } from "../core/command.ts";
import { parseComment } from "./grammar.ts";
import {
  onInstallationDeleted,
  onInstallationSuspended,
  onRepositoriesRemoved,
} from "./installation-events.ts";
import * as payloads from "./payloads.ts";

/** Who we are, so that we never answer ourselves. */
export interface Self {
  readonly appId: number;
  /** "errand[bot]"; `null` while unknown: news of our own pushes then looks like anybody's, and starts nothing either. */
  readonly botLogin: string | null;
}

/** The label that asks like the comment `/agent fix-conflicts`. */
const FIX_LABEL = "agent: fix-conflicts";

type Origin = Pick<z.infer<typeof payloads.push>, "installation" | "repository" | "sender">;

interface Asked {
  readonly id: string;
  readonly number: number;
  readonly verb: Command["verb"];
  readonly args?: readonly string[];
  readonly headSha: string | null;
  readonly source: Command["source"];
}

function command({ installation, repository, sender }: Origin, asked: Asked): InboxItem {
  const { id, number, verb, args = [], headSha, source } = asked;
  const pull = {
    installationId: installation.id,
    owner: repository.owner.login,
    repo: repository.name,
    number,
  };
  return { kind: "command", command: { id, pull, actor: sender, verb, args: [...args], headSha, source } };
}

const notice = (news: Notice): InboxItem => ({ kind: "notice", notice: news });

/** Programs ask for nothing: what they write is as often as not a repetition of what somebody else wrote. */
const isPerson = ({ login, type }: Actor): boolean =>
  type === "User" && !login.toLowerCase().endsWith("[bot]");

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
  if (!isPerson(sender) || label.name.toLowerCase() !== FIX_LABEL) return [];
  return [
    command(payload, {
      id: `label/${pull.node_id}/${pull.head.sha}/${pull.updated_at}`,
      number: pull.number,
      verb: "fix-conflicts",
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

type CheckRun = z.infer<typeof payloads.checkRunRerequested>["check_run"];

/**
 * The pull requests a check belongs to. GitHub names those whose head is in this repository; it names none for a fork, and it may name pull
 * requests that this repository opened elsewhere, which are not ours to touch.
 */
function pullsOf(checked: Pick<CheckRun, "pull_requests">, { repository }: Origin): readonly number[] {
  return checked.pull_requests
    .filter(({ base }) => base.repo.id === repository.id)
    .map(({ number }) => number);
}

/** A click has no time stamp of its own; those of the check and its suite change with every run that ends. */
function clickId(payload: Origin & { check_run: CheckRun }, what: string): string {
  const { check_run: check, sender } = payload;
  return `check/${check.id}/${what}/${sender.login}/${check.completed_at ?? ""}/${check.check_suite?.updated_at ?? ""}`;
}

function onCheckRerequested(
  payload: z.infer<typeof payloads.checkRunRerequested>,
  { appId }: Self,
): InboxItem[] {
  const { check_run: check, sender } = payload;
  if (check.app?.id !== appId || !isPerson(sender)) return [];
  return pullsOf(check, payload).map((number) =>
    command(payload, {
      id: `${clickId(payload, "rerequested")}/${number}`,
      number,
      verb: "fix-conflicts",
      headSha: check.head_sha,
      source: { kind: "button", checkRunId: check.id, identifier: "rerequested" },
    }),
  );
}

/** "Re-run all checks": GitHub then sends this in place of one event per check run. */
function onSuiteRerequested(
  payload: z.infer<typeof payloads.checkSuiteRerequested>,
  { appId }: Self,
): InboxItem[] {
  const { check_suite: suite, sender } = payload;
  if (suite.app?.id !== appId || !isPerson(sender)) return [];
  return pullsOf(suite, payload).map((number) =>
    command(payload, {
      id: `suite/${suite.id}/rerequested/${sender.login}/${suite.updated_at ?? ""}/${number}`,
      number,
      verb: "fix-conflicts",
      headSha: suite.head_sha,
      source: { kind: "event", event: "check_suite.rerequested" },
    }),
  );
}

/**
 * Which pull request a button is for: its identifier says so ("apply#12"), because GitHub names none for a fork and several for a shared
 * head. Without a number it is for the one pull request that GitHub names.
 */
function buttonTarget(identifier: string, named: readonly number[]): number | null {
  const [, digits] = identifier.split("#");
  if (digits !== undefined) return /^\d{1,15}$/.test(digits) && Number(digits) > 0 ? Number(digits) : null;
  return named.length === 1 ? (named[0] ?? null) : null;
}

function onCheckAction(payload: z.infer<typeof payloads.checkRunAction>, { appId }: Self): InboxItem[] {
  const { check_run: check, requested_action: action, sender } = payload;
  if (check.app?.id !== appId || !isPerson(sender)) return [];
  const number = buttonTarget(action.identifier, pullsOf(check, payload));
  if (number === null || action.identifier.split("#")[0] !== "apply") return [];
  return [
    command(payload, {
      id: clickId(payload, action.identifier),
      number,
      verb: "apply",
      // The run whose proposal the person looked at.
      args: check.external_id ? [check.external_id] : [],
      headSha: check.head_sha,
      source: { kind: "button", checkRunId: check.id, identifier: action.identifier },
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
  "check_run.rerequested": on(payloads.checkRunRerequested, onCheckRerequested),
  "check_run.requested_action": on(payloads.checkRunAction, onCheckAction),
  "check_suite.rerequested": on(payloads.checkSuiteRerequested, onSuiteRerequested),
  // A finished check is for the agent that fixes failing tests; there is none yet.
  "check_run.completed": leaveAlone,
  "check_suite.completed": leaveAlone,
  "workflow_run.completed": leaveAlone,
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
