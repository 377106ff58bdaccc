// Runs npm for whoever sits at this machine: with their own settings, in a folder of this program's. Never for what a repository says.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Environment } from "./environment.ts";
import { AppError } from "../core/errors.ts";
import { cleanText, killGroup } from "./git.ts";

export interface NpmRun {
  /** Exit status; -1 where it was stopped. */
  readonly code: number;
  /** Last words for people, cleaned. */
  readonly said: string;
}

/** Characters of output that are looked at for its last words. */
const keptCharacters = 4_000;

/** Throws the signal's reason once that is aborted; nothing that npm started outlives the call. */
export async function runNpm(
  args: readonly string[],
  options: {
    readonly directory: string;
    readonly environment: Environment;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<NpmRun> {
  const { directory, environment, timeoutMs, signal } = options;
  signal.throwIfAborted();
  const child = spawn("npm", args, { cwd: directory, env: environment, detached: true, stdio: "pipe" });
  const stop = () => {
    killGroup(child.pid);
  };
  let said = "";
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-keptCharacters);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.stdin.on("error", () => undefined);
  child.stdin.end();
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await exitOf(child);
    signal.throwIfAborted();
    return { code, said: cleanText(said, []) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (cause) => {
      reject(
        new AppError("workspace", "npm could not be started.", {
          retryable: false,
          remedy: "Install npm and make sure that it is on the PATH.",
          cause,
        }),
      );
    });
    child.on("close", (code) => {
      resolve(code ?? -1);
    });
  });
}
