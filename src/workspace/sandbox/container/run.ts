// One container from its start to its end: feeds it the tree, takes its output apart, kills it at its limits, and sees it removed.
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { pipeline } from "node:stream/promises";
import type { SandboxLimit, SandboxLimits, SandboxRequest, SandboxResult } from "../../../core/sandbox.ts";
import { mostReportBytes, mostReturnedBytes } from "../../../core/sandbox.ts";
import type { Exit, Stop } from "../execute.ts";
import { keepOutput } from "../output.ts";
import { couldNotStart, resultOf } from "../result.ts";
import { removeContainer } from "./runtime.ts";
import type { Runtime } from "./runtime.ts";
import { readContainerStream } from "./streams.ts";
import type { Counts } from "./streams.ts";

interface Container {
  readonly runtime: Runtime;
  readonly name: string;
  readonly mark: string;
  /** What follows the runtime's program. */
  readonly words: readonly string[];
  readonly limits: SandboxLimits;
}

/** Milliseconds that the runtime's program may go on after its container was removed. */
const PATIENCE = 5_000;

/** Throws as `Sandbox.run` does. The container is gone when this is over, or the error says which one is not. */
export async function runContainer(container: Container, request: SandboxRequest): Promise<SandboxResult> {
  request.signal.throwIfAborted();
  const startedMs = performance.now();
  const { program, environment } = container.runtime;
  const child = spawn(program, container.words, { env: environment, cwd: "/", stdio: "pipe" });
  const ending = endingOf(child, container);
  const onAbort = (): void => {
    ending.stop({ kind: "aborted" });
  };
  request.signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => {
    ending.stop({ kind: "limit", limit: "wall" });
  }, container.limits.wallMs);
  const output = collect(child, container, request, ending.stop);
  feed(child, request, ending.stop);
  try {
    const exit = await ending.over;
    if (exit.error !== null) throw couldNotStart(exit.error);
    const counts = output.counts();
    const { cpuMs, peakMemoryBytes } = counts;
    const passed = passedIn(counts, container.limits);
    return resultOf({
      request,
      limits: container.limits,
      stop: ending.stopped() ?? (passed === null ? null : { kind: "limit", limit: passed }),
      exit,
      frames: output.frames,
      stdout: output.stdout(),
      stderr: output.stderr(),
      usage: { wallMs: performance.now() - startedMs, cpuMs, peakMemoryBytes },
    });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", onAbort);
    await ending.settled();
    // Nothing is left of it in most cases; a runtime's program that was killed leaves its container.
    await removeContainer(container.runtime, container.name);
  }
}

function passedIn(counts: Counts, limits: SandboxLimits): SandboxLimit | null {
  if (counts.memory > 0) return "memory";
  if (counts.processes > 0) return "processes";
  return (counts.cpuMs ?? 0) > limits.cpuMs ? "cpu" : null;
}

/** `over` never rejects. Its output has ended then, too. */
function endingOf(child: ChildProcessWithoutNullStreams, { runtime, name }: Container) {
  let stopped: Stop | null = null;
  let patience: NodeJS.Timeout | undefined;
  let isOver = false;
  let removing: Promise<void> = Promise.resolve();
  const over = new Promise<Exit>((resolve) => {
    child.on("error", (error) => {
      resolve({ code: null, signal: null, error });
    });
    child.on("close", (code, signal) => {
      isOver = true;
      clearTimeout(patience);
      resolve({ code, signal, error: null });
    });
  });
  const giveUp = (): void => {
    if (isOver) return;
    patience = setTimeout(() => {
      child.kill("SIGKILL");
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    }, PATIENCE);
  };
  return {
    over,
    stopped: () => stopped,
    /** Never rejects. */
    settled: () => removing,
    stop: (reason: Stop): void => {
      if (stopped !== null) return;
      stopped = reason;
      // The program that was started only speaks with the container: killing it would leave that.
      removing = removeContainer(runtime, name).then(giveUp, giveUp);
    },
  };
}

function collect(
  child: ChildProcessWithoutNullStreams,
  { mark, limits }: Container,
  request: SandboxRequest,
  stop: (reason: Stop) => void,
) {
  const keepers = { stdout: keepOutput(), stderr: keepOutput() };
  const expected = { project: request.returns.length, report: request.reports.length };
  const stream = readContainerStream(mark, expected, keepers.stdout.add);
  // Whoever knows the mark could write without an end behind it.
  const most =
    limits.outputBytes +
    expected.project * mostReturnedBytes +
    expected.report * mostReportBytes +
    1024 * 1024;
  let total = 0;
  const check = (chunk: Buffer): void => {
    total += chunk.length;
    if (keepers.stdout.total() + keepers.stderr.total() <= limits.outputBytes && total <= most) return;
    child.stdout.destroy();
    child.stderr.destroy();
    stop({ kind: "limit", limit: "output" });
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stream.add(chunk);
    check(chunk);
  });
  child.stdout.on("end", stream.end);
  child.stderr.on("data", (chunk: Buffer) => {
    keepers.stderr.add(chunk);
    check(chunk);
  });
  return {
    frames: stream.frames,
    counts: stream.counts,
    stdout: () => keepers.stdout.result(),
    stderr: () => keepers.stderr.result(),
  };
}

function feed(
  child: ChildProcessWithoutNullStreams,
  request: SandboxRequest,
  stop: (reason: Stop) => void,
): void {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* request.tree();
    } catch (error) {
      stop({ kind: "tree", error });
      throw error;
    }
  };
  // Who reads may end before it has read all (EPIPE): its own end tells of that.
  pipeline(chunks, child.stdin).catch(() => undefined);
}
