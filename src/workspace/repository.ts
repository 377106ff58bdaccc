// Bare repositories made by hand: mirrors, and a workspace's own that borrows a mirror's objects and goes away with what is written in it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";
import { writeBlob } from "./objects.ts";

/** How git's messages and moved-aside files name the two sides: `file~ours`. */
export const sideNames = { head: "ours", base: "theirs" } as const;

/** Written into `info/attributes`, which wins over every `.gitattributes`: no path of the repository chooses how it is merged or filtered. */
const attributes =
  "* !merge !diff !filter !text !eol !crlf !working-tree-encoding !ident !whitespace !conflict-marker-size !delta !export-subst !export-ignore\n";

/** An empty bare repository. `git init` would do no more than this, and it takes a process and reads templates. */
export async function createBareRepository(gitDir: string): Promise<void> {
  for (const path of ["objects/info", "objects/pack", "info", "refs/heads"]) {
    await mkdir(join(gitDir, path), { recursive: true });
  }
  await writeFile(join(gitDir, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
  await writeFile(join(gitDir, "info", "attributes"), attributes);
  // No branch of that name exists: newer gits read attributes from HEAD in a bare repository.
  await writeFile(join(gitDir, "HEAD"), "ref: refs/heads/none\n");
}

/** A private repository that sees another one's objects: what is written into it goes away with it. */
export async function createBorrowingRepository(gitDir: string, otherDir: string): Promise<void> {
  await createBareRepository(gitDir);
  await writeFile(join(gitDir, "objects", "info", "alternates"), `${join(otherDir, "objects")}\n`);
}

/** A workspace's repository: the two commits are its branches, and their objects are the mirror's. */
export async function createRepository(
  gitDir: string,
  mirrorDir: string,
  commits: { readonly head: string; readonly base: string },
): Promise<void> {
  await createBorrowingRepository(gitDir, mirrorDir);
  await writeFile(join(gitDir, "refs", "heads", sideNames.head), `${commits.head}\n`);
  await writeFile(join(gitDir, "refs", "heads", sideNames.base), `${commits.base}\n`);
}

/** For git that has to see the large blobs and not their placeholders. */
export const asTheyAre = { GIT_NO_REPLACE_OBJECTS: "1" } as const;

/**
 * Lets git see a few bytes in place of each blob that is too large to fetch or to merge. The placeholder has a NUL, so git takes the
 * file for binary: it never merges it, and the conflict keeps the real names.
 */
export async function replaceLargeBlobs(git: Git, gitDir: string, oids: Iterable<string>): Promise<void> {
  const directory = join(gitDir, "refs", "replace");
  for (const oid of oids) {
    const placeholder = await writeBlob(git, Buffer.from(`\0too large: ${oid}\n`));
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, oid), `${placeholder}\n`);
  }
}
