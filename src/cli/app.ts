// The wiring: every adapter made from the environment and handed to the pipeline. Nothing else in the project knows all of them.
import { agents } from "../agents/registry.ts";
import type { AppCredentials, Environment } from "../config/environment.ts";
import { loadPolicy } from "../config/policy.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { GitHubFor } from "../core/github.ts";
import type { Log } from "../core/log.ts";
import { parseModelName } from "../core/model.ts";
import type { ModelsFor } from "../core/models.ts";
import { readResults } from "./read-results.ts";
import { appLogin, createGitHubFor } from "../github/index.ts";
import type { GitHubOptions } from "../github/index.ts";
import { renderer } from "../github/render/index.ts";
import { createMergeThread } from "../merge/thread/merge-client.ts";
import type { MergeThread } from "../merge/thread/merge-client.ts";
import { clientFor } from "../model/clients/client-for.ts";
import { createModels } from "../model/index.ts";
import { redact } from "../model/redact.ts";
import { retirementWarning } from "../model/prices/retired.ts";
import { secretsOf } from "../model/secrets.ts";
import { startLedgerKeeping } from "../pipeline/keep-ledger.ts";
import { processMailbox } from "../pipeline/process-mailbox.ts";
import { createReplayer } from "../pipeline/replayer.ts";
import type { Replayer, ReplayerOptions } from "../pipeline/replayer.ts";
import type { Services } from "../pipeline/services.ts";
import type { Store } from "../core/store.ts";
import { openQueue } from "../queue/index.ts";
import type { JobQueue } from "../queue/index.ts";
import type { WorkerSettings } from "../queue/worker.ts";
import { openStore } from "../store/index.ts";
import { startWebServer } from "../webhooks/server.ts";
import type { WebServer } from "../webhooks/server.ts";
import type { SandboxState } from "../core/sandbox.ts";
import { createWorkspaces } from "../workspace/index.ts";
import type { Workspaces } from "../workspace/index.ts";
import { openWorkerSandbox } from "./open-sandbox.ts";

export type Role = "start" | "web" | "worker";

export interface RunningApp {
  /** Where the web server listens; `null` for a worker. */
  readonly url: string | null;
  close(): Promise<void>;
}

/** What a test may put in place of the default. */
export interface Overrides {
  readonly reached?: Services["reached"];
  readonly worker?: WorkerSettings;
  readonly githubLimits?: GitHubOptions["limits"];
  readonly replay?: ReplayerOptions;
  readonly openSandbox?: typeof openWorkerSandbox;
}

/** More conflicted files than this is no merge to do in one go: a person splits it. */
const maxConflictedFiles = 50;
/** Begun five times and never ended: something in the run kills workers. */
const maxAttempts = 5;

/** Opens store and queue, then serves and works as the role says. Throws `AppError` with the remedy when something is missing. */
export async function startApp(
  role: Role,
  environment: Environment & { readonly app: AppCredentials },
  log: Log,
  overrides: Overrides = {},
): Promise<RunningApp> {
  requireSharedStore(role, environment);
  const { store, connection } = await openStore({ ...storeUrls(environment), log });
  const queue = await openQueue(connection, log);
  const limits = overrides.githubLimits ?? {};
  const githubFor = createGitHubFor({ ...gitHubOptions(environment, log), limits, readResults });
  const parts: Parts = { environment, log, store, queue, githubFor, overrides };
  const { openSandbox = openWorkerSandbox } = overrides;
  const closers = role === "web" ? [] : startWork(parts, await openSandbox(environment.sandbox, log));
  const web = role === "worker" ? null : await serveWebhooks(parts);
  if (web) closers.unshift(() => web.close());
  log.info({ role, url: web?.url, store: store.kind }, "errand is running");
  return {
    url: web?.url ?? null,
    close: async () => {
      for (const close of [...closers, () => queue.close(), () => store.close()]) await close();
    },
  };
}

interface Parts {
  readonly environment: Environment & { readonly app: AppCredentials };
  readonly log: Log;
  readonly store: Store;
  readonly queue: JobQueue;
  readonly githubFor: GitHubFor;
  readonly overrides: Overrides;
}

