// Real pipes for a child's output. Node gives children sockets, and a socket cannot be opened again: `echo x >/dev/stderr` would fail for the program.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

interface OutputPipe {
  /** Descriptor for the child; to be closed here once the child has it. */
  readonly writer: number;
  /** Ends when the last writer is gone. */
  readonly reader: Socket;
}

export interface OutputPipes {
  readonly stdout: OutputPipe;
  readonly stderr: OutputPipe;
  /** For another run; only when all writers are gone. Without this the pipes are forgotten. */
  readonly giveBack: () => void;
}

/** Pipes with names in a folder, made by a program of the system, and used again by one run after the other: making them takes as long as a start may. */
export interface PipePool {
  readonly take: () => Promise<OutputPipes>;
}

/** The first pair is made at once. `folder` exists and belongs to this process alone. */
export async function openPipePool(folder: string): Promise<PipePool> {
  const free = [await makePair(folder)];
  return {
    take: async () => {
      const pair = free.pop() ?? (await makePair(folder));
      try {
        return openPair(pair, free);
      } catch {
        // Somebody tidied the folder.
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return openPair(await makePair(folder), free);
      }
    },
  };
}

export function closeWriters(pipes: OutputPipes): void {
  closeSync(pipes.stdout.writer);
  closeSync(pipes.stderr.writer);
}

interface Pair {
  readonly stdout: string;
  readonly stderr: string;
}

async function makePair(folder: string): Promise<Pair> {
  const name = randomUUID();
  const pair = { stdout: join(folder, `${name}-out`), stderr: join(folder, `${name}-err`) };
  try {
    // The sandbox's user may open its own output again to write to it (/dev/stdout), and not to read.
    await promisify(execFile)("/usr/bin/mkfifo", ["-m", "622", pair.stdout, pair.stderr], { env: {} });
  } catch (error) {
    await rm(pair.stdout, { force: true });
    throw error;
  }
  return pair;
}

function openPair(pair: Pair, free: Pair[]): OutputPipes {
  const stdout = openPipe(pair.stdout);
  const giveBack = (): void => {
    free.push(pair);
  };
  try {
    return { stdout, stderr: openPipe(pair.stderr), giveBack };
  } catch (error) {
    closeSync(stdout.writer);
    stdout.reader.destroy();
    throw error;
  }
}

function openPipe(path: string): OutputPipe {
  // The reading end first, without waiting for a writer; the writing end waits for its reader as any program expects of its output.
  const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const reader = new Socket({ fd: end, readable: true, writable: false });
  try {
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    reader.destroy();
    throw error;
  }
}
