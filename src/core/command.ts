// What was asked, by whom, about which pull request: plain JSON, parsed on both sides of the queue.
import { createHash } from "node:crypto";
import { z } from "zod";
import { PullRef, pullKey } from "./pull.ts";

/** What a person can ask for in a comment. */
export const userVerbs = [
  "fix-conflicts",
  "fix-tests",
  "write-tests",
  "apply",
  "status",
  "stop",
  "help",
] as const;

/** Those that change a branch. */
export const errands = ["fix-conflicts", "fix-tests", "write-tests"] as const;
export const Errand = z.enum(errands);
export type Errand = z.infer<typeof Errand>;

/**
 * `refresh`, `close`, `checks-ended` (the checks of a commit have ended) and `base-moved` are never typed: GitHub's events ask for them, and they push nothing
 * themselves.
 */
export const Verb = z.enum([...userVerbs, "refresh", "close", "checks-ended", "base-moved"]);
export type Verb = z.infer<typeof Verb>;

export const Actor = z.object({
  login: z.string().min(1),
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]),
});
export type Actor = z.infer<typeof Actor>;

/** SHA-256 of a comment's body, hex: tells an edited comment from the one that was delivered. */
export function hashBody(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Where a command came from, and what is needed to answer there. */
export const Source = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("comment"),
    /** `issue` for the conversation, `review` for a comment on a line of the diff: two different API routes. */
    place: z.enum(["issue", "review"]),
    commentId: z.number().int(),
    /** `hashBody` of the body as delivered: an edited comment is refused at the start of the run. */
    bodyHash: z.string(),
    /** When it was written, as GitHub tells it: ISO 8601, whole seconds. Commands stored before it was read have none. */
    createdAt: z.string().optional(),
  }),
  z.object({ kind: z.literal("button"), checkRunId: z.number().int(), identifier: z.string() }),
  z.object({ kind: z.literal("label"), label: z.string() }),
  z.object({ kind: z.literal("event"), event: z.string() }),
]);
export type Source = z.infer<typeof Source>;

/** One thing to do on one pull request. `id` is the same for every delivery that tells of the same request. */
export const Command = z.object({
  id: z.string().min(1),
  pull: PullRef,
  actor: Actor,
  verb: Verb,
  /** Of `help`, what was typed and the nearest verb; of `write-tests`, a path; of an Apply button, the id of the run that it belongs to. */
  args: z.array(z.string()),
  /** The head that the person saw, where the event says so; comments do not carry it. */
  headSha: z.string().nullable(),
  source: Source,
});
export type Command = z.infer<typeof Command>;

const Repositories = z.array(z.object({ owner: z.string(), repo: z.string() }));

/** News that concerns more than one pull request. */
export const Notice = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("installation-deleted"),
    id: z.string(),
    installationId: z.number().int(),
    /** What it covered, as far as GitHub says. */
    repositories: Repositories,
  }),
  z.object({ kind: z.literal("installation-suspended"), id: z.string(), installationId: z.number().int() }),
  z.object({
    kind: z.literal("repositories-removed"),
    id: z.string(),
    installationId: z.number().int(),
    repositories: Repositories,
  }),
  z.object({
    kind: z.literal("branch-pushed"),
    id: z.string(),
    installationId: z.number().int(),
    owner: z.string(),
    repo: z.string(),
    branch: z.string(),
    sha: z.string(),
    /** Commits that the pushed ones say they revert, by name or its first digits. */
    reverts: z.array(z.string()).default([]),
  }),
]);
export type Notice = z.infer<typeof Notice>;

/** What lies in an inbox. */
export const InboxItem = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("command"), command: Command }),
  z.object({ kind: z.literal("notice"), notice: Notice }),
]);
export type InboxItem = z.infer<typeof InboxItem>;

export function itemId(item: InboxItem): string {
  return item.kind === "command" ? item.command.id : item.notice.id;
}

/** Which mailbox an item belongs to: one per pull request, one per installation for everything wider. */
export function mailboxOf(item: InboxItem): string {
  return item.kind === "command"
    ? pullKey(item.command.pull)
    : `installation/${String(item.notice.installationId)}`;
}

/** Ids of commands that nobody typed and no delivery carries: made by the pipeline itself, from news of GitHub. */
export const automaticPrefix = "automatic/";

/** Whether a run was started by an event, by the app's own rules, and not by somebody's word. */
export function isAutomatic({ id, source }: Pick<Command, "id" | "source">): boolean {
  return source.kind === "event" && id.startsWith(automaticPrefix);
}
