// Starts the mortal app again whenever it dies, as a service manager would.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { pullKey } from "../../src/core/pull.ts";
import type { PullRef } from "../../src/core/pull.ts";
import type { FakeGitHub } from "../support/fake-github.ts";

type Line = Readonly<Record<string, unknown>>;

export interface Supervised {
  isUp(): boolean;
  webhookUrl(): string;
  deaths(): number;
  /** Kills the worker with SIGKILL; resolves with the id that it had, once it is dead. */
  kill(): Promise<number>;
  /** The last "run ended" line of a pull request; `null` before there is one. */
  ended(pull: PullRef): Line | null;
  /** Resolves once `holds`, looking again at every line and every death. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function supervise(
  github: FakeGitHub,
  directory: string,
  planFile: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Supervised> {
  const lines: Line[] = [];
  let url = "";
  let died = 0;
  let closing = false;
  let child: ChildProcess;
  let news: () => void = () => undefined;

  const start = (): void => {
    child = spawn(
      process.execPath,
      ["--import", "tsx", path.join(import.meta.dirname, "mortal-app.ts"), planFile],
      {
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          PATH: process.env["PATH"],
          APP_ID: String(github.app.id),
          PRIVATE_KEY: github.app.privateKey,
          WEBHOOK_SECRET: github.app.webhookSecret,
          GITHUB_API_URL: github.url,
          ERRAND_DATA_DIR: directory,
          PORT: "0",
          ...variables,
        },
      },
    );
    if (child.stdout) createInterface({ input: child.stdout }).on("line", onLine);
    child.on("exit", () => {
      if (closing) return;
      died++;
      url = "";
      news();
      start();
    });
  };
  const onLine = (text: string): void => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line["msg"] === "errand is running") url = String(line["url"]);
    news();
  };
  const until: Supervised["until"] = async (holds) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        news = resolve;
      });
    }
  };

  start();
  await until(() => url !== "");
  return {
    isUp: () => url !== "",
    webhookUrl: () => `${url}/api/github/webhooks`,
    deaths: () => died,
    kill: async () => {
      const victim = child;
      const ended = once(victim, "exit");
      victim.kill("SIGKILL");
      await ended;
      return victim.pid ?? 0;
    },
    ended: (pull) =>
      lines.findLast((line) => line["msg"] === "run ended" && line["pull"] === pullKey(pull)) ?? null,
    until,
    close: async () => {
      closing = true;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
