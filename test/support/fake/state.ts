// What the fake GitHub knows: plain data, changed by the routes and by the test's own hand.
import type { Permission } from "../../../src/core/pull.ts";

export type Level = "read" | "write";
/** Permission name as in an App's settings → level. */
export type Permissions = Readonly<Record<string, Level>>;

export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot" | "Organization";
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  /** PEM, PKCS #1, as GitHub hands it out. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly webhookSecret: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

export interface Installation {
  readonly id: number;
  readonly account: User;
  permissions: Permissions;
  suspendedAt: string | null;
}

export interface InstallationToken {
  readonly token: string;
  readonly installationId: number;
  readonly permissions: Permissions;
  /** Repository ids; `null` covers every repository of the installation. */
  readonly repositoryIds: readonly number[] | null;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface Repository {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  private: boolean;
  readonly fork: boolean;
  readonly defaultBranch: string;
  /** The bare repository on disk. */
  readonly gitDir: string;
  installed: boolean;
  readonly collaborators: Map<string, Permission>;
  /** Branch → the rule that refuses direct updates, in GitHub's words. */
  readonly protectedBranches: Map<string, string>;
  readonly pulls: Map<number, Pull>;
  nextNumber: number;
  readonly createdAt: string;
  pushedAt: string;
}

export interface Pull {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly author: User;
  state: "open" | "closed";
  draft: boolean;
  mergedAt: string | null;
  closedAt: string | null;
  mergeCommitSha: string | null;
  readonly baseRef: string;
  readonly headRef: string;
  /** `null` once the fork is deleted. */
  headRepository: Repository | null;
  readonly headOwner: User;
  /** Last known head: what stays when the branch or the fork goes, or the pull request is closed. */
  headSha: string;
  /** The base branch as it was when the head last moved: GitHub does not keep `base.sha` up with the branch. */
  baseSha: string;
  labels: string[];
  /** How many times more GitHub answers that it has not found out yet whether it can be merged. */
  mergeableUnknown: number;
  readonly createdAt: string;
  updatedAt: string;
}

export type ReactionContent = "+1" | "-1" | "laugh" | "confused" | "heart" | "hooray" | "rocket" | "eyes";

export interface Reaction {
  readonly id: number;
  readonly user: User;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

export interface Comment {
  readonly id: number;
  readonly kind: "issue" | "review";
  readonly repository: Repository;
  readonly pull: Pull;
  readonly user: User;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly reactions: Reaction[];
  /** Where a review comment stands. */
  readonly path: string;
  readonly line: number;
}

export interface CheckRunAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

/** An App that writes checks, as far as checks name it. */
export interface CheckApp {
  readonly id: number;
  readonly slug: string;
}

/** The check runs of one App on one commit; of GitHub Actions, those of one workflow run. */
export interface SuiteState {
  readonly id: number;
  readonly repository: Repository;
  readonly app: CheckApp;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** The workflow run of GitHub Actions; `null` for other Apps. */
  readonly runId: number | null;
  /** 1, and one more each time that a job is started again. */
  attempt: number;
}

export interface StepState {
  readonly name: string;
  readonly conclusion: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
}

/** What a download gives: bytes, or pieces that are made as they are sent. */
export type Content = string | Buffer | (() => Iterable<string>);

export interface JobState {
  steps: readonly StepState[];
  /** `null`: gone, 404. */
  log: Content | null;
}

export interface ArtifactState {
  readonly id: number;
  readonly repository: Repository;
  readonly suite: SuiteState;
  readonly name: string;
  readonly zip: Buffer;
  readonly expired: boolean;
}

/** A commit status; of one context on one commit the last counts. */
export interface StatusState {
  readonly id: number;
  readonly repository: Repository;
  readonly sha: string;
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly createdAt: string;
}

/** A job that somebody started again, and the check run that stands for the new attempt. */
export interface Rerun {
  readonly jobId: number;
  readonly newJobId: number;
}

export interface CheckRunState {
  readonly id: number;
  readonly repository: Repository;
  /** This App, or another (CI). */
  readonly app: CheckApp;
  readonly suite: SuiteState;
  /** The job of GitHub Actions behind it; `null` for checks of other Apps. */
  readonly job: JobState | null;
  name: string;
  readonly headSha: string;
  status: string;
  conclusion: string | null;
  externalId: string;
  detailsUrl: string | null;
  startedAt: string | null;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: CheckRunAnnotation[];
  actions: readonly { label: string; description: string; identifier: string }[];
}

interface CiCommit {
  readonly sha: string;
  readonly branch: string;
  readonly sender: User;
  /** The check run of a job that was started again; `null` where the commit is new. */
  readonly again: CheckRunState | null;
}

export interface State {
  /** Origin of the server, no slash at the end; set once it listens. */
  url: string;
  readonly root: string;
  readonly app: App;
  readonly bot: User;
  readonly users: Map<string, User>;
  readonly installations: Map<number, Installation>;
  /** Keyed by `owner/name` in lower case. */
  readonly repositories: Map<string, Repository>;
  readonly tokens: Map<string, InstallationToken>;
  readonly comments: Map<number, Comment>;
  readonly checkRuns: Map<number, CheckRunState>;
  readonly suites: Map<number, SuiteState>;
  readonly artifacts: Map<number, ArtifactState>;
  readonly reruns: Rerun[];
  /** Oldest first. */
  readonly statuses: StatusState[];
  /** Addresses of logs and archives by their last part: good for one request each. */
  readonly downloads: Map<string, Content>;
  /** What a repository's CI does by itself: called with each commit that a branch comes to, and with each job started again. */
  readonly ci: Map<Repository, (commit: CiCommit) => void>;
  readonly manifests: Map<string, { webhookSecret: string }>;
  readonly blobLimit: number;
  nextId: number;
  /** Called for every event that GitHub would send by itself; the payload is made only where somebody listens. */
  emit: (event: string, payload: () => object | Promise<object>) => void;
  /** Work that goes on after an answer: `settled` waits for it. */
  background: (work: Promise<unknown>) => void;
}

export function newId(state: State): number {
  state.nextId += 1;
  return state.nextId;
}

/** Seconds, as in GitHub's own dates. */
export function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

export function repositoryKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

export function findRepository(state: State, owner: string, name: string): Repository | undefined {
  return state.repositories.get(repositoryKey(owner, name));
}

/** The test's own look-up: a name that was never added is a slip in the test. */
export function repositoryOf(state: State, owner: string, name: string): Repository {
  const found = findRepository(state, owner, name);
  if (found === undefined)
    throw new Error(`The fake GitHub has no repository ${owner}/${name}: add it first.`);
  return found;
}

export function userOf(state: State, login: string, type: User["type"] = "User"): User {
  const known = state.users.get(login.toLowerCase());
  if (known !== undefined) return known;
  const user = { id: newId(state), login, type };
  state.users.set(login.toLowerCase(), user);
  return user;
}

/** The installation on an account; made when the account's first repository is added. */
export function installationOf(state: State, account: User): Installation | undefined {
  return [...state.installations.values()].find((installation) => installation.account.id === account.id);
}
