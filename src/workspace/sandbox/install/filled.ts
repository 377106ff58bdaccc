// What a folder of dependencies is after an install: the folders to mount, and nothing else of the project.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { removeTree, runTool } from "./tools.ts";

/** Inside a folder of dependencies: what an install sees as the project, and as `sandboxPaths.dependencies`. */
const filledPaths = { project: "project", dependencies: "dependencies" } as const;

/** Folders of the project that hold what was installed. */
const installed = ["node_modules", ".venv"];
/** Tools write here beside the packages: empty, so that something writable can be mounted on each. */
const writable = [".cache", ".vite", ".vite-temp"];
const mountsFile = "mounts.json";
/** Each is a mount of its own, and an argument of bubblewrap, which takes 9,000. */
const mostMounts = 1_000;

/** How many bytes it had on the disk when it was filled. */
const sizeFile = "bytes";

/** Bytes of a folder that was filled; `null` where it never was. */
export async function bytesOfFilled(directory: string): Promise<number | null> {
  const text = await readFile(join(directory, sizeFile), "utf8").catch(() => null);
  return text === null ? null : Number.parseInt(text, 10);
}

/** Written last of all. The time of its last change says when the folder was last used. */
export function filledFile(directory: string): string {
  return join(directory, mountsFile);
}

/** The empty folders that an install writes to. Readable by all who know the path: another user of the range may run with it later. */
export async function prepareFill(directory: string): Promise<void> {
  await mkdir(directory, { mode: 0o755 });
  for (const name of Object.values(filledPaths)) await mkdir(join(directory, name), { mode: 0o755 });
}

/**
 * Keeps of the project what was installed, takes every owner, closed door, set-user bit and special file away, and writes down what there is to mount.
 * All processes of the install are gone. Rejects where the machine's tools fail or there are too many folders to mount.
 */
export async function finishFill(directory: string): Promise<{ readonly bytes: number }> {
  // A folder that its owner may not enter would stop all that follows, where that is not root.
  await runTool("chmod", "-R", "u+rwX", "--", directory);
  await runTool(
    "find",
    directory,
    "-xdev",
    "!",
    "-type",
    "f",
    "!",
    "-type",
    "d",
    "!",
    "-type",
    "l",
    "-delete",
  );
  if (process.getuid?.() === 0) await runTool("chown", "-hR", "0:0", "--", directory);
  await runTool("chmod", "-R", "u+rwX,go+rX,go-w,a-st", "--", directory);
  const mounts = await keepInstalled(directory);
  if (mounts.includes("node_modules"))
    await makeWritable(join(directory, filledPaths.project, "node_modules"));
  const size = await runTool("du", "-s", "-B1", "--", directory);
  const bytes = Number.parseInt(size.toString(), 10);
  await writeFile(join(directory, sizeFile), String(bytes), { mode: 0o644 });
  const entries = mounts.map((path) => ({ from: `${filledPaths.project}/${path}`, to: path }));
  await writeFile(filledFile(directory), JSON.stringify(entries), { mode: 0o644 });
  return { bytes };
}

async function keepInstalled(directory: string): Promise<string[]> {
  const project = join(directory, filledPaths.project);
  const names = installed.flatMap((name) => ["-o", "-name", name]).slice(1);
  const found = await runTool(
    "find",
    project,
    "-mindepth",
    "1",
    "-type",
    "d",
    "(",
    ...names,
    ")",
    "-prune",
    "-printf",
    "%P\\0",
  );
  const mounts = found
    .toString()
    .split("\0")
    .filter((path) => path !== "" && !path.includes("\uFFFD"))
    .sort();
  if (mounts.length > mostMounts) throw new Error(`more than ${mostMounts} folders of packages`);
  const kept = join(directory, "kept");
  await mkdir(kept, { mode: 0o755 });
  for (const path of mounts) {
    await mkdir(dirname(join(kept, path)), { recursive: true, mode: 0o755 });
    await rename(join(project, path), join(kept, path));
  }
  await removeTree(project);
  await rename(kept, project);
  return mounts;
}

async function makeWritable(modules: string): Promise<void> {
  for (const name of writable) {
    await rm(join(modules, name), { recursive: true, force: true });
    await mkdir(join(modules, name), { mode: 0o755 });
  }
}
