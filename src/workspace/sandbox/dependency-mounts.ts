// Which folders of installed dependencies are put where in a run.
import { chown, lstat, mkdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import type { DependencyMount } from "../../core/sandbox.ts";
import { isInside } from "./check-request.ts";

export interface Mount {
  readonly from: string;
  readonly to: string;
}

export interface DependencyPlaces {
  readonly readOnly: readonly Mount[];
  readonly writable: readonly Mount[];
  /** Folders inside, of mounted ones, that get an empty one in memory over them: tools write caches there and fail when they cannot. */
  readonly scratch: readonly string[];
  /** Folders of the project that are mounted, relative to it. */
  readonly mounted: readonly string[];
}

const none: DependencyPlaces = { readOnly: [], writable: [], scratch: [], mounted: [] };
/** Where tools keep caches inside of node_modules: babel and eslint; vite; vite before it renames. */
const cacheNames = [".cache", ".vite", ".vite-temp"];
/** Written by what fills the folder: which of its folders belong where in the project. */
const mountsFile = "mounts.json";
const mountsSchema = z.array(z.object({ from: z.string(), to: z.string() })).max(1000);

/** `owner`: who an install runs as; `null` where that is the worker's own user. */
export async function dependencyPlaces(
  cache: DependencyMount | null,
  owner: number | null,
): Promise<DependencyPlaces> {
  if (cache === null) return none;
  return cache.mode === "fill" ? await placesToFill(cache.directory, owner) : await placesToUse(cache);
}

async function placesToFill(directory: string, owner: number | null): Promise<DependencyPlaces> {
  const writable = [
    { from: join(directory, "project"), to: sandboxPaths.project },
    { from: join(directory, "dependencies"), to: sandboxPaths.dependencies },
  ];
  for (const { from } of writable) {
    await mkdir(from, { recursive: true });
    if (owner !== null) await chown(from, owner, owner);
  }
  return { ...none, writable };
}

async function placesToUse({ directory, places }: DependencyMount): Promise<DependencyPlaces> {
  const entries = inside(places ?? (await readMounts(directory)));
  const readOnly: Mount[] = [];
  const scratch: string[] = [];
  for (const { from, to } of entries) {
    const inside = `${sandboxPaths.project}/${to}`;
    readOnly.push({ from: await folderOf(directory, from), to: inside });
    for (const name of cacheNames) {
      if (await isFolder(join(directory, from, name))) scratch.push(`${inside}/${name}`);
    }
  }
  // A folder that no install of ours filled has what it is said to have, and nothing more.
  if (places === undefined && (await isFolder(join(directory, "dependencies")))) {
    readOnly.push({ from: await folderOf(directory, "dependencies"), to: sandboxPaths.dependencies });
  }
  return { readOnly, writable: [], scratch, mounted: entries.map(({ to }) => to) };
}

async function readMounts(directory: string): Promise<Mount[]> {
  const text = await readFile(join(directory, mountsFile), "utf8").catch(() => null);
  if (text === null) throw unusable("it was not filled to its end");
  return mountsSchema.parse(JSON.parse(text));
}

function inside(entries: readonly Mount[]): readonly Mount[] {
  if (entries.every(({ from, to }) => isInside(from) && isInside(to))) return entries;
  throw unusable("it names folders outside of it");
}

/** What an install wrote may be a link to anywhere on this machine: only what is really there is mounted. */
async function folderOf(directory: string, from: string): Promise<string> {
  const expected = join(await realpath(directory), from);
  const real = await realpath(join(directory, from)).catch(() => null);
  if (real !== expected || !(await isFolder(expected)))
    throw unusable("a folder of it is missing or is a link");
  return real;
}

async function isFolder(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function unusable(why: string): AppError {
  return new AppError("sandbox", `The installed dependencies cannot be used: ${why}.`, {
    retryable: false,
    remedy: "Remove the dependency folders in the sandbox's directory; they are installed again.",
  });
}
