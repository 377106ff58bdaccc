// Which pull request, and what GitHub says of it.
import { z } from "zod";

/** A pull request's address. `owner` and `repo` as GitHub spells them. */
export const PullRef = z.object({
  installationId: z.number().int().nonnegative(),
  owner: z.string().min(1),
  repo: z.string().min(1),
  number: z.number().int().positive(),
});
export type PullRef = z.infer<typeof PullRef>;

/** The mailbox of a pull request: GitHub's names ignore case, so the key does. */
export function pullKey(pull: Omit<PullRef, "installationId">): string {
  return `${pull.owner}/${pull.repo}#${String(pull.number)}`.toLowerCase();
}

/** One end of a pull request: a commit on a branch of a repository. */
export interface PullEnd {
  readonly sha: string;
  /** Branch name without `refs/heads/`. A hostile string: never part of a command line. */
  readonly ref: string;
  readonly owner: string;
  readonly repo: string;
}

/** What GitHub says of a pull request, read live at the start of a run. */
export interface PullDetails {
  readonly pull: PullRef;
  readonly title: string;
  readonly state: "open" | "closed" | "merged";
  /** `null` when the head repository is gone. */
  readonly head: PullEnd | null;
  readonly base: PullEnd;
  readonly defaultBranch: string;
  /** The head branch is gone although the repository is there. */
  readonly headDeleted: boolean;
  /** The commit by which it came into the base: a merge commit, a squashed one, or the last of those put on top. `null` unless merged. */
  readonly mergeCommitSha: string | null;
  readonly fromFork: boolean;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly author: { readonly login: string; readonly type: string };
  /** Whether GitHub can merge it; `null` while it has not found out. */
  readonly mergeable: boolean | null;
  readonly cloneUrl: string;
  readonly htmlUrl: string;
}

export type Permission = "admin" | "maintain" | "write" | "triage" | "read" | "none";

/** Only these may start anything that can push (docs/security.md). */
export function mayPush(permission: Permission): boolean {
  return permission === "admin" || permission === "maintain" || permission === "write";
}
