// The few programs of the machine that tidy a folder which a sandbox wrote: they take any name, any depth, and follow no link.
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };

/** What the program writes. Rejects where it fails. Nothing else may be at work in the folder. */
export async function runTool(program: string, ...argv: readonly string[]): Promise<Buffer> {
  const options = { env: environment, encoding: "buffer", maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout } = await execute(program, [...argv], options);
  return stdout;
}

/** Removes a folder with all that is in it, closed folders included. Nothing where it is not there. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    // A folder that its owner may not write to (a cache of Go modules is), names that are no UTF-8, or paths too long for one call.
    await runTool("chmod", "-R", "u+rwX", "--", path).catch(() => undefined);
    await runTool("rm", "-rf", "--one-file-system", "--", path);
  }
}
