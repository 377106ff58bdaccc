// What a process and all that descend from it use now, read from /proc: for machines where no control group counts it.
import { readdir, readFile } from "node:fs/promises";

export interface TreeUsage {
  /** Processes and threads. */
  readonly processes: number;
  /** Bytes in memory; what processes share is counted once where the kernel tells. */
  readonly memoryBytes: number;
  /** Milliseconds, those of ended children that were waited for among them. */
  readonly cpuMs: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly cpuTicks: number;
  readonly threads: number;
  readonly pages: number;
}

/** Of Linux on every machine that Node runs on: USER_HZ, and the page size as x64 and most arm64 have it. */
const tickMs = 10;
const pageBytes = 4096;

/** All zero where the process is gone. `memoryAbove`: from how many bytes on it is worth finding out what is shared, which takes the kernel long. */
export async function processTreeUsage(root: number, memoryAbove: number): Promise<TreeUsage> {
  const tree = treeOf(root, await allProcesses());
  const resident = sum(tree.map((one) => one.pages)) * pageBytes;
  return {
    processes: sum(tree.map((one) => one.threads)),
    cpuMs: sum(tree.map((one) => one.cpuTicks)) * tickMs,
    memoryBytes: resident <= memoryAbove ? resident : sum(await Promise.all(tree.map(proportionalBytes))),
  };
}

async function allProcesses(): Promise<Process[]> {
  const names = await readdir("/proc").catch(() => []);
  const found = await Promise.all(names.filter((name) => /^[0-9]+$/.test(name)).map(readProcess));
  return found.filter((one) => one !== null);
}

/** Fields of proc(5), /proc/PID/stat, by their number there. The second, a name in brackets, may hold anything. */
async function readProcess(name: string): Promise<Process | null> {
  const text = await readFile(`/proc/${name}/stat`, "latin1").catch(() => "");
  const rest = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const at = (field: number): number => Number(rest[field - 3] ?? 0);
  if (rest.length < 24) return null;
  return {
    pid: Number(name),
    parent: at(4),
    cpuTicks: at(14) + at(15) + at(16) + at(17),
    threads: at(20),
    pages: at(24),
  };
}

function treeOf(root: number, processes: readonly Process[]): Process[] {
  const children = new Map<number, Process[]>();
  for (const one of processes) children.set(one.parent, [...(children.get(one.parent) ?? []), one]);
  const tree = processes.filter((one) => one.pid === root);
  for (const one of tree) tree.push(...(children.get(one.pid) ?? []));
  return tree;
}

async function proportionalBytes(one: Process): Promise<number> {
  const text = await readFile(`/proc/${one.pid}/smaps_rollup`, "latin1").catch(() => "");
  const kilobytes = /^Pss: +([0-9]+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? one.pages * pageBytes : Number(kilobytes) * 1024;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
