// One repository's mirror: a bare blobless clone that is fetched by commit and by blob, never by name.
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../core/errors.ts";
import { touchMirror } from "./cache.ts";
import type { Lease } from "./cache.ts";
import type { Git, GitResult } from "./git.ts";
import { must } from "./git.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { withLock } from "./lock.ts";
import { missingOf, sizesOf } from "./objects.ts";
import { createBareRepository } from "./repository.ts";

export interface Mirror {
  readonly lease: Lease;
  /** Reaches no network: what is missing is missing. */
  readonly local: Git;
  readonly remote: Git;
  readonly limits: WorkspaceLimits;
  readonly signal: AbortSignal;
}

/** Packs beyond this number are made into one: every object look-up asks each pack. */
const maxPacks = 60;

const fetchArguments = [
  "fetch",
  "--quiet",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-auto-maintenance",
  "--filter=blob:none",
];

/**
 * Makes sure that the commits and their trees are in the mirror: one fetch for all that are missing, none when all are there.
 * Throws `AppError("stale-head")` when the server no longer has one of them.
 */
export async function ensureCommits(mirror: Mirror, shas: readonly string[]): Promise<void> {
  await withLock(mirror.lease.lockFile, mirror.signal, async () => {
    await createMirror(mirror);
    const missing = await notKept(mirror, [...new Set(shas)]);
    if (missing.length > 0) {
      // A ref per commit keeps what was fetched reachable, so that the next fetch tells the server of it and gets only what is new.
      const refspecs = missing.map((sha) => `+${sha}:refs/kept/${sha}`);
      const fetched = await fetchInto(mirror, [...fetchArguments, "origin", ...refspecs], {
        bytes: mirror.limits.historyBytes,
      });
      if (fetched.code !== 0) throw fetchError(fetched);
      await compact(mirror);
    }
    await touchMirror(mirror.lease.mirrorDir);
  });
}

async function notKept(mirror: Mirror, shas: readonly string[]): Promise<string[]> {
  const known = [];
  for (const sha of shas) {
    // A commit that was never fetched has no ref, which needs no process to see.
    if (await stat(join(mirror.lease.mirrorDir, "refs", "kept", sha)).catch(() => null)) known.push(sha);
  }
  if (known.length === 0) return [...shas];
  const input = known.map((sha) => `refs/kept/${sha}\n`).join("");
  const found = await must(
    mirror.local(["cat-file", "--batch-check=%(objectname)"], { input }),
    "looking commits up",
  );
  const here = new Set(found.toString("latin1").split("\n"));
  return shas.filter((sha) => !here.has(sha));
}

async function createMirror(mirror: Mirror): Promise<void> {
  const { mirrorDir, work } = mirror.lease;
  if (await stat(join(mirrorDir, "HEAD")).catch(() => null)) return;
  // Made aside and moved into place: a process that dies half-way leaves no half mirror.
  const aside = join(work, "new.git");
  await createBareRepository(aside);
  await rm(mirrorDir, { recursive: true, force: true });
  await mkdir(dirname(mirrorDir), { recursive: true });
  await rename(aside, mirrorDir);
}

/** What a mirror holds, for comparison: objects come into it as whole packs only. Looked at before objects are looked up in it. */
export async function contentsOf(mirror: Mirror): Promise<string> {
  const names = await readdir(join(mirror.lease.mirrorDir, "objects", "pack")).catch(() => []);
  return names
    .filter((name) => name.endsWith(".pack"))
    .sort()
    .join();
}

/**
 * Fetches blobs that were found missing while the mirror had `contents`, all in one fetch. Returns the ones that are not there even
 * then: larger than `limits.blobBytes`, as far as the fetch was stopped before it had them. A server tells no sizes beforehand, so the
 * fetch is watched and, once it is over its allowance, stopped and split until the large ones are alone.
 */
export async function fetchBlobs(
  mirror: Mirror,
  missing: readonly string[],
  contents: string,
): Promise<ReadonlySet<string>> {
  if (missing.length === 0) return new Set();
  return await withLock(mirror.lease.lockFile, mirror.signal, async () => {
    // Another process may have fetched them meanwhile.
    const same = (await contentsOf(mirror)) === contents;
    const wanted = same ? missing : await missingOf(mirror.local, missing);
    return new Set(await fetchSplitting(mirror, wanted));
  });
}

/**
 * Fetches blobs that were found missing while the mirror had `contents`, large ones too: all of them, or none once they come to more than `bytes`
 * packed. Whether they are all here.
 */
export async function fetchWithin(
  mirror: Mirror,
  missing: readonly string[],
  allowed: { readonly contents: string; readonly bytes: number },
): Promise<boolean> {
  if (missing.length === 0) return true;
  return await withLock(mirror.lease.lockFile, mirror.signal, async () => {
    const same = (await contentsOf(mirror)) === allowed.contents;
    const wanted = same ? missing : await missingOf(mirror.local, missing);
    if (wanted.length === 0) return true;
    const fetched = await fetchNamed(mirror, wanted, allowed.bytes);
    if (fetched.stopped === "growth") return false;
    if (fetched.code !== 0) throw fetchError(fetched);
    return true;
  });
}

