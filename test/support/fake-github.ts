// A GitHub of our own on loopback: REST API, git over HTTP and webhooks, backed by real bare repositories.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Permission, PullRef } from "../../src/core/pull.ts";
import type { Violation } from "./fake/api.ts";
import { issueToken } from "./fake/auth.ts";
import {
  findPull,
  installedOn,
  mergeCommitOf,
  openEvents,
  type Events,
  type PullAddress,
  type RepositoryAddress,
} from "./fake/events.ts";
import type { Fault, FaultOptions } from "./fake/faults.ts";
import { openFixture, type FileSpec, type GitFixture } from "./fake/fixture.ts";
import { branchHead } from "./fake/git.ts";
import { syncPull } from "./fake/refs.ts";
import { cloneUrl } from "./fake/render.ts";
import { checksPart, type ChecksPart } from "./fake/checks-part.ts";
import { addComment } from "./fake/routes/comments.ts";
import { openServer, type LoggedRequest, type Phase, type RequestHook } from "./fake/server.ts";
import * as setup from "./fake/setup.ts";
import { installationOf, repositoryOf, timestamp, userOf } from "./fake/state.ts";
import type { App, Comment, Permissions, Pull, Repository, State, User } from "./fake/state.ts";
import { deliver, type DeliverOptions, type Delivery } from "./fake/webhooks.ts";

export type { FileSpec, GitFixture, RepositoryAddress };

export interface FakeGitHubOptions {
  /** What the App was granted. Default: what app.yml asks for, without `workflows`. */
  readonly permissions?: Permissions;
  readonly appId?: number;
  readonly slug?: string;
  /** Blobs above this many bytes are refused by the API. Default 40 MiB. */
  readonly blobLimit?: number;
  /** Port to listen on; a free one unless named. */
  readonly port?: number;
}

export interface FakeGitHub extends ChecksPart {
  /** Base of the REST API; the same server also answers below `/api/v3`. */
  readonly url: string;
  readonly app: App;
  /** The App's own account, `SLUG[bot]`. */
  readonly bot: User;
  /** Everything asked so far, in order, without credentials. */
  readonly requests: readonly LoggedRequest[];
  /** Must be empty at the end of a test: whatever GitHub would not have taken from us. */
  readonly violations: readonly Violation[];
  /** Every webhook sent, by `deliver` and by itself. */
  readonly deliveries: readonly Delivery[];
  readonly gitUrl: (owner: string, repo: string) => string;

  readonly addRepository: (
    options: setup.RepositoryOptions & { readonly files?: Readonly<Record<string, FileSpec>> },
  ) => Promise<RepositoryAddress>;
  /** Copies a repository to another account, as it is now. The App is not installed there. */
  readonly addFork: (
    parent: RepositoryAddress,
    fork: { readonly owner: string; readonly name?: string; readonly installed?: boolean },
  ) => Promise<RepositoryAddress>;
  readonly deleteRepository: (address: RepositoryAddress) => Promise<void>;
  /** Commits, branches and look-ups straight in the bare repository. */
  readonly git: (address: RepositoryAddress) => GitFixture;
  /** Opens a pull request; the result is the address that commands carry. */
  readonly openPull: (options: setup.PullOptions) => Promise<PullRef>;
  /** The pull request's live state. */
  readonly pull: (address: PullAddress) => Pull;
  /** Closes it, or merges it with a merge commit on the base branch. */
  readonly closePull: (address: PullAddress, options?: { readonly merged?: boolean }) => Promise<void>;
  readonly reopenPull: (address: PullAddress) => Promise<void>;

  /** On one repository, or on all of them. */
  readonly setPermission: (login: string, level: Permission, where?: RepositoryAddress) => void;
  /** Direct updates of the branch are refused from now on; `null` lifts it. */
  readonly protect: (address: RepositoryAddress, branch: string, rule?: string | null) => void;
  readonly installationId: (owner: string) => number;
  /** Tokens issued from now on carry these. */
  readonly setInstallationPermissions: (owner: string, permissions: Permissions) => void;
  readonly suspend: (owner: string, suspended?: boolean) => void;
  readonly setInstalled: (address: RepositoryAddress, installed: boolean) => void;
  /** A ready token, for using git or the API by hand. */
  readonly token: (
    owner: string,
    narrowed?: { readonly permissions?: Permissions; readonly repositories?: readonly string[] },
  ) => string;
  /** Every token issued so far is good no longer. */
  readonly expireTokens: () => void;
  /** A code for `POST /app-manifests/{code}/conversions`, good once. */
  readonly manifestCode: () => string;

  /** Stores a comment of a person (a `[bot]` login makes it a bot) and returns its id and the webhook's payload. */
  readonly comment: (
    pull: PullAddress,
    login: string,
    body: string,
  ) => { readonly id: number; readonly payload: object };
  readonly reviewComment: (
    pull: PullAddress,
    login: string,
    body: string,
    at?: { readonly path: string; readonly line: number },
  ) => { readonly id: number; readonly payload: object };
  readonly editComment: (id: number, body: string) => void;
  readonly deleteComment: (id: number) => void;
  /** Comments in the conversation of a pull request, oldest first. */
  readonly comments: (pull: PullAddress) => readonly Comment[];

