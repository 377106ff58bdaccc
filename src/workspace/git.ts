// Runs git: an argument list, never a shell; bounded in time and output; killed with everything it started.
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { setMaxListeners } from "node:events";
import { AppError } from "../core/errors.ts";
import type { Environment } from "./environment.ts";

export interface GitResult {
  /** Exit status; -1 when it was stopped because it passed a bound. */
  readonly code: number;
  readonly stdout: Buffer;
  /** For people: secrets taken out, control characters gone, at most 600 characters. */
  readonly stderr: string;
  /** Which bound stopped it, if one did. */
  readonly stopped: "output" | "growth" | "patience" | null;
}

interface GitOptions {
  readonly input?: Uint8Array | string;
  /** Bytes of standard output after which git is stopped. */
  readonly maxOutputBytes?: number;
  /** Milliseconds after which git is killed and the call throws. */
  readonly timeoutMs?: number;
  /** Milliseconds after which git is stopped and the result says so. */
  readonly patienceMs?: number;
  /** Stops git when what it measures passes `bytes`; looked at every 20 ms. */
  readonly growth?: { readonly measure: () => Promise<number>; readonly bytes: number };
  readonly env?: Environment;
}

/** One repository's git. Any exit status is a value; it throws when git is missing, too slow, or the work was called off. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<GitResult>;

export interface GitSetup {
  readonly directory: string;
  readonly gitDir: string | null;
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Strings that must not come back in error text. */
  readonly secrets: readonly string[];
}

/** For calls that name no bound of their own. */
const defaultOutputBytes = 32 * 1024 * 1024;
const errorCharacters = 600;

export function gitFor(setup: GitSetup): Git {
  // Each process that runs listens, and takes its listener away when it ends: many at once are no leak.
  setMaxListeners(0, setup.signal);
  return async (args, options = {}) => {
    setup.signal.throwIfAborted();
    const child = startGit(setup, args, { ...setup.env, ...options.env });
    return await watch(child, setup, options, commandOf(args));
  };
}

/** Which of git's commands an argument list is for; options come before it. */
export function commandOf(args: readonly string[]): string {
  return args.find((arg) => /^[a-z]+(?:-[a-z]+)*$/.test(arg)) ?? "";
}

export function startGit(
  setup: Pick<GitSetup, "directory" | "gitDir">,
  args: readonly string[],
  env: Environment,
): ChildProcessWithoutNullStreams {
  return spawn("git", [...(setup.gitDir === null ? [] : [`--git-dir=${setup.gitDir}`]), ...args], {
    cwd: setup.directory,
    env,
    // A group of its own: helpers of git (remote-https, index-pack) die with it, and none has a terminal to ask on.
    detached: true,
    stdio: "pipe",
  });
}

async function watch(
  child: ChildProcessWithoutNullStreams,
  setup: GitSetup,
  options: GitOptions,
  name: string,
): Promise<GitResult> {
  const timeoutMs = options.timeoutMs ?? setup.timeoutMs;
  const bounds: { stopped: GitResult["stopped"]; timedOut: boolean } = { stopped: null, timedOut: false };
  const stop = () => {
    killGroup(child.pid);
  };
  const timer = setTimeout(() => {
    bounds.timedOut = true;
    stop();
  }, timeoutMs);
  const patience =
    options.patienceMs === undefined
      ? undefined
      : setTimeout(() => {
          bounds.stopped = "patience";
          stop();
        }, options.patienceMs);
  const stopWatching = watchGrowth(options.growth, () => {
    bounds.stopped = "growth";
    stop();
  });
  setup.signal.addEventListener("abort", stop, { once: true });
  const output = collect(child, options.maxOutputBytes ?? defaultOutputBytes, () => {
    bounds.stopped = "output";
    stop();
  });
  // Git may end before it has read its input (EPIPE); its exit status tells what happened.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  try {
    const code = await ending(child);
    setup.signal.throwIfAborted();
    if (bounds.timedOut) throw tooSlow(name, timeoutMs);
    return {
      code: bounds.stopped === null ? code : -1,
      stdout: Buffer.concat(output.stdout),
      stderr: cleanText(Buffer.concat(output.stderr).toString("utf8"), setup.secrets),
      stopped: bounds.stopped,
    };
  } finally {
    clearTimeout(timer);
    clearTimeout(patience);
    stopWatching();
    setup.signal.removeEventListener("abort", stop);
    // Nothing that git started outlives the call.
    stop();
  }
}

function collect(child: ChildProcessWithoutNullStreams, maxBytes: number, overflow: () => void) {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let outBytes = 0;
  let errorBytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    outBytes += chunk.length;
    if (outBytes > maxBytes) overflow();
    else stdout.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errorBytes += chunk.length;
    if (errorBytes < 64 * 1024) stderr.push(chunk);
  });
  return { stdout, stderr };
}

/** The exit status once git and its output have ended; -1 when it was killed. Rejects when git could not be started. */
export function ending(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (cause) => {
      reject(
        new AppError("workspace", "git could not be started.", {
          retryable: false,
          remedy: "Install git 2.38 or newer and make sure that it is on the PATH.",
          cause,
        }),
      );
    });
    child.on("close", (code) => {
      resolve(code ?? -1);
    });
  });
}

function watchGrowth(growth: GitOptions["growth"], overflow: () => void): () => void {
  if (growth === undefined) return () => undefined;
  const interval = setInterval(() => {
    growth.measure().then(
      (bytes) => {
        if (bytes > growth.bytes) overflow();
      },
      () => undefined,
    );
  }, 20);
  return () => {
    clearInterval(interval);
  };
}

export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

/** Error text fit for a log or a comment: no secret, no control character, not long. */
export function cleanText(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== "") clean = clean.replaceAll(secret, "***");
  clean = clean
    .replace(/\/\/[^/@\s]+@/g, "//***@")
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ")
    .trim();
  return clean.length > errorCharacters ? `${clean.slice(0, errorCharacters)}…` : clean;
}

/** The output of a call that has to succeed. Throws `AppError("workspace")` with git's own words otherwise. */
export async function must(result: Promise<GitResult>, doing: string): Promise<Buffer> {
  const { code, stdout, stderr, stopped } = await result;
  if (code === 0) return stdout;
  const reason =
    stopped === null ? `git said: ${stderr || `exit status ${code}`}` : "its output was too large";
  throw new AppError("workspace", `Git failed while ${doing}: ${reason}`, {
    retryable: false,
    remedy: "Look at the repository with the same git command; if it works there, report this as a bug.",
  });
}

export function tooSlow(name: string, timeoutMs: number): AppError {
  return new AppError("workspace", `git ${name} was stopped after ${Math.round(timeoutMs / 1000)} s.`, {
    retryable: true,
    remedy: "Try again; if it keeps happening, raise the git time limit or look at the server's load.",
  });
}
