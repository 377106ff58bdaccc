// Looks again and again at what a run uses, and says which limit it passed.
import type { SandboxLimit, SandboxLimits } from "../../core/sandbox.ts";
import type { ControlGroup } from "./cgroups.ts";
import { processTreeUsage } from "./process-tree.ts";

export interface Watched {
  readonly limits: SandboxLimits;
  readonly group: ControlGroup | null;
  /** What of the group's figures the kernel bounds; what it does not is read from the process tree. */
  readonly bounds: { readonly memory: boolean; readonly processes: boolean; readonly cpu: boolean };
  /** The process that all others of the run descend from. */
  readonly pid: number;
  /** Bytes and files of a folder that the run writes to. */
  readonly disk: (() => Promise<{ readonly bytes: number; readonly full: boolean }>) | null;
  readonly passed: (limit: SandboxLimit) => void;
}

interface Usage {
  readonly cpuMs: number | null;
  readonly peakMemoryBytes: number | null;
}

export interface Watch {
  readonly stop: () => void;
  /** Stops, and looks a last time at the group, which outlives its members. */
  readonly last: () => Promise<Usage & { readonly passed: SandboxLimit | null }>;
}

/** Between two looks: how much longer than its limit a run can be at it. */
const intervalMs = 100;
const diskEvery = 10;

export function watchLimits(watched: Watched): Watch {
  let looking = false;
  let looks = 0;
  const look = async (): Promise<void> => {
    const inGroup = await lookAtGroup(watched);
    const tree =
      watched.bounds.memory && watched.bounds.processes && watched.bounds.cpu ? null : await treeOf(watched);
    looks += 1;
    const disk = looks % diskEvery === 1 ? await watched.disk?.() : undefined;
    const limit =
      inGroup.passed ?? (tree === null ? null : passedByTree(tree, watched)) ?? passedByDisk(disk);
    if (limit !== null) watched.passed(limit);
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, intervalMs);
  const stop = (): void => {
    clearInterval(timer);
  };
  return {
    stop,
    last: async () => {
      stop();
      return await lookAtGroup(watched);
    },
  };
}

async function lookAtGroup({
  group,
  limits,
}: Watched): Promise<Usage & { readonly passed: SandboxLimit | null }> {
  if (group === null) return { cpuMs: null, peakMemoryBytes: null, passed: null };
  const usage = await group.usage();
  let passed: SandboxLimit | null = null;
  if (usage.outOfMemory) passed = "memory";
  else if (usage.outOfProcesses) passed = "processes";
  else if ((usage.cpuMs ?? 0) > limits.cpuMs) passed = "cpu";
  return { ...usage, passed };
}

async function treeOf({ pid, limits }: Watched) {
  return await processTreeUsage(pid, limits.memoryBytes);
}

function passedByTree(
  tree: Awaited<ReturnType<typeof treeOf>>,
  { limits, bounds }: Watched,
): SandboxLimit | null {
  if (!bounds.memory && tree.memoryBytes > limits.memoryBytes) return "memory";
  if (!bounds.processes && tree.processes >= limits.processes) return "processes";
  return !bounds.cpu && tree.cpuMs > limits.cpuMs ? "cpu" : null;
}

function passedByDisk(disk: { readonly full: boolean } | undefined): SandboxLimit | null {
  return disk?.full === true ? "disk" : null;
}
