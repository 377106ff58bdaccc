// Descriptors that this process was started with and that its children would get too: Node marks its own, but not those.
import { readdir, readFile } from "node:fs/promises";

/** O_CLOEXEC of Linux on x64 and arm64, as `flags` of /proc/PID/fdinfo shows it. */
const closedOnExec = 0o2000000;
/** Standard input, output and error are replaced for each child. */
const lowest = 3;

export async function inheritedDescriptors(): Promise<number[]> {
  const names = (await readdir("/proc/self/fd")).filter((name) => Number(name) >= lowest);
  const found = await Promise.all(names.map(async (name) => ((await isKept(name)) ? Number(name) : null)));
  return found.filter((descriptor) => descriptor !== null);
}

async function isKept(name: string): Promise<boolean> {
  // It may have been closed since it was listed.
  const text = await readFile(`/proc/self/fdinfo/${name}`, "latin1").catch(() => "");
  const flags = /^flags:\s*([0-7]+)$/m.exec(text)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & closedOnExec) === 0;
}
