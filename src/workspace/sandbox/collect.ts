// Takes what comes out of a run: its two outputs, and the frames of its supervisor, whose clock it keeps.
import type { ChildProcess } from "node:child_process";
import { Readable } from "node:stream";
import type { SandboxLimit, SandboxRequest } from "../../core/sandbox.ts";
import { readFrames } from "./frames.ts";
import { keepOutput } from "./output.ts";
import type { OutputPipes } from "./pipes.ts";
import { controlDescriptor } from "./supervisor.ts";

/** Milliseconds for the supervisor to send files back once the program has ended. */
const returnMs = 30_000;
/** Milliseconds for which an output may stay open after the end. */
const patienceMs = 3_000;

export function collect(pipes: OutputPipes, mostBytes: number, passed: (limit: SandboxLimit) => void) {
  const keepers = { stdout: keepOutput(), stderr: keepOutput() };
  const streams = [
    { reader: pipes.stdout.reader, keeper: keepers.stdout },
    { reader: pipes.stderr.reader, keeper: keepers.stderr },
  ];
  const cut = (): void => {
    for (const stream of streams) stream.reader.destroy();
  };
  const ended = streams.map(({ reader, keeper }) => {
    reader.on("data", (chunk: Buffer) => {
      keeper.add(chunk);
      if (keepers.stdout.total() + keepers.stderr.total() <= mostBytes) return;
      cut();
      passed("output");
    });
    return new Promise<void>((resolve) => {
      reader.on("error", () => undefined);
      reader.on("close", resolve);
    });
  });
  return {
    stdout: () => keepers.stdout.result(),
    stderr: () => keepers.stderr.result(),
    /** With no isolation a daemon may keep its output open beyond the end. */
    finish: async () => {
      const timer = setTimeout(cut, patienceMs);
      await Promise.all(ended);
      clearTimeout(timer);
    },
  };
}

/** Reads frames, and keeps the clock: the run's until the program has ended, then one for what is sent back. */
export function readControl(
  child: ChildProcess,
  request: SandboxRequest,
  wallMs: number,
  passed: (limit: SandboxLimit) => void,
) {
  const reader = readFrames({ project: request.returns.length, report: request.reports.length });
  let timer = setTimeout(passed, wallMs, "wall");
  let returning = false;
  const stream = streamOf(child, controlDescriptor);
  if (stream instanceof Readable) {
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => {
      reader.add(chunk);
      if (returning || reader.frames.code === null) return;
      returning = true;
      clearTimeout(timer);
      timer = setTimeout(passed, returnMs, "wall");
    });
  }
  return {
    frames: reader.frames,
    stopTimer: () => {
      clearTimeout(timer);
    },
  };
}

/** Node's types know of five. */
export function streamOf(child: ChildProcess, descriptor: number): unknown {
  const streams: readonly unknown[] = child.stdio;
  return streams[descriptor];
}