  readonly fault: (options: FaultOptions) => Fault;
  /** Calls a hook at every request, before it takes effect or before it is answered. Returns what takes the hook away. */
  readonly onRequest: (hook: RequestHook, phase?: Phase) => () => void;

  /** Builders of webhook payloads. */
  readonly events: Events;
  readonly deliver: (event: string, payload: object, options: DeliverOptions) => Promise<Delivery>;
  /** From now on GitHub's own events (push, synchronize, comments) go there by themselves; `null` stops it. */
  readonly autoDeliver: (to: string | null) => void;
  /** Resolves once no delivery is under way. */
  readonly settled: () => Promise<void>;
  /** Stops the server and removes the repositories. */
  readonly close: () => Promise<void>;
}

/** What app.yml asks for; `workflows` is optional there. */
const DEFAULT_PERMISSIONS: Permissions = {
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  actions: "write",
  statuses: "read",
  metadata: "read",
};

const EVENTS = [
  ...["issue_comment", "pull_request_review_comment", "pull_request", "push"],
  ...["check_suite", "check_run", "workflow_run"],
];

const keyPairs = new Map<number, { readonly publicKey: string; readonly privateKey: string }>();

/** Generated once per App and process: making a key costs a tenth of a second and more. */
function keyPairOf(appId: number): { readonly publicKey: string; readonly privateKey: string } {
  const known = keyPairs.get(appId);
  if (known !== undefined) return known;
  const made = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  keyPairs.set(appId, made);
  return made;
}

function makeApp(options: FakeGitHubOptions): App {
  const { appId = 4242, slug = "errand-test", permissions = DEFAULT_PERMISSIONS } = options;
  return {
    id: appId,
    slug,
    name: slug,
    clientId: `Iv1.${String(appId)}`,
    ...keyPairOf(appId),
    webhookSecret: randomBytes(16).toString("hex"),
    permissions,
    events: EVENTS,
  };
}

function makeState(root: string, options: FakeGitHubOptions): State {
  const app = makeApp(options);
  const bot: User = { id: 900_000 + app.id, login: `${app.slug}[bot]`, type: "Bot" };
  return {
    url: "",
    root,
    app,
    bot,
    users: new Map([[bot.login, bot]]),
    installations: new Map(),
    repositories: new Map(),
    tokens: new Map(),
    comments: new Map(),
    checkRuns: new Map(),
    suites: new Map(),
    artifacts: new Map(),
    reruns: [],
    statuses: [],
    downloads: new Map(),
    ci: new Map(),
    manifests: new Map(),
    blobLimit: options.blobLimit ?? 40 * 1024 * 1024,
    nextId: 1000,
    emit: () => undefined,
    background: () => undefined,
  };
}

function accountOf(state: State, login: string): User {
  return userOf(state, login, login.endsWith("[bot]") ? "Bot" : "User");
}

type RepositoryPart = Pick<
  FakeGitHub,
  | "addRepository"
  | "addFork"
  | "deleteRepository"
  | "git"
  | "openPull"
  | "pull"
  | "closePull"
  | "reopenPull"
  | "gitUrl"
>;

function repositoryPart(state: State): RepositoryPart {
  const fixtures = new Map<Repository, GitFixture>();
  const find = (address: RepositoryAddress): Repository => repositoryOf(state, address.owner, address.repo);
  const fixture = (address: RepositoryAddress): GitFixture => {
    const repository = find(address);
    const known = fixtures.get(repository) ?? openFixture(state, repository, userOf(state, "author"));
    fixtures.set(repository, known);
    return known;
  };
  return {
    gitUrl: (owner, repo) => cloneUrl(state, repositoryOf(state, owner, repo)),
    addRepository: async ({ files, ...options }) => {
      const repository = await setup.addRepository(state, options);
      const address = { owner: options.owner, repo: options.name };
      if (files !== undefined) await fixture(address).commit(repository.defaultBranch, files, "first commit");
      return address;
    },
    addFork: async (parent, { owner, name = parent.repo, installed = false }) => {
      await setup.addFork(state, find(parent), { owner, name, installed });
      return { owner, repo: name };
    },
    deleteRepository: (address) => setup.deleteRepository(state, find(address)),
    git: fixture,
    openPull: async (options) => {
      const pull = await setup.openPull(state, options);
      const installationId = installationOf(state, find(options).owner)?.id ?? 0;
      return { installationId, owner: options.owner, repo: options.repo, number: pull.number };
    },
    pull: (address) => findPull(state, address).pull,
    closePull: async (address, { merged = false } = {}) => {
      const { repository, pull } = findPull(state, address);
      const base = await branchHead(repository.gitDir, pull.baseRef);
      if (merged && base !== null) {
        pull.mergeCommitSha = await mergeCommitOf(repository, base, pull.headSha);
        pull.mergedAt = timestamp();
      }
      pull.state = "closed";
      pull.closedAt = timestamp();
      if (pull.mergeCommitSha !== null) await fixture(address).branch(pull.baseRef, pull.mergeCommitSha);
    },
    reopenPull: async (address) => {
      const { repository, pull } = findPull(state, address);
      pull.state = "open";
      pull.closedAt = null;
      await syncPull(repository, pull);
    },
  };
}

