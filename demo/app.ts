// The built `errand start` as a child process: what production runs, with other environment variables.
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { FakeGitHub } from "../test/support/fake-github.ts";

/** One line of the app's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface App {
  readonly webhookUrl: string;
  /** Resolves with the first line, past or to come, that `matches`; rejects when the app ends or `timeoutMs` have passed. */
  waitFor(matches: (line: LogLine) => boolean, timeoutMs: number): Promise<LogLine>;
  close(): Promise<void>;
}

/** The first start makes the embedded database: seconds on a machine at rest, minutes on one that is hard at work. */
const startTimeoutMs = 300_000;

const parse = (line: string): LogLine | null => {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
};

/** Starts the app and waits until it listens. `onLine` sees every log line. */
export async function startBuiltApp(
  github: FakeGitHub,
  {
    dataDirectory,
    variables,
    onLine,
  }: {
    readonly dataDirectory: string;
    /** Beside those that every app needs. */
    readonly variables: Readonly<Record<string, string>>;
    readonly onLine: (line: LogLine) => void;
  },
): Promise<App> {
  const main = path.resolve(import.meta.dirname, "../dist/main.js");
  const child = spawn(process.execPath, [main, "start"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env["PATH"],
      APP_ID: String(github.app.id),
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: github.app.webhookSecret,
      GITHUB_API_URL: github.url,
      ERRAND_DATA_DIR: dataDirectory,
      PORT: "0",
      LOG_FORMAT: "json",
      ...variables,
    },
  });
  const lines: LogLine[] = [];
  const news = new EventEmitter();
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = parse(text);
    if (!line) return;
    lines.push(line);
    onLine(line);
    news.emit("news");
  });
  child.on("exit", () => news.emit("news"));
  const waitFor: App["waitFor"] = async (matches, timeoutMs) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = lines.find(matches);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`errand ended with exit code ${child.exitCode}`);
      await once(news, "news", { signal: deadline });
    }
  };
  const close = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  };
  try {
    const ready = await waitFor(({ msg }) => msg === "errand is running", startTimeoutMs);
    return { webhookUrl: `${String(ready["url"])}/api/github/webhooks`, waitFor, close };
  } catch (error) {
    // Left behind, it would go on writing into a directory that is about to be removed.
    await close();
    throw error;
  }
}
