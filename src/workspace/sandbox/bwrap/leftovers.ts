// What a worker that was killed can leave of bubblewrap: its inner half, when the outer one dies before it has said "go on". It waits for ever, and runs nothing.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** Ends them: those with `mark`, an argument that only runs of this directory have, whose outer half is gone. */
export async function endLeftovers(bwrap: string, mark: string): Promise<void> {
  const names = (await readdir("/proc")).filter((name) => /^[1-9][0-9]*$/.test(name));
  for (const name of names) {
    const words = await commandLine(name);
    if (words[0] !== bwrap || !words.includes(mark)) continue;
    if (await waitsAlone(name, bwrap)) await end(Number(name));
  }
}

/** Process 1 of a namespace, and its parent is not bubblewrap any more. */
async function waitsAlone(name: string, bwrap: string): Promise<boolean> {
  const status = await read(name, "status");
  const parent = /^PPid:\t([0-9]+)$/m.exec(status)?.[1];
  const first = /^NSpid:\t.*\t1$/m.test(status);
  return first && parent !== undefined && (await commandLine(parent))[0] !== bwrap;
}

async function end(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGKILL");
    for (let waits = 0; waits < 50 && (await commandLine(String(pid))).length > 1; waits += 1) await pause(5);
  } catch {
    // It has ended in between, or is somebody else's.
  }
}

async function commandLine(name: string): Promise<string[]> {
  return (await read(name, "cmdline")).split("\0");
}

async function read(name: string, file: string): Promise<string> {
  return await readFile(`/proc/${name}/${file}`, "utf8").catch(() => "");
}
