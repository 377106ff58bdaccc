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
}

/** A mirror in use: it is not evicted before `release`, which also removes `work`, the user's private directory. */
export interface Lease {
  readonly mirrorDir: string;
  readonly lockFile: string;
  readonly work: string;
  release(): Promise<void>;
}

const usedFile = "last-used";

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

/** Removes mirrors nobody uses, longest unused first, until the rest fits in `maxBytes`. Returns how many went. */
export async function evictMirrors(cache: Cache): Promise<number> {
  const mirrors = [];
  for (const name of await readdir(join(cache.directory, "mirrors"))) {
    const path = join(cache.directory, "mirrors", name);
    const used = await stat(join(path, usedFile)).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    mirrors.push({ name: name.replace(/\.git$/, ""), path, used, bytes: await bytesUnder(path) });
  }
  let total = mirrors.reduce((sum, mirror) => sum + mirror.bytes, 0);
  let evicted = 0;
  for (const mirror of mirrors.sort((one, other) => one.used - other.used)) {
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
    await rm(trash, { recursive: true, force: true });
    return true;
  } finally {
    await unlock();
  }
}

/** Bytes of all files under a directory; a file that goes away meanwhile counts nothing. */
async function bytesUnder(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    bytes += await lstat(join(directory, entry)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    );
  }
  return bytes;
}
