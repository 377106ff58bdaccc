// The mirrors on disk: where they are, who uses them, and which one goes when the disk allowance is used up.
import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../core/log.ts";
import { claim, isHeld, tryLock } from "./lock.ts";

export interface Cache {
  readonly directory: string;
  readonly maxBytes: number;
  readonly log: Log;
  readonly sizes: MirrorSizes;
}

/** Bytes of each mirror as last measured by this process. */
export interface MirrorSizes {
  readonly bytesByPath: Map<string, number>;
  /** When all of them were measured: milliseconds since 1970. */
  measuredAt: number;
}

/**
 * Milliseconds after which every mirror is measured again. Between, only the one just used is: this process makes no other grow, and
 * what other processes on the same cache fetch is seen after this time at the latest.
 */
const measureEveryMs = 10 * 60_000;

/** No mirror measured yet. */
export function createMirrorSizes(): MirrorSizes {
  return { bytesByPath: new Map(), measuredAt: -Infinity };
}

/** A mirror in use: it is not evicted before `release`, which also removes `work`, the user's private directory. */
export interface Lease {
  readonly mirrorDir: string;
  readonly lockFile: string;
  readonly work: string;
  release(): Promise<void>;
}

const usedFile = "last-used";

/** A ref's file: an object's name and a newline. */
const refBytes = 41;

/** Makes the directories of a cache, readable by this user only. */
export async function prepareCache(directory: string): Promise<void> {
  for (const name of ["mirrors", "locks", "leases", "work", "trash"]) {
    await mkdir(join(directory, name), { recursive: true, mode: 0o700 });
  }
}

/** A mirror's name: the clone URL may hold anything, a hash of it is always a plain file name. 32 hex digits of SHA-256. */
export function mirrorNameOf(cloneUrl: string): string {
  return createHash("sha256").update(cloneUrl).digest("hex").slice(0, 32);
}

export async function takeLease(cache: Cache, cloneUrl: string): Promise<Lease> {
  const name = mirrorNameOf(cloneUrl);
  const id = `${name}.${randomUUID()}`;
  const release = await claim(join(cache.directory, "leases", id));
  if (release === null) throw new Error("A random name was taken twice.");
  const work = join(cache.directory, "work", id);
  await mkdir(join(work, "home"), { recursive: true, mode: 0o700 });
  return {
    mirrorDir: join(cache.directory, "mirrors", `${name}.git`),
    lockFile: join(cache.directory, "locks", name),
    work,
    release: async () => {
      await rm(work, { recursive: true, force: true });
      await release();
    },
  };
}

/** Notes that a mirror was used now: eviction starts with the one used longest ago. */
export async function touchMirror(mirrorDir: string): Promise<void> {
  const file = join(mirrorDir, usedFile);
  const now = new Date();
  await utimes(file, now, now).catch(() => writeFile(file, ""));
}

/** Removes what dead processes left: leases, private directories, half-removed mirrors. */
export async function sweepCache(directory: string): Promise<void> {
  // Listed before the leases: whoever opens a workspace meanwhile takes the lease first.
  const work = await readdir(join(directory, "work"));
  const leased = new Set<string>();
  for (const id of await readdir(join(directory, "leases"))) {
    if (await isHeld(join(directory, "leases", id))) leased.add(id);
    else await rm(join(directory, "leases", id), { force: true });
  }
  for (const id of work) {
    if (!leased.has(id)) await rm(join(directory, "work", id), { recursive: true, force: true });
  }
  for (const id of await readdir(join(directory, "trash"))) {
    await rm(join(directory, "trash", id), { recursive: true, force: true });
  }
}

/**
 * Removes mirrors nobody uses, longest unused first, until the rest fits in `maxBytes`. Returns how many went. All mirrors are measured;
 * or, after work on one of them, only that one and those not measured in the last ten minutes.
 */
export async function evictMirrors(cache: Cache, used?: string): Promise<number> {
  const mirrors = await measureMirrors(cache, used);
  let total = mirrors.reduce((sum, mirror) => sum + mirror.bytes, 0);
  if (total <= cache.maxBytes) return 0;
  let evicted = 0;
  for (const mirror of await oldestFirst(mirrors)) {
    if (total <= cache.maxBytes) break;
    if (!(await evict(cache, mirror))) continue;
    total -= mirror.bytes;
    evicted += 1;
    cache.log.info({ mirror: mirror.name, bytes: mirror.bytes }, "mirror evicted");
  }
  if (total > cache.maxBytes) {
    cache.log.warn({ bytes: total, maxBytes: cache.maxBytes }, "mirror cache over its size: all in use");
  }
  return evicted;
}

interface MeasuredMirror {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

async function measureMirrors({ directory, sizes }: Cache, used?: string): Promise<MeasuredMirror[]> {
  const { bytesByPath } = sizes;
  if (used === undefined || Date.now() - sizes.measuredAt > measureEveryMs) {
    bytesByPath.clear();
    sizes.measuredAt = Date.now();
  } else bytesByPath.delete(used);
  const mirrors = [];
  for (const name of await readdir(join(directory, "mirrors"))) {
    const path = join(directory, "mirrors", name);
    const bytes = bytesByPath.get(path) ?? (await bytesUnder(path));
    bytesByPath.set(path, bytes);
    mirrors.push({ name: name.replace(/\.git$/, ""), path, bytes });
  }
  return mirrors;
}

/** Mirrors by when they were last used; one that was never touched comes first. */
async function oldestFirst(mirrors: readonly MeasuredMirror[]): Promise<MeasuredMirror[]> {
  const dated = [];
  for (const mirror of mirrors) {
    const used = await stat(join(mirror.path, usedFile)).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    dated.push({ mirror, used });
  }
  return dated.sort((one, other) => one.used - other.used).map(({ mirror }) => mirror);
}

/** Removes the mirrors of these clone URLs, whatever the disk allowance. One in use goes when it is evicted later. */
export async function removeMirrors(cache: Cache, cloneUrls: readonly string[]): Promise<void> {
  const present = new Set(await readdir(join(cache.directory, "mirrors")));
  for (const name of cloneUrls.map(mirrorNameOf)) {
    if (!present.has(`${name}.git`)) continue;
    const removed = await evict(cache, { name, path: join(cache.directory, "mirrors", `${name}.git`) });
    cache.log.info({ mirror: name, removed }, "mirror of a removed repository");
  }
}

async function evict(cache: Cache, mirror: { name: string; path: string }): Promise<boolean> {
  const unlock = await tryLock(join(cache.directory, "locks", mirror.name));
  if (unlock === null) return false;
  try {
    // Under the lock: whoever wants the mirror now has a lease already, or will find it gone and fetch it again.
    for (const id of await readdir(join(cache.directory, "leases"))) {
      const lease = join(cache.directory, "leases", id);
      if (id.startsWith(`${mirror.name}.`) && (await isHeld(lease))) return false;
    }
    const trash = join(cache.directory, "trash", `${mirror.name}.${randomUUID()}`);
    await rename(mirror.path, trash);
    cache.sizes.bytesByPath.delete(mirror.path);
    await rm(trash, { recursive: true, force: true });
    return true;
  } finally {
    await unlock();
  }
}

/** Bytes of all files under a directory; a file that goes away meanwhile counts nothing. */
async function bytesUnder(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const refs = join(directory, "refs");
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    // One for every commit ever fetched: not worth a look at each.
    if (entry.parentPath.startsWith(refs)) bytes += refBytes;
    else {
      bytes += await lstat(join(entry.parentPath, entry.name)).then(
        (found) => found.size,
        () => 0,
      );
    }
  }
  return bytes;
}
