// Takes apart what a container writes to its standard output: the program's output, the kernel's counts, frames (script.ts). Any byte can come.
import { readFrames } from "../frames.ts";
import type { Expected, Frames } from "../frames.ts";

export interface Counts {
  /** Processes that were ended for want of memory. */
  readonly memory: number;
  /** Processes that were refused because there were too many. */
  readonly processes: number;
  readonly cpuMs: number | null;
  readonly peakMemoryBytes: number | null;
}

export interface ContainerStream {
  readonly add: (chunk: Buffer) => void;
  /** Gives out what may still be output, once nothing more comes. */
  readonly end: () => void;
  readonly frames: Frames;
  readonly counts: () => Counts;
}

/** Bytes of counts that are kept; all of them have some 2,000. */
const MOST_COUNTS = 64 * 1024;

/** `output` takes the program's own bytes in order. Never throws. */
export function readContainerStream(
  mark: string,
  expected: Expected,
  output: (chunk: Buffer) => void,
): ContainerStream {
  const reader = readFrames(expected);
  const parts: Buffer[] = [];
  let kept = 0;
  const counted = cutAt(Buffer.from(`${mark}\n`), reader.add, (chunk) => {
    const part = chunk.subarray(0, MOST_COUNTS - kept);
    kept += part.length;
    if (part.length > 0) parts.push(part);
  });
  const all = cutAt(Buffer.from(`\n${mark}\n`), counted.add, output);
  return {
    add: all.add,
    end: all.end,
    frames: reader.frames,
    counts: () => countsIn(Buffer.concat(parts).toString("latin1")),
  };
}

/** Hands what comes before the first `mark` to `before`, and what comes after it to `after`, however the chunks are cut. Holds back less than one mark. */
function cutAt(mark: Buffer, after: (chunk: Buffer) => void, before: (chunk: Buffer) => void) {
  let held = Buffer.alloc(0);
  let found = false;
  return {
    add: (chunk: Buffer): void => {
      if (found) {
        after(chunk);
        return;
      }
      const text = Buffer.concat([held, chunk]);
      const at = text.indexOf(mark);
      found = at !== -1;
      const end = found ? at : Math.max(0, text.length - mark.length + 1);
      if (end > 0) before(text.subarray(0, end));
      held = found ? Buffer.alloc(0) : text.subarray(end);
      if (found && text.length > at + mark.length) after(text.subarray(at + mark.length));
    },
    end: (): void => {
      if (!found && held.length > 0) before(held);
    },
  };
}

/** "memory oom_kill 1", "cpu usage_usec 120000", "peak 1048576": what is not there was not counted. */
function countsIn(text: string): Counts {
  const numberOf = (pattern: RegExp): number | null => {
    const digits = pattern.exec(text)?.[1];
    return digits === undefined ? null : Number(digits);
  };
  const cpuMicros = numberOf(/^cpu usage_usec (\d{1,15})$/m);
  return {
    memory: numberOf(/^memory oom_kill (\d{1,15})$/m) ?? 0,
    processes: numberOf(/^processes max (\d{1,15})$/m) ?? 0,
    cpuMs: cpuMicros === null ? null : cpuMicros / 1000,
    peakMemoryBytes: numberOf(/^peak (\d{1,15})$/m),
  };
}
