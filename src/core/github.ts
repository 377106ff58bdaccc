// The port to GitHub: all that is asked of it, for one installation. An adapter and a fake implement it over HTTP.
import type { Errand, Source } from "./command.ts";
import type { Permission, PullDetails, PullRef } from "./pull.ts";
import type { CheckSummary, FailedCheck } from "./failed-check.ts";
import type { Workspace } from "./workspace.ts";

export type Reaction = "eyes" | "rocket" | "confused";

export interface PublishRequest {
  readonly pull: PullDetails;
  readonly workspace: Workspace;
  /** The tree that was verified. The tree GitHub makes must have this very sha. */
  readonly tree: string;
  readonly message: string;
  readonly signal: AbortSignal;
}

export type PublishResult =
  | { readonly status: "pushed"; readonly sha: string; readonly signed: boolean }
  /** The head moved between reading and pushing; nothing was pushed. */
  | { readonly status: "stale-head" }
  /** GitHub refused, with its own reason: no `workflows` permission, a protected branch, a rule. */
  | { readonly status: "refused"; readonly reason: string };

export interface GitHub {
  /** The login of this app's bot: "errand[bot]". */
  botLogin(): Promise<string>;
  /** Live, never from the payload: a removed writer is a stranger. */
  permission(pull: PullRef, login: string): Promise<Permission>;
  /** `null` when there is no such pull request, or this installation may not see it. */
  pull(pull: PullRef): Promise<PullDetails | null>;
  /** The comment's body as it is now; `null` when deleted. */
  commentBody(pull: PullRef, source: Extract<Source, { kind: "comment" }>): Promise<string | null>;
  /** Adds a reaction to the comment that asked; nothing for other sources. Idempotent. */
  react(pull: PullRef, source: Source, reaction: Reaction): Promise<void>;
  /** One comment per pull request, edited in place: found by id, else by hidden marker, else made. Returns its id. */
  upsertComment(pull: PullRef, body: string, knownId: number | null): Promise<{ id: number; url: string }>;
  /** One check run per run (`external_id`), on `sha`. */
  upsertCheck(pull: PullRef, check: CheckRun): Promise<{ id: number; url: string }>;
  /** Names of checks of other apps that failed or timed out on a commit; those still running are left out. */
  failedChecks(pull: PullRef, sha: string): Promise<readonly string[]>;
  /** Every check of other apps on a commit, counted. */
  checkSummary(pull: PullRef, sha: string): Promise<CheckSummary>;
  /** Checks of other apps that failed on a commit, newest of each name, at most 20, with annotations, reduced logs and results. Never rejects for a log that is gone. */
  failedCheckDetails(pull: PullRef, sha: string, signal: AbortSignal): Promise<readonly FailedCheck[]>;
  /** Starts one job of GitHub Actions again; `false` where GitHub refuses. Needs "Actions: write". */
  rerunJob(pull: PullRef, jobId: number): Promise<boolean>;
  /** Open pull requests into a branch, at most `most`, newest first. */
  openPulls(
    repository: { readonly installationId: number; readonly owner: string; readonly repo: string },
    base: string,
    most: number,
  ): Promise<readonly PullRef[]>;
  /** A file's text at a ref; `null` when absent. `repo` may be the organisation's `.github`. */
  file(repository: { owner: string; repo: string }, path: string, ref: string | null): Promise<string | null>;
  /** A token for git over HTTPS with read access to this one repository. */
  readToken(pull: PullRef): Promise<string>;
  /** Whether this installation was granted the optional `workflows: write`. */
  canWriteWorkflows(pull: PullRef): Promise<boolean>;
  publish(request: PublishRequest): Promise<PublishResult>;
}

/** The check runs of this app, as they stand in the merge box: one for each errand. */
export const checkNames: Readonly<Record<Errand, string>> = {
  "fix-conflicts": "agent / conflicts",
  "fix-tests": "agent / tests",
  "write-tests": "agent / written tests",
};

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

export interface CheckRun {
  readonly name: string;
  readonly runId: string;
  readonly sha: string;
  readonly conclusion: "success" | "neutral" | "action_required";
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** Buttons GitHub shows on the check run; `identifier` comes back in `requested_action`. */
  readonly actions: readonly {
    readonly label: string;
    readonly description: string;
    readonly identifier: string;
  }[];
}

/** A GitHub client for one installation. */
export type GitHubFor = (installationId: number) => GitHub;
