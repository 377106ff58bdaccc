// Looks again and again at what a run uses, and says which limit it passed.
import type { SandboxLimit, SandboxLimits } from "../../core/sandbox.ts";
import type { ControlGroup } from "./cgroups.ts";
import { memoryFiles } from "./memory-files.ts";
import { processTreeUsage } from "./process-tree.ts";

export interface Watched {
  readonly limits: SandboxLimits;
  readonly group: ControlGroup | null;
  /** What of the group's figures the kernel bounds; what it does not is read from the process tree. */
  readonly bounds: { readonly memory: boolean; readonly processes: boolean; readonly cpu: boolean };
  /** The process that all others of the run descend from. */
  readonly pid: number;
  /** Process 1 of the sandbox, whose folders are those of the run; `null` while it is not known, and where there is no sandbox. */
  readonly process1: () => number | null;
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
  /** Stops, waits for a look that is under way, and looks a last time at the group, which outlives its members. */
  readonly last: () => Promise<Usage & { readonly passed: SandboxLimit | null }>;
}

/** Between two looks: how much longer than its limit a run can be at it. */
const intervalMs = 100;
const diskEvery = 10;
/**
 * Files, empty ones too, that a run may have in memory where no control group counts what the kernel keeps for them: what the largest of real projects
 * have, and some 200 MB.
 */
const mostMemoryFiles = 200_000;

export function watchLimits(watched: Watched): Watch {
  let looking: Promise<void> | null = null;
  let looks = 0;
  const look = async (): Promise<void> => {
    const inGroup = await lookAtGroup(watched);
    const bounded = watched.bounds.memory && watched.bounds.processes && watched.bounds.cpu;
    const seen = inGroup.passed ?? (bounded ? null : await lookAround(watched));
    looks += 1;
    const disk = looks % diskEvery === 1 ? await watched.disk?.() : undefined;
    const limit = seen ?? (disk?.full === true ? "disk" : null);
    if (limit !== null) watched.passed(limit);
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
    });
  }, intervalMs);
  const stop = (): void => {
    clearInterval(timer);
  };
  return {
    stop,
    last: async () => {
      stop();
      await looking;
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

/** For what no group bounds. */
async function lookAround({ pid, process1, limits, bounds }: Watched): Promise<SandboxLimit | null> {
  const root = bounds.memory ? null : process1();
  const inMemory = root === null ? { files: 0, bytes: 0 } : await memoryFiles(root);
  const tree = await processTreeUsage(pid, limits.memoryBytes - inMemory.bytes);
  // First: too many processes take too much memory, too, and seldom the other way round.
  if (!bounds.processes && tree.processes >= limits.processes) return "processes";
  // A file that a process has mapped counts twice: a limit too early is better than none.
  if (!bounds.memory && tree.memoryBytes + inMemory.bytes > limits.memoryBytes) return "memory";
  if (!bounds.cpu && tree.cpuMs > limits.cpuMs) return "cpu";
  return inMemory.files > mostMemoryFiles ? "disk" : null;
}
