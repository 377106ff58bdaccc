// A conflicted file as text: its three stages through `git merge-file`, into segments.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { ConflictedFile } from "../core/conflict.ts";
import type { Git } from "./git.ts";
import { markerSizeFor, parseSegments } from "./segments.ts";
import { decodeTexts } from "./text.ts";

export interface StageBytes {
  /** `null` when both sides added the file. */
  readonly base: Uint8Array | null;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

export interface SplitFile {
  readonly file: ConflictedFile;
  readonly encode: (text: string) => Uint8Array;
}

/**
 * Merges three sides of a file with git's own three-way merge. `null` when they are not all text. `scratch` is an existing private
 * directory; nothing stays in it. `encode` gives the bytes of merged text back, exactly.
 */
export async function splitConflict(
  git: Git,
  scratch: string,
  path: string,
  stages: StageBytes,
): Promise<SplitFile | null> {
  const sides = { base: stages.base ?? new Uint8Array(), ours: stages.ours, theirs: stages.theirs };
  const decoded = decodeTexts(sides);
  if (decoded === null) return null;
  const { texts, decode, encode } = decoded;
  const markerSize = markerSizeFor(texts);
  const merged = await mergeFile(git, scratch, sides, markerSize);
  const segments = parseSegments(decode(merged), markerSize, texts);
  if (segments === null) throw unreadable(path);
  return {
    file: {
      path,
      base: stages.base === null ? null : texts.base,
      ours: texts.ours,
      theirs: texts.theirs,
      segments,
    },
    encode,
  };
}

async function mergeFile(
  git: Git,
  scratch: string,
  sides: { readonly base: Uint8Array; readonly ours: Uint8Array; readonly theirs: Uint8Array },
  markerSize: number,
): Promise<Buffer> {
  const directory = await mkdtemp(join(scratch, "merge-"));
  try {
    const names = ["ours", "base", "theirs"] as const;
    await Promise.all(names.map((name) => writeFile(join(directory, name), sides[name], { mode: 0o600 })));
    const labels = names.flatMap((name) => ["-L", name]);
    const files = names.map((name) => join(directory, name));
    const args = ["merge-file", "-p", "-q", "--diff3", `--marker-size=${markerSize}`, ...labels, ...files];
    const result = await git(args);
    // The exit status is the number of conflicts, 127 at most; 255 is a failure.
    if (result.code < 0 || result.code > 127) {
      throw new AppError("workspace", `git merge-file failed: ${result.stderr}`, {
        retryable: false,
        remedy: "Resolve this file by hand.",
      });
    }
    return result.stdout;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function unreadable(path: string): AppError {
  return new AppError("bug", `What git wrote for ${JSON.stringify(path)} could not be read back.`, {
    retryable: false,
    remedy: "Resolve this file by hand, and report the three versions of it.",
  });
}
