// A folder of this process alone, with a file beside it that names the process: what a killed one left is told by that, and removed by whoever comes next.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { claim, isHeld } from "./lock.ts";

export interface OwnFolder {
  readonly folder: string;
  /** Never throws. */
  readonly dispose: () => Promise<void>;
}

const ownerEnd = ".owner";

/** An empty folder under `parent` whose name begins with `prefix`; those of the same prefix whose processes are dead are gone then. */
export async function takeFolder(parent: string, prefix: string): Promise<OwnFolder> {
  await removeLeft(parent, prefix);
  const folder = join(parent, `${prefix}${randomUUID()}`);
  // The owner's file is there before the folder, and goes after it: nobody takes one for left that is in use.
  const release = await claim(`${folder}${ownerEnd}`);
  if (release === null) throw new Error("A random name was taken twice.");
  const dispose = async () => {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    await release().catch(() => undefined);
  };
  try {
    await mkdir(folder, { mode: 0o700 });
    return { folder, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What cannot be removed is another user's, or goes the next time. */
async function removeLeft(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || !name.endsWith(ownerEnd)) continue;
    const owner = join(parent, name);
    if (await isHeld(owner)) continue;
    await rm(owner.slice(0, -ownerEnd.length), { recursive: true, force: true })
      .then(() => rm(owner, { force: true }))
      .catch(() => undefined);
  }
}
