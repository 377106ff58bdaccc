// What `errand calibrate --write` leaves for `errand resolve`: one file in git's own directory, safe to delete.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { LocalCounts, Remembered, mostResolutions } from "../core/memory.ts";

const Memory = z.object({ version: z.literal(1), counts: LocalCounts, resolutions: z.array(Remembered) });

export interface LocalMemory {
  readonly counts: LocalCounts;
  readonly resolutions: readonly Remembered[];
}

const fileIn = (gitDirectory: string): string => path.join(gitDirectory, "errand", "memory.json");

/** What is remembered; nothing where there is no file, or none that this version reads. */
export async function readLocalMemory(gitDirectory: string): Promise<LocalMemory> {
  try {
    return Memory.parse(JSON.parse(await readFile(fileIn(gitDirectory), "utf8")));
  } catch {
    return { counts: {}, resolutions: [] };
  }
}

/** Replaces what was remembered before; of more than 2,000 resolutions the newest stay. Returns the file's path. */
export async function writeLocalMemory(
  gitDirectory: string,
  { counts, resolutions }: LocalMemory,
): Promise<string> {
  const file = fileIn(gitDirectory);
  const newest = [...resolutions].sort((one, other) => other.lastAt - one.lastAt).slice(0, mostResolutions);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  // Written aside and moved into place: nobody reads half a file.
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, JSON.stringify({ version: 1, counts, resolutions: newest }), { mode: 0o600 });
  await rename(aside, file);
  return file;
}
