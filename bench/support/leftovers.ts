// What a run may leave behind on this machine, counted: to be compared before and after.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

export interface Leftovers {
  /** Children of this process, zombies among them, and every process of a user that runs drop to. */
  readonly processes: number;
  /** Lines of this process's mount table. */
  readonly mounts: number;
  readonly descriptors: number;
  /** Control groups of this process's runs, of any controller. */
  readonly groups: number;
  /** Files and folders in the sandbox's directory, dependencies left out. */
  readonly files: number;
}

export interface Where {
  /** Sandbox's directory; its folder `dependencies` is the bench's own. */
  readonly directory: string;
  /** First id that runs drop to, as of `SandboxSettings`; `null` where they have the user of this process. */
  readonly user: number | null;
}

/** Ids after the first that runs may have. */
const userRange = 64;

export function countLeftovers({ directory, user }: Where): Leftovers {
  return {
    processes: processes(user),
    mounts: readFileSync("/proc/self/mountinfo", "utf8").trimEnd().split("\n").length,
    descriptors: readdirSync("/proc/self/fd").length,
    groups: groupsUnder("/sys/fs/cgroup"),
    files: readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.split(path.sep)[0] !== "dependencies",
    ).length,
  };
}

function processes(user: number | null): number {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isOurs(name, user)).length;
}

function isOurs(pid: string, user: number | null): boolean {
  const status = readOrNull(`/proc/${pid}/status`) ?? "";
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? NaN);
  if (field("PPid") === process.pid) return true;
  return user !== null && field("Uid") >= user && field("Uid") < user + userRange;
}

function groupsUnder(folder: string): number {
  let count = 0;
  for (const entry of entriesOf(folder)) {
    if (entry.startsWith(`errand-run-${process.pid}-`)) count += 1;
    count += groupsUnder(path.join(folder, entry));
  }
  return count;
}

function entriesOf(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
