// Runs one command that holds a supervisor: feeds it the tree, collects what comes, stops it at its limits, and waits until it is gone. Shared by drivers.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SandboxLimit, SandboxLimits, SandboxRequest, SandboxResult } from "../../core/sandbox.ts";
import type { ControlGroup, ControlGroups } from "./cgroups.ts";
import { collect, readControl, streamOf } from "./collect.ts";
import { closeWriters } from "./pipes.ts";
import type { OutputPipes, PipePool } from "./pipes.ts";
import { couldNotStart, resultOf } from "./result.ts";
import { watchLimits } from "./watch-limits.ts";
import type { Watched } from "./watch-limits.ts";

/** Descriptors of the command, beside its standard ones and the supervisor's. */
export const filterDescriptor = 4;
export const infoDescriptor = 5;

export interface Execution {
  readonly argv: readonly [string, ...string[]];
  /** Bytes that the command reads from `filterDescriptor`. */
  readonly filter: Uint8Array | null;
  /** The command tells on `infoDescriptor` which process, when killed, takes all others with it; else its process group is killed. */
  readonly tellsRoot: boolean;
  readonly pipes: PipePool;
  readonly limits: SandboxLimits;
  readonly group: ControlGroup | null;
  readonly bounds: ControlGroups["bounds"];
  readonly disk: Watched["disk"];
}

export type Stop =
  | { readonly kind: "limit"; readonly limit: SandboxLimit }
  | { readonly kind: "aborted" }
  | { readonly kind: "tree"; readonly error: unknown };

/**
 * Milliseconds that a killed command may take to say which process is its root, and to be gone with thousands of others on a busy machine. After that it is
 * killed itself, and what it held may outlive it for a while.
 */
const patienceMs = 30_000;

/** Throws as `Sandbox.run` does. */
export async function execute(execution: Execution, request: SandboxRequest): Promise<SandboxResult> {
  request.signal.throwIfAborted();
  const pipes = await execution.pipes.take();
  const startedMs = performance.now();
  const child = start(execution, pipes);
  const run = { stop: null as Stop | null };
  const killer = killerOf(child, execution.tellsRoot);
  const stop = (reason: Stop): void => {
    run.stop ??= reason;
    killer.kill();
  };
  const onAbort = (): void => {
    stop({ kind: "aborted" });
  };
  request.signal.addEventListener("abort", onAbort, { once: true });
  if (request.signal.aborted) onAbort();
  const passed = (limit: SandboxLimit): void => {
    stop({ kind: "limit", limit });
  };
  const output = collect(pipes, execution.limits.outputBytes, passed);
  const control = readControl(child, request, execution.limits.wallMs, passed);
  const watch = watchLimits({ ...execution, pid: child.pid ?? 0, process1: killer.root, passed });
  feed(child, request, execution.filter, (error) => {
    stop({ kind: "tree", error });
  });
  try {
    const exit = await killer.ended;
    await output.finish();
    // Where nothing is left by then, nothing else will be written to them.
    if (execution.tellsRoot) pipes.giveBack();
    const usage = await watch.last();
    if (exit.error !== null) throw couldNotStart(exit.error);
    return resultOf({
      request,
      limits: execution.limits,
      stop: run.stop ?? (usage.passed === null ? null : { kind: "limit", limit: usage.passed }),
      exit,
      frames: control.frames,
      stdout: output.stdout(),
      stderr: output.stderr(),
      usage: {
        wallMs: performance.now() - startedMs,
        cpuMs: usage.cpuMs,
        peakMemoryBytes: usage.peakMemoryBytes,
      },
    });
  } finally {
    control.stopTimer();
    watch.stop();
    request.signal.removeEventListener("abort", onAbort);
  }
}

/** The environment is empty: what bubblewrap itself was started with can be read inside. */
function start(execution: Execution, pipes: OutputPipes): ChildProcess {
  const [program, ...rest] = execution.argv;
  try {
    return spawn(program, rest, {
      env: {},
      cwd: "/",
      detached: true,
      stdio: ["pipe", pipes.stdout.writer, pipes.stderr.writer, "pipe", "pipe", "pipe"],
    });
  } finally {
    closeWriters(pipes);
  }
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: Error | null;
}

interface Killer {
  readonly kill: () => void;
  readonly ended: Promise<Exit>;
  /** The process that takes all others with it, once it is known. */
  readonly root: () => number | null;
}

/**
 * Killing the first process of a pid namespace kills all of it, and the command outside ends when that is done: so its end is the end of everything. That
 * process is known a moment after the start; a command that does not tell is killed itself.
 */
function killerOf(child: ChildProcess, tellsRoot: boolean): Killer {
  let root: number | null = null;
  let wanted = false;
  let over = false;
  let fallback: NodeJS.Timeout | undefined;
  const killGroup = (): void => {
    if (child.pid !== undefined && !over) attempt(-child.pid);
  };
  const info = streamOf(child, infoDescriptor);
  let text = "";
  if (info instanceof Readable) {
    info.on("error", () => undefined);
    info.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString("latin1")).slice(0, 4096);
      root ??= rootIn(text);
      if (wanted && root !== null && !over) attempt(root);
    });
  }
  const ended = new Promise<Exit>((resolve) => {
    const end = (exit: Exit): void => {
      over = true;
      clearTimeout(fallback);
      resolve(exit);
    };
    child.on("error", (error) => {
      end({ code: null, signal: null, error });
    });
    child.on("exit", () => {
      if (!tellsRoot) killGroup();
    });
    child.on("close", (code, signal) => {
      end({ code, signal, error: null });
    });
  });
  return {
    ended,
    root: () => root,
    kill: () => {
      if (wanted || over) return;
      wanted = true;
      if (!tellsRoot) killGroup();
      else if (root !== null) attempt(root);
      fallback = setTimeout(killGroup, patienceMs);
    },
  };
}

/** `{ "child-pid": 1234 ... }`, as `bwrap --info-fd` writes it before anything runs inside. */
function rootIn(text: string): number | null {
  const pid = /"child-pid": ([1-9][0-9]{0,9})[^0-9]/.exec(text)?.[1];
  return pid === undefined ? null : Number(pid);
}

function attempt(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

function feed(
  child: ChildProcess,
  request: SandboxRequest,
  filter: Uint8Array | null,
  failed: (error: unknown) => void,
): void {
  const filterPipe = streamOf(child, filterDescriptor);
  if (filterPipe instanceof Writable) {
    filterPipe.on("error", () => undefined);
    filterPipe.end(filter ?? "");
  }
  const { stdin } = child;
  if (stdin === null) return;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* request.tree();
    } catch (error) {
      failed(error);
      throw error;
    }
  };
  // Who reads may end before it has read all (EPIPE): its own end tells of that.
  pipeline(chunks, stdin).catch(() => undefined);
}
