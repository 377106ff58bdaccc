// GitHub over HTTP: the port of core/github.ts, for any installation of one app.
import { createPrivateKey } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { GitHub, GitHubFor } from "../core/github.ts";
import type { Log } from "../core/log.ts";
import { read } from "./call.ts";
import { upsertCheck } from "./check-run.ts";
import { createClient } from "./client.ts";
import type { Client, ClientLimits } from "./client.ts";
import { failedCheckDetails } from "./collect/index.ts";
import type { ReadResults } from "./collect/artifacts.ts";
import { commentBody, react } from "./comment.ts";
import { fileText } from "./contents.ts";
import { checkSummary, failedChecks } from "./failed-checks.ts";
import { openPulls } from "./open-pulls.ts";
import { permissionOf } from "./permission.ts";
import { publish } from "./publish.ts";
import { pullDetails } from "./pull.ts";
import { rerunJob } from "./rerun-job.ts";
import { upsertComment } from "./sticky-comment.ts";
import { canWriteWorkflows, readToken } from "./token.ts";

export { renderer } from "./render/index.ts";

export interface GitHubOptions {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** "https://api.github.com", or "https://HOST/api/v3" on Enterprise Server. */
  readonly apiUrl: string;
  readonly log: Log;
  /** The app's bot, "errand[bot]"; asked of GitHub once when it is not given. */
  readonly botLogin?: string;
  readonly fetch?: typeof fetch;
  readonly limits?: Partial<ClientLimits>;
  /** Reads one file of a workflow's artifacts; without it, artifacts are not looked at. */
  readonly readResults?: ReadResults;
}

/** 30 s for an answer, 60 s for a log or an archive; reads are tried again after 0.5 and 1 s. */
const defaultLimits: ClientLimits = { timeoutMs: 30_000, retryDelayMs: 500, downloadMs: 60_000 };
/** Clients kept ready, each with its token and pace; the one made first goes first. */
const clientsKept = 500;

/** Throws AppError("config") when the private key cannot be read. Makes no call by itself. */
export function createGitHubFor(options: GitHubOptions): GitHubFor {
  // An environment variable often carries the line breaks as two characters.
  const privateKey = options.privateKey.replaceAll("\\n", "\n");
  checkKey(privateKey);
  const limits = { ...defaultLimits, ...options.limits };
  const known = new Map<number, GitHub>();
  let login: Promise<string> | null =
    options.botLogin === undefined ? null : Promise.resolve(options.botLogin);
  const botLogin = (client: Client): Promise<string> => {
    login ??= askLogin(client).catch((error: unknown) => {
      login = null;
      throw error;
    });
    return login;
  };
  return (installationId) => {
    const ready = known.get(installationId);
    if (ready) return ready;
    const client = createClient({
      ...options,
      privateKey,
      installationId,
      limits,
      fetch: options.fetch ?? fetch,
    });
    const github = gitHubOf(client, () => botLogin(client), options.readResults ?? null);
    known.set(installationId, github);
    const oldest = known.keys().next();
    if (known.size > clientsKept && !oldest.done) known.delete(oldest.value);
    return github;
  };
}

/** The login of the app's bot, asked as the app itself. Throws `AppError` when GitHub does not say. */
export async function appLogin(options: GitHubOptions): Promise<string> {
  const limits = { ...defaultLimits, ...options.limits };
  return askLogin(createClient({ ...options, installationId: null, limits, fetch: options.fetch ?? fetch }));
}

function gitHubOf(client: Client, botLogin: () => Promise<string>, readResults: ReadResults | null): GitHub {
  return {
    botLogin,
    permission: (pull, login) => permissionOf(client, pull, login),
    pull: (pull) => pullDetails(client, pull),
    commentBody: (pull, source) => commentBody(client, pull, source),
    react: (pull, source, reaction) => react(client, pull, source, reaction),
    upsertComment: (pull, body, knownId) => upsertComment(client, { pull, body, knownId, botLogin }),
    upsertCheck: (pull, check) => upsertCheck(client, pull, check),
    failedChecks: (pull, sha) => failedChecks(client, pull, sha),
    checkSummary: (pull, sha) => checkSummary(client, pull, sha),
    failedCheckDetails: (pull, sha, signal) => failedCheckDetails(client, pull, { sha, signal, readResults }),
    rerunJob: (pull, jobId) => rerunJob(client, pull, jobId),
    openPulls: (repository, base, most) => openPulls(client, repository, base, most),
    file: ({ owner, repo }, path, ref) => fileText(client, { owner, repo, path, ref }),
    readToken: (pull) => readToken(client, pull),
    canWriteWorkflows: () => canWriteWorkflows(client),
    publish: (request) => publish(client, request),
  };
}

async function askLogin(client: Client): Promise<string> {
  const intent = { doing: "asking for this app's name", needs: "Metadata: read" };
  const app = await read(client, intent, () => client.octokit.rest.apps.getAuthenticated());
  return `${app?.slug ?? ""}[bot]`;
}

function checkKey(privateKey: string): void {
  try {
    createPrivateKey(privateKey);
  } catch {
    // The cause may quote the key, so it is not kept.
    throw new AppError("config", "The private key of the GitHub App cannot be read.", {
      retryable: false,
      remedy:
        "Give the whole .pem file as GitHub gave it, from -----BEGIN to -----END, with its line breaks (or \\n in their place).",
    });
  }
}