type AccessPart = Pick<
  FakeGitHub,
  | "setPermission"
  | "protect"
  | "installationId"
  | "setInstallationPermissions"
  | "suspend"
  | "setInstalled"
  | "token"
  | "expireTokens"
  | "manifestCode"
>;

function accessPart(state: State): AccessPart {
  return {
    setPermission: (login, level, where) => {
      const targets =
        where === undefined
          ? [...state.repositories.values()]
          : [repositoryOf(state, where.owner, where.repo)];
      const user = accountOf(state, login);
      for (const repository of targets) repository.collaborators.set(user.login.toLowerCase(), level);
    },
    protect: (address, branch, rule = "Changes must be made through a pull request.") => {
      const { protectedBranches } = repositoryOf(state, address.owner, address.repo);
      if (rule === null) protectedBranches.delete(branch);
      else protectedBranches.set(branch, rule);
    },
    installationId: (owner) => installedOn(state, owner).id,
    setInstallationPermissions: (owner, permissions) => {
      installedOn(state, owner).permissions = permissions;
    },
    suspend: (owner, suspended = true) => {
      installedOn(state, owner).suspendedAt = suspended ? timestamp() : null;
    },
    setInstalled: (address, installed) => {
      repositoryOf(state, address.owner, address.repo).installed = installed;
    },
    token: (owner, { permissions, repositories } = {}) => {
      const installation = installedOn(state, owner);
      return issueToken(state, installation.id, {
        permissions: permissions ?? installation.permissions,
        repositoryIds: repositories?.map((name) => repositoryOf(state, owner, name).id) ?? null,
      }).token;
    },
    expireTokens: () => {
      for (const token of state.tokens.values()) token.expiresAt = 0;
    },
    manifestCode: () => {
      const code = randomBytes(20).toString("hex");
      state.manifests.set(code, { webhookSecret: state.app.webhookSecret });
      return code;
    },
  };
}

type TalkPart = Pick<FakeGitHub, "comment" | "reviewComment" | "editComment" | "deleteComment" | "comments">;

function talkPart(state: State, events: Events): TalkPart {
  const say = (
    address: PullAddress,
    comment: Pick<Comment, "user" | "body" | "kind"> & { path?: string; line?: number },
  ) => {
    const made = addComment(state, { ...findPull(state, address), ...comment });
    return { id: made.id, payload: events.comment(made.id) };
  };
  return {
    comment: (address, login, body) => say(address, { user: accountOf(state, login), body, kind: "issue" }),
    reviewComment: (address, login, body, at) =>
      say(address, { user: accountOf(state, login), body, kind: "review", ...at }),
    editComment: (id, body) => {
      const comment = state.comments.get(id);
      if (comment !== undefined) comment.body = body;
    },
    deleteComment: (id) => {
      state.comments.delete(id);
    },
    comments: (address) => {
      const { pull } = findPull(state, address);
      return [...state.comments.values()].filter(
        (comment) => comment.pull === pull && comment.kind === "issue",
      );
    },
  };
}

type DeliveryPart = Pick<FakeGitHub, "deliver" | "autoDeliver" | "settled" | "deliveries">;

function deliveryPart(state: State): DeliveryPart {
  const deliveries: Delivery[] = [];
  const underWay = new Set<Promise<unknown>>();
  const send: FakeGitHub["deliver"] = async (event, payload, options) => {
    const delivery = await deliver(state, event, payload, options);
    deliveries.push(delivery);
    return delivery;
  };
  const track = (work: Promise<unknown>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  state.background = track;
  return {
    deliveries,
    deliver: send,
    autoDeliver: (to) => {
      state.emit = (event, payload) => {
        if (to !== null) track(Promise.resolve(payload()).then((made) => send(event, made, { to })));
      };
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

/** Starts the fake on 127.0.0.1. Close it at the end of the test. */
export async function startFakeGitHub(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
  const root = await mkdtemp(join(tmpdir(), "fake-github-"));
  const state = makeState(root, options);
  await setup.writeHooks(root);
  const { server, faults, requests, violations, addHook } = openServer(state);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  state.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const events = openEvents(state);
  const deliveries = deliveryPart(state);
  return {
    url: state.url,
    app: state.app,
    bot: state.bot,
    requests,
    violations,
    ...repositoryPart(state),
    ...accessPart(state),
    ...talkPart(state, events),
    ...checksPart(state),
    ...deliveries,
    events,
    fault: faults.add,
    onRequest: (hook, phase = "before") => addHook(hook, phase),
    close: async () => {
      deliveries.autoDeliver(null);
      await deliveries.settled();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
