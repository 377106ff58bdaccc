// A program without the sandbox: alone, and on a copy of the same tree that is made before and removed after.
import { spawn } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import path from "node:path";
import type { TreeArchive } from "../../src/core/sandbox.ts";
import { untar } from "../../test/support/untar.ts";

export type Argv = readonly [string, ...string[]];

/** Runs to the end; throws when it fails, so that nothing is timed that did not do its work. */
export async function runAlone([program, ...rest]: Argv, directory: string): Promise<void> {
  const env = { PATH: process.env["PATH"], HOME: directory, CI: "true" };
  const child = spawn(program, rest, { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.resume();
  child.stderr.resume();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}.`);
}

/** `dependencies`: folder to which the copy gets a link named node_modules. */
export async function runOnCopy(
  argv: Argv,
  copy: { readonly archive: TreeArchive; readonly root: string; readonly dependencies: string | null },
): Promise<void> {
  const directory = await mkdtemp(path.join(copy.root, "copy-"));
  try {
    await untar(copy.archive, directory);
    if (copy.dependencies !== null) await symlink(copy.dependencies, path.join(directory, "node_modules"));
    await runAlone(argv, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
