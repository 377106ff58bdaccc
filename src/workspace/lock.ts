// Locks between processes, as files: one holder at a time, taken over from a holder that died.
import { randomUUID } from "node:crypto";
import { link, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** Who made a lock or a lease. `started` tells a process from a later one with the same number; "" where /proc is not there. */
interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

const touchEveryMs = 5_000;
/** A holder on another host (a container that shares the cache) that has not touched its file for this long is dead. */
const foreignStaleMs = 60_000;

/** Puts the process's name in a new file and touches it until `release`. `null` when the file is there already. */
export async function claim(path: string): Promise<(() => Promise<void>) | null> {
  const owner: Owner = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
  };
  // Written aside and linked into place: nobody ever sees a lock without its owner in it.
  const aside = `${path}.${owner.id}`;
  await writeFile(aside, JSON.stringify(owner));
  try {
    await link(aside, path);
  } catch (error) {
    if (isCode(error, "EEXIST")) return null;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
  const touching = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, touchEveryMs);
  touching.unref();
  return async () => {
    clearInterval(touching);
    const current = await ownerOf(path);
    if (current?.id === owner.id) await rm(path, { force: true });
  };
}

/** Whether whoever claimed the file still lives. `false` also when the file is gone. */
export async function isHeld(path: string): Promise<boolean> {
  const owner = await ownerOf(path);
  return owner !== null && (await isAlive(owner, path));
}

/** Waits for the lock, runs `body`, and gives it back. Throws the signal's reason when the wait is called off. */
export async function withLock<T>(path: string, signal: AbortSignal, body: () => Promise<T>): Promise<T> {
  let waitMs = 5;
  let release = await tryLock(path);
  while (release === null) {
    await sleep(waitMs, undefined, { signal });
    waitMs = Math.min(waitMs * 2, 100);
    release = await tryLock(path);
  }
  try {
    return await body();
  } finally {
    await release();
  }
}

/** The lock if it is free or its holder is dead; `null` otherwise. */
export async function tryLock(path: string): Promise<(() => Promise<void>) | null> {
  const release = await claim(path);
  if (release !== null) return release;
  const owner = await ownerOf(path);
  if (owner === null || (await isAlive(owner, path))) return null;
  await removeStale(path, owner);
  return await claim(path);
}

/**
 * Takes a dead owner's file away. Of all who saw the death only the one that makes the marker named after that owner may: no one can
 * remove the lock of whoever came next by mistake.
 */
async function removeStale(path: string, dead: Owner): Promise<void> {
  const marker = `${path}.after.${dead.id.replaceAll(/[^\w-]/g, "")}`;
  try {
    await writeFile(marker, "", { flag: "wx" });
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    const made = await stat(marker).catch(() => null);
    // Its maker died, too, between two lines of this function.
    if (made !== null && Date.now() - made.mtimeMs > foreignStaleMs) await rm(marker, { force: true });
    return;
  }
  const current = await ownerOf(path);
  if (current?.id === dead.id) await rm(path, { force: true });
  await rm(marker, { force: true });
}

async function ownerOf(path: string): Promise<Owner | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Owner;
  } catch {
    // Half a file can only be left by a full disk: nobody holds it.
    return { id: "", pid: 0, host: hostname(), started: "" };
  }
}

async function isAlive(owner: Owner, path: string): Promise<boolean> {
  if (owner.host !== hostname()) {
    const touched = await stat(path).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    return Date.now() - touched < foreignStaleMs;
  }
  if (owner.pid === 0) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (isCode(error, "ESRCH")) return false;
  }
  return (await startOf(owner.pid)) === owner.started;
}

/** When a process started, in the kernel's ticks (field 22 of /proc/PID/stat). */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return (
    text
      .slice(text.lastIndexOf(")") + 1)
      .trim()
      .split(" ")[19] ?? ""
  );
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
