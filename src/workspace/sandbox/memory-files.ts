// What lies in a run's folders in memory, for machines where no control group counts it: the bytes, and what the kernel keeps for each file beside them.
import { readFile, statfs } from "node:fs/promises";
import { supervisorShell } from "./supervisor.ts";

export interface MemoryFiles {
  /** Files, folders and links. */
  readonly files: number;
  /** Bytes of memory: of what is in them, and the kernel's own. */
  readonly bytes: number;
}

/** The kernel's own of an empty file: 752 for it and 192 for its name (shmem_inode_cache and dentry in /proc/slabinfo, Linux 6), and a share of its folder. */
const kernelBytes = 1024;

/** All zero where process 1 of the sandbox is gone, or its folders are not all made yet: until then it sees this machine's, too. */
export async function memoryFiles(process1: number): Promise<MemoryFiles> {
  const program = await readFile(`/proc/${process1}/cmdline`, "latin1").catch(() => "");
  if (!program.startsWith(`${supervisorShell}\0`)) return { files: 0, bytes: 0 };
  const mounts = await readFile(`/proc/${process1}/mountinfo`, "utf8").catch(() => "");
  const folders = await Promise.all(
    foldersInMemory(mounts).map((folder) => sizeOf(`/proc/${process1}/root${folder}`)),
  );
  const files = sum(folders.map((folder) => folder.files));
  return { files, bytes: sum(folders.map((folder) => folder.bytes)) + files * kernelBytes };
}

/** Where file systems in memory can be written, by the text of /proc/PID/mountinfo: whole ones, and no file of this machine's that is bound there. */
function foldersInMemory(mountinfo: string): string[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root, folder, options] = before.split(" ");
    const written = root === "/" && options?.split(",").includes("rw") === true;
    return written && folder !== undefined && after.startsWith("tmpfs ") ? [unescaped(folder)] : [];
  });
}

/** Spaces and their like are written as "\040". */
function unescaped(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Of one that was moved since it was listed, nothing this time. */
async function sizeOf(folder: string): Promise<MemoryFiles> {
  const found = await statfs(folder).catch(() => null);
  if (found === null) return { files: 0, bytes: 0 };
  return { files: found.files - found.ffree, bytes: (found.blocks - found.bfree) * found.bsize };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
