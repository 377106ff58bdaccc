// A whole Errand in this process, on the embedded store, beside a fake GitHub: what a test speaks to is HTTP on both sides.
import { rm } from "node:fs/promises";
import { z } from "zod";
import { startApp } from "../../src/cli/app.ts";
import type { Overrides, RunningApp } from "../../src/cli/app.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Log } from "../../src/core/log.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { startFakeGitHub } from "../support/fake-github.ts";
import { embeddedDataDir } from "../support/servers.ts";
import type { FakeGitHub, FakeGitHubOptions } from "../support/fake-github.ts";

type LogLine = Readonly<Record<string, unknown>> & { readonly message: string };

const Commented = z.object({ comment: z.object({ node_id: z.string() }) });

export interface World {
  readonly github: FakeGitHub;
  readonly app: RunningApp;
  readonly webhookUrl: string;
  /** What the app has logged, also before it was started again. */
  readonly lines: readonly LogLine[];
  /** Everything Errand keeps on disk. */
  readonly directory: string;
  /** Writes a comment as a person and delivers its webhook; resolves with the HTTP status. */
  readonly say: (pull: PullRef, login: string, body: string) => Promise<number>;
  /** Writes the comment, waits until `commands` commands of it have been carried out, and returns the comment's id. */
  readonly ask: (pull: PullRef, login: string, body: string, commands?: number) => Promise<number>;
  /** Resolves once the log has had this message. */
  readonly logged: (message: string) => Promise<void>;
  /** Delivers any webhook; resolves with the HTTP status. */
  readonly deliver: (event: string, payload: object) => Promise<number>;
  /** Delivers a webhook and waits until an item whose id begins with `prefix` has been carried out because of it. */
  readonly carryOut: (event: string, payload: object, prefix: string) => Promise<void>;
  /** Resolves once this many lines of the log are so. */
  readonly seen: (isSo: (line: LogLine) => boolean, times?: number) => Promise<void>;
  /** Resolves once all that was accepted, and every automatic run that was asked for, has been carried out. Looks after a moved base are not counted. */
  readonly settled: () => Promise<void>;
  /** Closes the app and starts it on the same data directory; `between` runs while it is down. It then listens elsewhere. */
  readonly restart: (between?: () => void) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts both. `overrides` reach the app as a test's may (src/cli/app.ts); `variables` are environment variables. */
export async function startWorld(
  options: {
    github?: FakeGitHubOptions;
    overrides?: Overrides;
    variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<World> {
  const directory = await embeddedDataDir();
  const github = await startFakeGitHub(options.github);
  const lines: LogLine[] = [];
  const environment = readEnvironment({
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET: github.app.webhookSecret,
    GITHUB_API_URL: github.url,
    ERRAND_DATA_DIR: directory,
    // What it asks of GitHub would come at any time; the test of it turns it on.
    ERRAND_REPLAY: "off",
    // Its self-test takes seconds; the tests of it turn it on.
    ERRAND_SANDBOX: "off",
    PORT: "0",
    ...options.variables,
  });
  if (!environment.app) throw new AppError("bug", "no credentials", { retryable: false, remedy: "" });
  const waiters = new Set<() => void>();
  const settings = { ...environment, app: environment.app };
  const start = () =>
    startApp("start", settings, recorder(lines, waiters), {
      worker: { retryMs: { first: 50, longest: 200 } },
      githubLimits: { retryDelayMs: 20 },
      ...options.overrides,
    });
  let app = await start();
  const webhookUrl = () => `${String(app.url)}/api/github/webhooks`;

  const deliver: World["deliver"] = async (event, payload) =>
    (await github.deliver(event, payload, { to: webhookUrl() })).status;
  const doneItems = (prefix: string): number =>
    lines.filter(({ message, item }) => message === "item done" && String(item).startsWith(prefix)).length;
  const say: World["say"] = (pull, login, body) =>
    deliver("issue_comment", github.comment(pull, login, body).payload);
  const ask: World["ask"] = async (pull, login, body, commands = 1) => {
    const { id, payload } = github.comment(pull, login, body);
    const { node_id: node } = Commented.parse(payload).comment;
    await deliver("issue_comment", payload);
    await until(waiters, () => doneItems(`comment/${node}/`) >= commands);
    return id;
  };
  const carryOut: World["carryOut"] = async (event, payload, prefix) => {
    const before = doneItems(prefix);
    await deliver(event, payload);
    await until(waiters, () => doneItems(prefix) > before);
  };
  const seen: World["seen"] = (isSo, times = 1) => until(waiters, () => lines.filter(isSo).length >= times);
  const logged: World["logged"] = (wanted) => seen(({ message }) => message === wanted);
  const settled: World["settled"] = () => until(waiters, () => doneItems("") >= expectedItems(lines));
  const restart: World["restart"] = async (between) => {
    await app.close();
    between?.();
    app = await start();
  };
  const close = async () => {
    await app.close();
    await github.close();
    await rm(directory, { recursive: true, force: true });
  };
  return {
    ...{ github, lines, directory, say, ask, logged, deliver, carryOut, seen, settled, restart, close },
    get app() {
      return app;
    },
    get webhookUrl() {
      return webhookUrl();
    },
  };
}

/** Items that deliveries have brought, and runs that were put behind them. */
function expectedItems(lines: readonly LogLine[]): number {
  const brought = lines
    .filter(({ message }) => message === "delivery accepted")
    .map(({ accepted }) => Number(accepted));
  const started = lines.filter(
    ({ message, outcome }) => message === "automatic run asked for" && outcome === "accepted",
  );
  return brought.reduce((sum, accepted) => sum + accepted, started.length);
}

function recorder(lines: LogLine[], waiters: Set<() => void>): Log {
  const record = (fields: Record<string, unknown>, message: string): void => {
    lines.push({ ...fields, message });
    for (const wake of waiters) wake();
  };
  return { debug: record, info: record, warn: record, error: record };
}

async function until(waiters: Set<() => void>, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise<void>((resolve) => {
      const wake = () => {
        waiters.delete(wake);
        resolve();
      };
      waiters.add(wake);
    });
  }
}