/**
 * Sizes in bytes of blobs as seen from `local`, which borrows the mirror's objects, after fetching those that were missing. `null` for
 * what is too large to have been fetched.
 */
export async function fetchedSizes(
  mirror: Mirror,
  local: Git,
  oids: readonly string[],
): Promise<Map<string, number | null>> {
  const contents = await contentsOf(mirror);
  const sizes = await sizesOf(local, oids);
  const absent = [...sizes].filter(([, size]) => size === null).map(([oid]) => oid);
  await fetchBlobs(mirror, absent, contents);
  for (const [oid, size] of await sizesOf(local, absent)) sizes.set(oid, size);
  return sizes;
}

async function fetchSplitting(mirror: Mirror, oids: readonly string[]): Promise<string[]> {
  if (oids.length === 0) return [];
  const { blobBytes, fetchBytes } = mirror.limits;
  // What does not compress grows a little; 64 KB is far above what deflate and the pack's own header add to 5 MB.
  const bytes = Math.min(oids.length * (blobBytes + 64 * 1024), Math.max(fetchBytes, blobBytes + 64 * 1024));
  const fetched = await fetchNamed(mirror, oids, bytes);
  if (fetched.stopped === "growth") {
    if (oids.length === 1) return [...oids];
    const middle = Math.ceil(oids.length / 2);
    const first = await fetchSplitting(mirror, oids.slice(0, middle));
    return [...first, ...(await fetchSplitting(mirror, oids.slice(middle)))];
  }
  if (fetched.code !== 0) throw fetchError(fetched);
  return [];
}

async function fetchNamed(mirror: Mirror, oids: readonly string[], bytes: number): Promise<GitResult> {
  // What is asked for by name needs no talk about what is here already.
  const plain = ["-c", "fetch.negotiationAlgorithm=noop"];
  return await fetchInto(mirror, [...plain, ...fetchArguments, "--stdin", "origin"], {
    bytes,
    input: oids.map((oid) => `${oid}\n`).join(""),
  });
}

async function fetchInto(
  mirror: Mirror,
  args: readonly string[],
  options: { bytes: number; input?: string },
): Promise<GitResult> {
  const packs = join(mirror.lease.mirrorDir, "objects", "pack");
  // Under the lock, so an unfinished pack is from a fetch that was killed.
  await removeUnfinished(packs);
  const result = await mirror.remote(args, {
    ...(options.input === undefined ? {} : { input: options.input }),
    timeoutMs: mirror.limits.networkMs,
    growth: { measure: () => unfinishedBytes(packs), bytes: options.bytes },
  });
  if (result.code !== 0) await removeUnfinished(packs);
  return result;
}

async function unfinishedIn(packs: string): Promise<string[]> {
  const names = await readdir(packs).catch(() => []);
  return names.filter((name) => name.startsWith("tmp_")).map((name) => join(packs, name));
}

/** Bytes of the packs that are being received in a directory. */
export async function unfinishedBytes(packs: string): Promise<number> {
  let bytes = 0;
  for (const file of await unfinishedIn(packs)) {
    bytes += await stat(file).then(
      (found) => found.size,
      () => 0,
    );
  }
  return bytes;
}

async function removeUnfinished(packs: string): Promise<void> {
  for (const file of await unfinishedIn(packs)) await rm(file, { force: true });
}

async function compact(mirror: Mirror): Promise<void> {
  const packs = await readdir(join(mirror.lease.mirrorDir, "objects", "pack")).catch(() => []);
  if (packs.filter((name) => name.endsWith(".pack")).length <= maxPacks) return;
  // With the remote's settings, so that git knows that missing blobs are promised; it needs none of them here.
  await must(mirror.remote(["repack", "-a", "-d", "-q", "--no-write-bitmap-index"]), "compacting the mirror");
}

/** What a failed fetch means, for a person. */
function fetchError(result: GitResult): AppError {
  const { stderr } = result;
  if (result.stopped === "growth") {
    return new AppError("workspace", "The repository's history is larger than this server takes.", {
      retryable: false,
      remedy: "Raise the limit on history, or resolve this pull request by hand.",
    });
  }
  if (/not our ref|no such remote ref|unadvertised object|could not find remote ref/i.test(stderr)) {
    return new AppError(
      "stale-head",
      "A commit of this pull request is no longer on the server: a branch was force-pushed or deleted.",
      { retryable: false, remedy: "Ask again: the next run reads the new head." },
    );
  }
  if (/authentication failed|could not read username|error: 40[13]|not found/i.test(stderr)) {
    return new AppError("permission", `The server refused to give out the repository: ${stderr}`, {
      retryable: false,
      remedy: "Make sure that the app is installed on this repository with read access to its contents.",
    });
  }
  return new AppError("workspace", `Fetching the repository failed: ${stderr || "git gave no reason"}`, {
    retryable: true,
    remedy: "Try again; if it keeps failing, look at the connection to the server.",
  });
}
