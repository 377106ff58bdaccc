// Keeps the first and the last part of what a stream brings, and counts the rest.
import { keptOutputBytes } from "../../core/sandbox.ts";
import type { CappedOutput } from "../../core/sandbox.ts";

export interface OutputKeeper {
  readonly add: (chunk: Buffer) => void;
  /** Bytes that were written so far, kept or not. */
  readonly total: () => number;
  readonly result: () => CappedOutput;
}

/** Holds at most `keptBytes` and one chunk in memory, however much comes. */
export function keepOutput(keptBytes = keptOutputBytes): OutputKeeper {
  const headBytes = Math.floor(keptBytes / 2);
  const tailBytes = keptBytes - headBytes;
  const head: Buffer[] = [];
  const tail: Buffer[] = [];
  let total = 0;
  let inHead = 0;
  let inTail = 0;
  return {
    add: (chunk) => {
      total += chunk.length;
      const first = chunk.subarray(0, headBytes - inHead);
      if (first.length > 0) head.push(first);
      inHead += first.length;
      const rest = chunk.subarray(first.length);
      if (rest.length === 0) return;
      tail.push(rest);
      inTail += rest.length;
      for (
        let oldest = tail[0];
        oldest !== undefined && inTail - oldest.length >= tailBytes;
        oldest = tail[0]
      ) {
        inTail -= oldest.length;
        tail.shift();
      }
    },
    total: () => total,
    result: () => {
      const last = Buffer.concat(tail);
      const kept = last.subarray(Math.max(0, last.length - tailBytes));
      return {
        text: Buffer.concat([...head, kept]).toString("utf8"),
        cutBytes: total - inHead - kept.length,
      };
    },
  };
}
