// Installed dependencies on this machine: filled once per key, whole or not at all, and the longest unused ones go when the disk allowance is used up.
import { randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../core/errors.ts";
import type { Log } from "../../../core/log.ts";
import type { DependencyFolders } from "../../../core/sandbox.ts";
import { isHeld, tryLock, withLock } from "../../lock.ts";
import { bytesOfFilled, filledFile, finishFill, prepareFill } from "./filled.ts";
import { removeTree } from "./tools.ts";

export interface FoldersOptions {
  /** `SandboxSettings.directory`: the folders lie in `dependencies` under it. */
  readonly directory: string;
  /** Disk allowance of all folders together. */
  readonly maxBytes?: number;
  readonly log: Log;
}

/** Some 40 installs of 500 MB, the size of a large project's packages. */
const defaultMaxBytes = 20 * 1024 ** 3;
/** Milliseconds for which a folder may still be in use by who was told of it: longer than any task. */
const inUseMs = 6 * 60 * 60_000;
/** SHA-256: a plain file name, whatever was installed. */
const keyPattern = /^[\da-f]{64}$/;

interface Place {
  readonly folders: string;
  readonly locks: string;
  readonly maxBytes: number;
  readonly log: Log;
}

/** Nothing is touched before the first call. `fill` throws what `install` throws. */
export function createDependencyFolders(options: FoldersOptions): DependencyFolders {
  const place: Place = {
    folders: join(options.directory, "dependencies"),
    locks: join(options.directory, "dependency-locks"),
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    log: options.log,
  };
  let ready: Promise<void> | null = null;
  const getReady = async () => {
    ready ??= prepare(place, options.directory);
    try {
      await ready;
    } catch (error) {
      ready = null;
      throw error;
    }
  };
  return {
    find: async (key) => {
      await getReady();
      return await find(place, key);
    },
    fill: async (key, install, signal) => {
      await getReady();
      const found = await withLock(lockOf(place, key), signal, async () => {
        return (await find(place, key)) ?? (await fill(place, key, install));
      });
      await evict(place, key);
      return found;
    },
  };
}

/** Folders that the sandbox's user can pass through and not list, and what dead processes left behind is gone. */
async function prepare(place: Place, directory: string): Promise<void> {
  for (const path of [directory, place.folders]) {
    await mkdir(path, { recursive: true, mode: 0o711 });
    await chmod(path, 0o711);
  }
  await mkdir(place.locks, { recursive: true, mode: 0o700 });
  for (const name of await readdir(place.folders)) {
    const [key = "", unfinished] = name.split(".");
    if (unfinished === undefined || !keyPattern.test(key)) continue;
    if (!(await isHeld(lockOf(place, key)))) await removeTree(join(place.folders, name));
  }
}

async function find(place: Place, key: string): Promise<string | null> {
  const directory = folderOf(place, key);
  const now = new Date();
  return await utimes(filledFile(directory), now, now).then(
    () => directory,
    () => null,
  );
}

/** Under the key's lock: beside what it will be, so that nobody sees it half full. */
async function fill(
  place: Place,
  key: string,
  install: (directory: string) => Promise<boolean>,
): Promise<string | null> {
  const partial = `${folderOf(place, key)}.partial-${randomUUID()}`;
  try {
    await prepareFill(partial);
    if (!(await install(partial))) return null;
    const { bytes } = await finishFill(partial).catch(cannotBeKept);
    await rename(partial, folderOf(place, key));
    place.log.info({ bytes }, "dependencies installed");
    return folderOf(place, key);
  } finally {
    await removeTree(partial);
  }
}

/** What an install leaves is its packages' doing, and no fault of this program: paths longer than any call takes, folders without number. */
function cannotBeKept(cause: unknown): never {
  throw new AppError("sandbox", "What the install left behind cannot be kept.", {
    retryable: false,
    remedy: "Look for packages with very many folders of packages, or with paths that are too long.",
    cause,
  });
}

/** Longest unused first, until the rest fits. What may be in use stays. */
async function evict(place: Place, kept: string): Promise<void> {
  const entries = [];
  for (const key of await readdir(place.folders)) {
    const bytes = await bytesOfFilled(join(place.folders, key));
    const used = await stat(filledFile(join(place.folders, key))).catch(() => null);
    if (bytes !== null && used !== null && keyPattern.test(key)) {
      entries.push({ key, bytes, usedMs: used.mtimeMs });
    }
  }
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { key, bytes, usedMs } of entries.sort((one, other) => one.usedMs - other.usedMs)) {
    if (total <= place.maxBytes) return;
    if (key === kept || Date.now() - usedMs < inUseMs) continue;
    if (await remove(place, key)) total -= bytes;
  }
  if (total > place.maxBytes) {
    place.log.warn({ bytes: total, maxBytes: place.maxBytes }, "dependencies over their size: all in use");
  }
}

async function remove(place: Place, key: string): Promise<boolean> {
  const unlock = await tryLock(lockOf(place, key));
  if (unlock === null) return false;
  try {
    const gone = `${folderOf(place, key)}.gone-${randomUUID()}`;
    await rename(folderOf(place, key), gone);
    await removeTree(gone);
    return true;
  } finally {
    await unlock();
  }
}

function folderOf(place: Place, key: string): string {
  if (!keyPattern.test(key)) throw new Error("A key of dependencies is 64 hex digits.");
  return join(place.folders, key);
}

function lockOf(place: Place, key: string): string {
  return join(place.locks, key);
}
