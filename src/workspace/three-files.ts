// Three versions of one file, as git's merge drivers and merge tools hand them over.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConflictedFile } from "../core/conflict.ts";
import { splitConflict } from "./conflicted-file.ts";
import type { StageBytes } from "./conflicted-file.ts";
import { gitFor } from "./git.ts";
import { defaultLimits } from "./limits.ts";

/** Splits three versions into clean text and hunks; `null` when they are not all text. No repository is looked at. */
export async function splitThreeFiles(
  path: string,
  stages: StageBytes,
  options: { environment: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<{ file: ConflictedFile; encode: (text: string) => Uint8Array } | null> {
  const scratch = await mkdtemp(join(tmpdir(), "errand-"));
  try {
    const git = gitFor({
      directory: scratch,
      gitDir: null,
      env: { PATH: options.environment["PATH"] ?? "", LC_ALL: "C", HOME: scratch, GIT_CONFIG_NOSYSTEM: "1" },
      timeoutMs: defaultLimits.networkMs,
      signal: options.signal,
      secrets: [],
    });
    return await splitConflict(git, scratch, path, stages);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
