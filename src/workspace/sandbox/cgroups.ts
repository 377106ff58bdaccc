// Control groups of Linux: what counts and bounds the memory, processes and processor time of a run. Both generations; where none is writable, none is used.
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { SandboxLimits } from "../../core/sandbox.ts";
import { findLegacyBases, findUnifiedBase, groupName } from "./cgroup-bases.ts";
import type { ControlBases } from "./cgroup-bases.ts";
import { errorCode } from "./scratch.ts";

/** Where this machine's groups are; elsewhere in tests. */
export interface ControlGroupPlaces {
  /** "/sys/fs/cgroup" */
  readonly root: string;
  /** Text of "/proc/self/cgroup". */
  readonly own: string;
  readonly pid: number;
}

interface ControlGroupUsage {
  readonly cpuMs: number | null;
  readonly peakMemoryBytes: number | null;
  /** The kernel ended a process for want of memory. */
  readonly outOfMemory: boolean;
  /** A process was refused because there were too many. */
  readonly outOfProcesses: boolean;
}

/** The group of one run. */
export interface ControlGroup {
  /** Files that a process writes "0" to, to become a member; all that it starts is a member too. */
  readonly joins: readonly string[];
  readonly usage: () => Promise<ControlGroupUsage>;
  /** Waits until no member is left; gives up after some seconds, with `false`. */
  readonly remove: () => Promise<boolean>;
}

export interface ControlGroups {
  readonly generation: 1 | 2;
  readonly bounds: { readonly memory: boolean; readonly processes: boolean; readonly cpu: boolean };
  readonly create: (limits: SandboxLimits) => Promise<ControlGroup>;
}

/** Processes of the sandbox itself: bubblewrap and the supervisor, and what that uses to read files. */
const ownProcesses = 4;

/** `null` where no group can be made or none would bound anything. */
export async function openControlGroups(places: ControlGroupPlaces): Promise<ControlGroups | null> {
  const unified = await findUnifiedBase(places);
  if (unified !== null) return controlGroups(2, { memory: unified, pids: unified, cpu: unified });
  const legacy = await findLegacyBases(places);
  return legacy === null ? null : controlGroups(1, legacy);
}

function controlGroups(generation: 1 | 2, bases: ControlBases): ControlGroups {
  return {
    generation,
    bounds: { memory: bases.memory !== null, processes: bases.pids !== null, cpu: bases.cpu !== null },
    create: async (limits) => {
      const name = groupName(process.pid);
      const groups = {
        memory: bases.memory === null ? null : join(bases.memory, name),
        pids: bases.pids === null ? null : join(bases.pids, name),
        cpu: bases.cpu === null ? null : join(bases.cpu, name),
      };
      const folders = [...new Set(Object.values(groups))].filter((folder) => folder !== null);
      try {
        await Promise.all(folders.map((folder) => mkdir(folder)));
        await (generation === 2 ? boundUnified(groups.memory, limits) : boundLegacy(groups.memory, limits));
        if (groups.pids !== null) {
          await writeFile(join(groups.pids, "pids.max"), String(limits.processes + ownProcesses));
        }
      } catch (error) {
        await removeAll(folders);
        throw error;
      }
      return {
        joins: folders.map((folder) => join(folder, "cgroup.procs")),
        usage: () => (generation === 2 ? unifiedUsage(groups) : legacyUsage(groups)),
        remove: () => removeAll(folders),
      };
    },
  };
}

async function boundUnified(folder: string | null, limits: SandboxLimits): Promise<void> {
  if (folder === null) return;
  await writeFile(join(folder, "memory.max"), String(limits.memoryBytes));
  await Promise.all([
    // A run that is out of memory is over as a whole. These two are younger than the rest, or depend on how the kernel was built.
    optional(writeFile(join(folder, "memory.oom.group"), "1")),
    optional(writeFile(join(folder, "memory.swap.max"), "0")),
  ]);
}

async function boundLegacy(folder: string | null, limits: SandboxLimits): Promise<void> {
  if (folder === null) return;
  await writeFile(join(folder, "memory.limit_in_bytes"), String(limits.memoryBytes));
  // Memory and swap together; there only where the kernel counts swap.
  await optional(writeFile(join(folder, "memory.memsw.limit_in_bytes"), String(limits.memoryBytes)));
}

type GroupFolders = ControlBases;

async function unifiedUsage(groups: GroupFolders): Promise<ControlGroupUsage> {
  const [cpu, peak, events, refusals] = await Promise.all([
    field(groups.cpu, "cpu.stat", "usage_usec"),
    whole(groups.memory, "memory.peak"),
    field(groups.memory, "memory.events", "oom_kill"),
    field(groups.pids, "pids.events", "max"),
  ]);
  return {
    cpuMs: cpu === null ? null : cpu / 1e3,
    peakMemoryBytes: peak,
    outOfMemory: (events ?? 0) > 0,
    outOfProcesses: (refusals ?? 0) > 0,
  };
}

async function legacyUsage(groups: GroupFolders): Promise<ControlGroupUsage> {
  const [cpu, peak, kills, refusals] = await Promise.all([
    whole(groups.cpu, "cpuacct.usage"),
    whole(groups.memory, "memory.max_usage_in_bytes"),
    field(groups.memory, "memory.oom_control", "oom_kill"),
    field(groups.pids, "pids.events", "max"),
  ]);
  return {
    cpuMs: cpu === null ? null : cpu / 1e6,
    peakMemoryBytes: peak,
    outOfMemory: (kills ?? 0) > 0,
    outOfProcesses: (refusals ?? 0) > 0,
  };
}

async function whole(folder: string | null, file: string): Promise<number | null> {
  const text = await readGroupFile(folder, file);
  return text !== null && /^[0-9]+\s*$/.test(text) ? Number(text) : null;
}

/** The number behind a name, one of each a line. */
async function field(folder: string | null, file: string, name: string): Promise<number | null> {
  const text = await readGroupFile(folder, file);
  const line = text?.split("\n").find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? null : Number(line.slice(name.length + 1));
}

async function readGroupFile(folder: string | null, file: string): Promise<string | null> {
  return folder === null ? null : await readFile(join(folder, file), "utf8").catch(() => null);
}

async function optional(write: Promise<void>): Promise<void> {
  await write.catch(() => undefined);
}

/** A group can be removed once its last member has been reaped, which is some milliseconds after the end of a run. */
async function removeAll(folders: readonly string[]): Promise<boolean> {
  const gone = await Promise.all(folders.map((folder) => removeGroup(folder)));
  return gone.every(Boolean);
}

async function removeGroup(folder: string): Promise<boolean> {
  for (let waitMs = 1; waitMs < 3000; waitMs *= 2) {
    try {
      await rmdir(folder);
      return true;
    } catch (error) {
      if (errorCode(error) === "ENOENT") return true;
      await pause(waitMs);
    }
  }
  return false;
}
