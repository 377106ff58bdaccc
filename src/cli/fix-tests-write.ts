// Writes proven texts into a working copy: all of them, or none where a file is not what was read any more.
import { isDeepStrictEqual } from "node:util";
import { AppError } from "../core/errors.ts";
import type { Trees } from "../core/suite.ts";
import { defaultLimits } from "../workspace/limits.ts";
import { replaceFile } from "../workspace/replace-file.ts";
import { readWorkingFile } from "../workspace/working-copy.ts";

export interface Proven {
  readonly root: string;
  readonly trees: Pick<Trees, "readTree">;
  /** The tree that was read at the beginning. */
  readonly head: string;
  /** New texts by path. */
  readonly edits: ReadonlyMap<string, string>;
}

/** Why nothing was written, a sentence for people; `null`: all was. */
export async function writeProven({ root, trees, head, edits }: Proven): Promise<string | null> {
  const modes = new Map<string, string>();
  for (const path of edits.keys()) {
    const [before, now] = await Promise.all([trees.readTree(head, path), onDisk(root, path)]);
    if (!isDeepStrictEqual(plain(before), plain(now)))
      return `${path} was changed meanwhile, so nothing was written: the proof is of what it was. Run it again.`;
    modes.set(path, before?.mode ?? "100644");
  }
  for (const [path, text] of edits) {
    try {
      await replaceFile(root, path, Buffer.from(text), modes.get(path) === "100755");
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return `${error.message} What was written before it stays (git diff shows it).`;
    }
  }
  return null;
}

/** A file that cannot be read is not what was read. */
async function onDisk(root: string, path: string): Promise<File | null> {
  return readWorkingFile(root, path, defaultLimits.treeFileBytes).catch(() => ({
    mode: "unreadable",
    bytes: new Uint8Array(),
  }));
}

interface File {
  readonly mode: string;
  readonly bytes: Uint8Array;
}

const plain = (file: File | null): { readonly mode: string; readonly bytes: Buffer } | null =>
  file === null ? null : { mode: file.mode, bytes: Buffer.from(file.bytes) };
