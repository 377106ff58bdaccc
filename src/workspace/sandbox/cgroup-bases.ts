// Finds the control groups under which this process may make others.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlGroupPlaces } from "./cgroups.ts";
import { isLeftover } from "./scratch.ts";

const groupPrefix = "errand-run-";

/** Of the group of one run; says which worker made it. */
export function groupName(pid: number): string {
  return `${groupPrefix}${pid}-${randomUUID()}`;
}

/** Folders by what they bound; `null` where that cannot be bound. */
export interface ControlBases {
  readonly memory: string | null;
  readonly pids: string | null;
  readonly cpu: string | null;
}

/**
 * Second generation: this process's own group, if it was delegated. A group that has members cannot hand its controllers on to others, so this process
 * moves into a leaf of its own, and only when it is the sole member: other people's processes are not moved.
 */
export async function findUnifiedBase(places: ControlGroupPlaces): Promise<string | null> {
  const path = ownPath(places.own, (controllers) => controllers === "");
  if (path === null) return null;
  const base = join(places.root, path);
  const offered = await words(join(base, "cgroup.controllers"));
  if (!offered.includes("memory") || !offered.includes("pids") || !(await canMakeGroups(base))) return null;
  if (await handOn(base)) return base;
  return (await moveIntoLeaf(base, places.pid)) && (await handOn(base)) ? base : null;
}

/** First generation: a folder for each controller; where this process's own group is not to be seen (a container), the topmost that is. */
export async function findLegacyBases(places: ControlGroupPlaces): Promise<ControlBases | null> {
  const find = async (controller: string): Promise<string | null> => {
    const path = ownPath(places.own, (controllers) => controllers.split(",").includes(controller));
    if (path === null) return null;
    for (const base of [join(places.root, controller, path), join(places.root, controller)]) {
      if (await canMakeGroups(base)) return base;
    }
    return null;
  };
  const [memory, pids, cpu] = await Promise.all([find("memory"), find("pids"), find("cpuacct")]);
  return memory === null && pids === null && cpu === null ? null : { memory, pids, cpu };
}

/** The path of a line "4:memory:/user" whose controllers fit. */
function ownPath(own: string, fits: (controllers: string) => boolean): string | null {
  for (const line of own.split("\n")) {
    const [, controllers, ...path] = line.split(":");
    if (controllers !== undefined && path.length > 0 && fits(controllers)) return path.join(":");
  }
  return null;
}

async function handOn(base: string): Promise<boolean> {
  const handed = await words(join(base, "cgroup.subtree_control"));
  if (handed.includes("memory") && handed.includes("pids")) return true;
  try {
    await writeFile(join(base, "cgroup.subtree_control"), "+memory +pids");
    return true;
  } catch {
    return false;
  }
}

async function moveIntoLeaf(base: string, pid: number): Promise<boolean> {
  const members = await words(join(base, "cgroup.procs"));
  if (members.length !== 1 || members[0] !== String(pid)) return false;
  const leaf = join(base, "errand-worker");
  try {
    await mkdir(leaf, { recursive: true });
    await writeFile(join(leaf, "cgroup.procs"), String(pid));
    return true;
  } catch {
    return false;
  }
}

/** Whether folders can be made there and are groups. Where so, those that a killed worker left are removed; one that has members stays. */
async function canMakeGroups(base: string): Promise<boolean> {
  const trial = join(base, `errand-trial-${process.pid}`);
  try {
    await mkdir(trial);
  } catch {
    return false;
  }
  try {
    for (const name of await readdir(base)) {
      if (name.startsWith(groupPrefix) && isLeftover(name.slice(groupPrefix.length))) {
        await rmdir(join(base, name)).catch(() => undefined);
      }
    }
    return (
      (await readdir(trial)).includes("cgroup.procs") || (await words(join(base, "cgroup.procs"))).length > 0
    );
  } finally {
    await rmdir(trial).catch(() => undefined);
  }
}

async function words(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split(/\s+/).filter((word) => word !== "");
}
