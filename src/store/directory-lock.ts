// One process per data directory: the embedded database takes no lock itself, and a second opener would silently lose writes.
import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { AppError } from "../core/errors.ts";

/** Milliseconds. The holder touches its lock this often; one from another machine or container counts as alive for `silentMs`. */
const touchMs = 5_000;
const silentMs = 30_000;

/** `born` tells a process from a later one with the same number: kernel boot and start tick; "" where the system does not tell. */
const Holder = z.object({ pid: z.number().int(), born: z.string(), host: z.string() });
type Holder = z.infer<typeof Holder>;

/** Linux: field 22 of /proc/PID/stat, counted after the command name, which may hold blanks and parentheses. */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const startTick = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${startTick}`;
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function parseHolder(text: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** `null` when there is no lock; a holder of `null` when the lock cannot be read: nobody writes such a one. */
function readLock(file: string): { text: string; holder: Holder | null; silentForMs: number } | null {
  try {
    const text = readFileSync(file, "utf8");
    return { text, holder: parseHolder(text), silentForMs: Date.now() - statSync(file).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** On this machine the process table decides; from another one (a container that shares the volume) only its sign of life does. */
function holds(holder: Holder, silentForMs: number): boolean {
  if (holder.host !== os.hostname()) return silentForMs < silentMs;
  return isAlive(holder.pid) && (holder.born === "" || birthOf(holder.pid) === holder.born);
}

function inUse(directory: string, file: string, holder: Holder): AppError {
  const where = holder.host === os.hostname() ? "" : ` on ${holder.host}`;
  const who =
    holder.pid === process.pid && where === "" ? "this very process" : `process ${holder.pid}${where}`;
  return new AppError(
    "store",
    `The data directory ${directory} is in use by ${who}; the embedded store takes one process.`,
    {
      retryable: false,
      remedy:
        "Stop that process, or set another ERRAND_DATA_DIR. For several processes set REDIS_URL or DATABASE_URL. " +
        `If no such process is an Errand, delete ${file}.`,
    },
  );
}

/** `false` when `file` is there already. A link appears whole or not at all: nobody ever reads half a lock. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a stale lock out of the way. If it is a fresh one by now (another starter was faster), puts that back. */
function setAside(file: string, stale: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, "utf8") !== stale) linked(aside, file);
  unlinkSync(aside);
}

/**
 * Takes the lock of a directory and returns what gives it back. A lock whose process is gone is taken over, also when the number
 * of that process has been given to another one since. Throws `AppError("store")` naming the process that holds it.
 */
export function lockDirectory(directory: string): () => void {
  const file = path.join(directory, "lock");
  const draft = `${file}.${randomUUID()}`;
  const mine: Holder = { pid: process.pid, born: birthOf(process.pid), host: os.hostname() };
  const text = JSON.stringify({ ...mine, id: randomUUID() });
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    for (let tries = 0; tries < 5; tries++) {
      if (linked(draft, file)) return holdUntilReleased(file, text);
      const found = readLock(file);
      if (found?.holder && holds(found.holder, found.silentForMs)) throw inUse(directory, file, found.holder);
      if (found) setAside(file, found.text);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new AppError("store", `The data directory ${directory} cannot be locked: others keep taking it.`, {
    retryable: true,
    remedy: "Start one Errand at a time on this directory.",
  });
}

function holdUntilReleased(file: string, text: string): () => void {
  const timer = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Without a sign of life only processes on other machines could misjudge; there is nothing better to do here.
    }
  }, touchMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (readLock(file)?.text === text) rmSync(file, { force: true });
  };
}
