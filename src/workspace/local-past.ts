// The past merges of a person's own repository. Nothing in it is written, and nothing is fetched.
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { PastMerge } from "../core/memory.ts";
import { offlineEnvironment } from "./environment.ts";
import { gitFor, must } from "./git.ts";
import type { Git } from "./git.ts";
import { defaultLimits } from "./limits.ts";
import { listMerges, replayMerges } from "./past-merges.ts";
import type { Past } from "./past-merges.ts";
import { createBorrowingRepository } from "./repository.ts";

/** Milliseconds for one git call: one merge that takes longer is left out. */
const callMs = 20_000;

export interface LocalPast {
  /** Git's directory that all work trees of the repository share. */
  readonly gitDirectory: string;
  /** How many merges `merges` will give. */
  readonly count: number;
  readonly merges: () => AsyncGenerator<PastMerge>;
  /** Removes the scratch directory. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the history of what is checked out in the repository around `cwd`: at most `max` merges. Throws `AppError("input")` outside of a repository, and
 * for one whose objects are not named by SHA-1.
 */
export async function openLocalPast(
  cwd: string,
  options: {
    readonly max: number;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
): Promise<LocalPast> {
  const { environment, signal, max } = options;
  const work = await mkdtemp(join(tmpdir(), "errand-past-"));
  try {
    await mkdir(join(work, "home"));
    const env = offlineEnvironment(join(work, "home"), environment);
    const found = await locate(cwd, environment, signal);
    const gitDir = join(work, "repository.git");
    await createBorrowingRepository(gitDir, found.gitDirectory);
    // Where a shallow clone ends; absent in others.
    await copyFile(join(found.gitDirectory, "shallow"), join(gitDir, "shallow")).catch(() => undefined);
    const git = gitFor({ directory: work, gitDir, env, timeoutMs: callMs, signal, secrets: [] });
    const merges = found.tip === null ? [] : await listMerges(git, { tip: found.tip, skip: 0, max });
    const past: Past = {
      git,
      work,
      limits: defaultLimits,
      signal,
      prepare: (commits) => Promise.resolve(commits),
      fetch: () => Promise.resolve(),
    };
    return {
      gitDirectory: found.gitDirectory,
      count: merges.length,
      merges: () => replayMerges(past, merges),
      close: () => rm(work, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}

interface Located {
  readonly gitDirectory: string;
  /** The commit that is checked out; `null` before the first. */
  readonly tip: string | null;
}

async function locate(
  cwd: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Located> {
  const set = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const env = { ...Object.fromEntries(set), LC_ALL: "C" };
  const git: Git = gitFor({ directory: cwd, gitDir: null, env, timeoutMs: callMs, signal, secrets: [] });
  const format = await git(["rev-parse", "--show-object-format"]);
  if (format.code !== 0) {
    throw new AppError("input", `There is no git repository at ${cwd}.`, {
      retryable: false,
      remedy: "Change into a cloned repository and try again.",
    });
  }
  if (format.stdout.toString("latin1").trim() !== "sha1") {
    throw new AppError(
      "input",
      "This repository names its objects by SHA-256, which is not supported here.",
      {
        retryable: false,
        remedy: "Use a clone that names its objects by SHA-1, git's default.",
      },
    );
  }
  const directory = await must(
    git(["rev-parse", "--path-format=absolute", "--git-common-dir"]),
    "looking at the repository",
  );
  const tip = await git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  return {
    gitDirectory: directory.toString("utf8").replace(/\n$/, ""),
    tip: tip.code === 0 ? tip.stdout.toString("latin1").trim() : null,
  };
}
