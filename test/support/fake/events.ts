// Webhook payloads by the address of what they tell of: the test's side of payloads.ts.
import { checked } from "./checked-payload.ts";
import { git } from "./git.ts";
import * as payloads from "./payloads.ts";
import type { JsonObject } from "./render.ts";
import {
  installationOf,
  repositoryOf,
  userOf,
  type CheckRunState,
  type Comment,
  type Installation,
  type Pull,
  type Repository,
  type State,
} from "./state.ts";

export interface RepositoryAddress {
  readonly owner: string;
  readonly repo: string;
}

export interface PullAddress extends RepositoryAddress {
  readonly number: number;
}

interface CiOptions {
  readonly sha: string;
  readonly branch: string;
  /** Default `failure`. */
  readonly conclusion?: string;
}

/** `sender` is a login everywhere; default `author`. */
export interface Events {
  readonly comment: (
    commentId: number,
    action?: "created" | "edited" | "deleted",
    sender?: string,
  ) => JsonObject;
  readonly pull: (
    pull: PullAddress,
    action: "opened" | "synchronize" | "reopened" | "labeled" | "closed",
    options?: { sender?: string; label?: string; before?: string },
  ) => JsonObject;
  readonly push: (
    repository: RepositoryAddress,
    move: { branch: string; before: string; after: string },
    sender?: string,
  ) => Promise<JsonObject>;
  readonly checkRun: (
    checkRunId: number,
    action: "created" | "completed" | "rerequested",
    sender?: string,
  ) => JsonObject;
  /** A press on one of the check run's buttons. */
  readonly requestedAction: (checkRunId: number, identifier: string, sender?: string) => JsonObject;
  readonly checkSuite: (repository: RepositoryAddress, result: CiOptions) => JsonObject;
  readonly workflowRun: (repository: RepositoryAddress, result: CiOptions) => JsonObject;
  readonly installation: (
    owner: string,
    action: "created" | "deleted" | "suspend" | "unsuspend" | "new_permissions_accepted",
  ) => JsonObject;
  readonly installationRepositories: (
    owner: string,
    changed: { added?: readonly string[]; removed?: readonly string[] },
  ) => JsonObject;
}

export function findPull(state: State, address: PullAddress): { repository: Repository; pull: Pull } {
  const repository = repositoryOf(state, address.owner, address.repo);
  const pull = repository.pulls.get(address.number);
  if (pull === undefined)
    throw new Error(`${address.owner}/${address.repo} has no pull request ${address.number}.`);
  return { repository, pull };
}

export function installedOn(state: State, owner: string): Installation {
  const installation = installationOf(state, userOf(state, owner));
  if (installation === undefined) throw new Error(`The App is not installed on ${owner}.`);
  return installation;
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`The fake GitHub has no ${what}.`);
  return found;
}

const labelOf = ({ url }: State, name: string): JsonObject => ({
  ...{ id: 1, node_id: "LA_1", url: `${url}/labels/1`, name },
  ...{ color: "ededed", default: false, description: "" },
});

export function openEvents(state: State): Events {
  const who = (login = "author") => userOf(state, login);
  const check = (id: number): CheckRunState => known(state.checkRuns.get(id), `check run ${id}`);
  const comment = (id: number): Comment => known(state.comments.get(id), `comment ${id}`);
  const ci = (
    address: RepositoryAddress,
    { sha, branch, conclusion = "failure" }: CiOptions,
  ): payloads.CiResult => ({
    repository: repositoryOf(state, address.owner, address.repo),
    headSha: sha,
    headBranch: branch,
    conclusion,
    sender: who(),
  });
  return {
    comment: (id, action = "created", sender) =>
      payloads.commentPayload(
        state,
        comment(id),
        action === "edited" ? { action, from: comment(id).body } : { action },
        sender === undefined ? comment(id).user : who(sender),
      ),
    pull: (address, action, { sender, label, before } = {}) => {
      const { repository, pull } = findPull(state, address);
      return checked("pull_request", {
        ...payloads.pullPayload(state, { repository, pull, action, sender: who(sender) }),
        ...(label === undefined ? {} : { label: labelOf(state, label) }),
        ...(action === "synchronize" ? { before: before ?? pull.headSha, after: pull.headSha } : {}),
      });
    },
    push: (address, { branch, before, after }, sender) =>
      payloads.pushPayload(
        state,
        repositoryOf(state, address.owner, address.repo),
        { ref: `refs/heads/${branch}`, before, after },
        who(sender),
      ),
    checkRun: (id, action, sender) =>
      payloads.checkRunPayload(state, check(id), action, { sender: who(sender) }),
    requestedAction: (id, identifier, sender) =>
      payloads.checkRunPayload(state, check(id), "requested_action", { sender: who(sender), identifier }),
    checkSuite: (address, result) => payloads.checkSuitePayload(state, ci(address, result)),
    workflowRun: (address, result) => payloads.workflowRunPayload(state, ci(address, result)),
    installation: (owner, action) =>
      payloads.installationPayload(state, installedOn(state, owner), action, who()),
    installationRepositories: (owner, { added = [], removed = [] }) => {
      const named = (names: readonly string[]) => names.map((name) => repositoryOf(state, owner, name));
      return payloads.installationRepositoriesPayload(
        state,
        installedOn(state, owner),
        { added: named(added), removed: named(removed) },
        who(),
      );
    },
  };
}

/** Merges a pull request as its button does: a merge commit on the base branch, straight in the repository. */
export async function mergeCommitOf(
  repository: Repository,
  baseSha: string,
  headSha: string,
): Promise<string> {
  const tree =
    (await git(repository.gitDir, ["merge-tree", "--write-tree", baseSha, headSha]))
      .toString()
      .split("\n")[0] ?? "";
  const people = {
    ...{
      GIT_AUTHOR_NAME: "GitHub",
      GIT_AUTHOR_EMAIL: "noreply@github.com",
      GIT_AUTHOR_DATE: "2026-01-02T00:00:00Z",
    },
    ...{
      GIT_COMMITTER_NAME: "GitHub",
      GIT_COMMITTER_EMAIL: "noreply@github.com",
      GIT_COMMITTER_DATE: "2026-01-02T00:00:00Z",
    },
  };
  const args = ["commit-tree", tree, "-p", baseSha, "-p", headSha, "-m", "Merge pull request"];
  return (await git(repository.gitDir, args, { env: people })).toString().trim();
}
