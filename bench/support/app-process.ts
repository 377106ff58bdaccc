// The built app as a child process, in any role: its log, its memory, its end.
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Role } from "../../src/cli/app.ts";
import type { FakeGitHub } from "../../test/support/fake-github.ts";

type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface AppProcess {
  /** "" for a worker. */
  readonly webhookUrl: string;
  /** Every log line so far. */
  readonly lines: readonly LogLine[];
  /** Resolves with the first line, past or to come, that `matches`; rejects when the app ends or `timeoutMs` have passed. */
  waitFor(matches: (line: LogLine) => boolean, timeoutMs: number): Promise<LogLine>;
  /** Resident memory now and at its highest, in MB (1,000,000 bytes), as the kernel counts it: threads included. */
  memory(): Promise<{ now: number; highest: number }>;
  /** Ends it as an operator would, and resolves when its last log line is in. */
  stop(): Promise<void>;
}

const main = path.resolve(import.meta.dirname, "../../dist/main.js");
const startTimeoutMs = 180_000;

/** Starts `dist/main.js ROLE` against the fake and waits until it serves. `variables` come on top of the fake's credentials. */
export async function startProcess(
  role: Role,
  github: FakeGitHub,
  variables: Readonly<Record<string, string>>,
): Promise<AppProcess> {
  const child = spawn(process.execPath, [main, role], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env["PATH"],
      APP_ID: String(github.app.id),
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: github.app.webhookSecret,
      GITHUB_API_URL: github.url,
      PORT: "0",
      LOG_FORMAT: "json",
      ...variables,
    },
  });
  const closed = once(child, "close");
  const lines: LogLine[] = [];
  const news = new EventEmitter();
  const output = createInterface({ input: child.stdout });
  output.on("line", (text) => {
    lines.push(JSON.parse(text) as LogLine);
    news.emit("line");
  });
  const waitFor: AppProcess["waitFor"] = async (matches, timeoutMs) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (let seen = 0; ;) {
      const found = lines.slice(seen).find(matches);
      if (found) return found;
      seen = lines.length;
      if (child.exitCode !== null) throw new Error(`errand ${role} ended with exit code ${child.exitCode}`);
      await Promise.race([once(news, "line", { signal: deadline }), closed]);
    }
  };
  const ready = await waitFor(({ msg }) => msg === "errand is running", startTimeoutMs);
  return {
    webhookUrl: role === "worker" ? "" : `${String(ready["url"])}/api/github/webhooks`,
    lines,
    waitFor,
    memory: () => memoryOf(child.pid ?? 0),
    stop: async () => {
      if (child.exitCode === null) child.kill("SIGTERM");
      await closed;
    },
  };
}

async function memoryOf(pid: number): Promise<{ now: number; highest: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const megabytes = (field: string) =>
    Math.round((Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024) / 1e6);
  return { now: megabytes("VmRSS"), highest: megabytes("VmHWM") };
}