/** Starts worker and sweeper. Returns what closes them, in order. */
function startWork(parts: Parts, sandbox: SandboxState): (() => Promise<void>)[] {
  const { environment, log, store, queue, overrides } = parts;
  const merge = createMergeThread();
  const { directory: cacheDir, maxBytes: maxCacheBytes } = environment.cache;
  const workspaces = createWorkspaces({ cacheDir, maxCacheBytes, log });
  const replay = environment.replay ? startReplayer(parts, workspaces) : null;
  const modelsFor = createModels({
    settings: environment.models,
    ledger: store,
    clientFor: clientFor(environment.models),
    now: Date.now,
    log,
  });
  warnOfRetired(parts);
  const stopKeeping = startLedgerKeeping({
    days: environment.models.ledgerDays,
    ledger: store,
    now: Date.now,
    log,
  });
  const offerReplay = replay?.offer ?? (() => undefined);
  const services = servicesOf(parts, { merge, modelsFor, sandbox, workspaces, offerReplay });
  const handle = (mailbox: string, signal: AbortSignal) => processMailbox(mailbox, services, signal);
  const worker = queue.startWorker(
    replay === null ? handle : (mailbox, signal) => replay.whileWorking(() => handle(mailbox, signal)),
    { concurrency: environment.concurrency, ...overrides.worker },
  );
  const sweeper = queue.startSweeper(() => store.waitingMailboxes());
  return [
    () => sweeper.stop(),
    () => {
      stopKeeping();
      return Promise.resolve();
    },
    () => worker.close(),
    ...(replay === null ? [] : [() => replay.close()]),
    () => merge.close(),
  ];
}

/** Models that their provider takes away, or has: each is told at the start, not when a pull request waits for it. */
function warnOfRetired({ environment, log }: Parts): void {
  for (const text of environment.models.allowed) {
    const name = parseModelName(text);
    const warning = name === null ? null : retirementWarning(name, new Date());
    if (warning !== null) log.warn({ model: text, warning }, "a model is being retired");
  }
}

/** With rules in a thread of its own: a file of a past merge that takes long keeps no run waiting. */
function startReplayer({ log, store, githubFor, overrides }: Parts, { pastMerges }: Workspaces): Replayer {
  const merge = createMergeThread();
  return createReplayer({ store, githubFor, pastMerges, merge, log, now: Date.now }, overrides.replay);
}

interface Work {
  readonly merge: MergeThread;
  readonly modelsFor: ModelsFor;
  readonly sandbox: SandboxState;
  readonly workspaces: Workspaces;
  readonly offerReplay: Services["offerReplay"];
}

function servicesOf(
  { environment, log, store, queue, githubFor, overrides }: Parts,
  { merge, modelsFor, sandbox, workspaces, offerReplay }: Work,
): Services {
  return {
    store,
    wakeUps: queue.wakeUps,
    githubFor,
    openWorkspace: workspaces.open,
    findResolutions: workspaces.findResolutions,
    forgetMirrors: (repositories) =>
      workspaces.forget(
        repositories.map(({ owner, repo }) => `${environment.github.webUrl}/${owner}/${repo}.git`),
      ),
    agents,
    merge,
    modelsFor,
    sandbox,
    redact: (text) => redact(text, secretsOf(environment.models)),
    offerReplay,
    loadPolicy: (github, { pull, defaultBranch }) => {
      const refOf = (repo: string) => (repo === pull.repo ? defaultBranch : null);
      return loadPolicy((owner, repo, path) => github.file({ owner, repo }, path, refOf(repo)), pull);
    },
    render: renderer,
    limits: { maxConflictedFiles, maxAttempts },
    log,
    now: Date.now,
    reached: overrides.reached ?? (() => Promise.resolve()),
  };
}

async function serveWebhooks(parts: Parts): Promise<WebServer> {
  const { environment, log, store, queue } = parts;
  return startWebServer({
    environment,
    botLogin: await ownLogin(parts),
    accept: store.accept.bind(store),
    wake: queue.wakeUps.wake.bind(queue.wakeUps),
    health: store.health.bind(store),
    log,
  });
}

/** Who we are; without an answer the web server starts all the same and takes us for anybody. */
async function ownLogin({ environment, log }: Parts): Promise<string | null> {
  try {
    return await appLogin(gitHubOptions(environment, log));
  } catch (error) {
    log.error({ error: messageOf(error) }, "GitHub did not say who this app is: run errand doctor");
    return null;
  }
}

function gitHubOptions({ app, github }: Parts["environment"], log: Log) {
  return { appId: app.id, privateKey: app.privateKey, apiUrl: github.apiUrl, log };
}

/** The embedded store belongs to one process; two roles in two processes need a shared one. */
function requireSharedStore(role: Role, { store }: Environment): void {
  if (role === "start" || store.kind !== "embedded") return;
  throw new AppError(
    "config",
    `\`errand ${role}\` needs a store that other processes can reach, and none is set.`,
    {
      retryable: false,
      remedy: "Set REDIS_URL or DATABASE_URL, or run `errand start`, which serves and works in one process.",
    },
  );
}

function storeUrls({ store, dataDirectory }: Environment) {
  return {
    redisUrl: store.kind === "redis" ? store.url : undefined,
    databaseUrl: store.kind === "postgres" ? store.url : undefined,
    dataDir: store.kind === "embedded" ? store.directory : dataDirectory,
  };
}
