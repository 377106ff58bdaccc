// Folders of this worker under the sandbox's directory, named after its process so that what a killed worker left can be told and removed.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

export interface Scratch {
  /** Only this process reads it. */
  readonly pipes: string;
  /** An empty folder for one run, that the sandbox's user can pass through and not list; `remove` when the run is over. */
  readonly make: () => Promise<{ readonly folder: string; readonly remove: () => Promise<void> }>;
}

export async function openScratch(directory: string, pid: number): Promise<Scratch> {
  await mkdir(directory, { recursive: true, mode: 0o711 });
  await removeLeftovers(directory);
  const pipes = join(directory, `${pid}-pipes-${randomUUID()}`);
  await mkdir(pipes, { mode: 0o700 });
  return {
    pipes,
    make: async () => {
      const folder = join(directory, `${pid}-run-${randomUUID()}`);
      await mkdir(folder, { mode: 0o711 });
      return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
    },
  };
}

async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (isLeftover(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** Whether the process that a name starts with is gone. */
export function isLeftover(name: string): boolean {
  const pid = /^([1-9][0-9]*)-/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errorCode(error) === "ESRCH";
  }
}

/** "ENOENT" and its like, of what the system's calls throw. */
export function errorCode(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : null;
}
