// Replaces a file of a work tree: whole or not at all, and never outside the tree.
import { randomUUID } from "node:crypto";
import { chmod, lstat, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../core/errors.ts";
import { isTreePath } from "./paths.ts";

/**
 * Writes beside the file and moves it into place, with the permissions the file had. Throws `AppError("workspace")` when the path, or a directory on
 * the way to it, is a symbolic link, or when it is not there to be written.
 */
export async function replaceFile(
  root: string,
  path: string,
  bytes: Uint8Array,
  executable: boolean,
): Promise<void> {
  if (!isTreePath(path)) throw refused(path, "is not a path inside the work tree");
  const target = join(root, path);
  const directory = dirname(target);
  const real = await realpath(directory).catch(() => null);
  if (real === null || real !== join(await realpath(root), dirname(path))) {
    throw refused(path, "leads through a symbolic link or a directory that is not there");
  }
  const before = await lstat(target).catch(() => null);
  if (before !== null && !before.isFile()) throw refused(path, "is not a regular file in the work tree");
  const aside = join(directory, `.${basename(path).slice(0, 60)}.${randomUUID().slice(0, 8)}`);
  try {
    await writeFile(aside, bytes, { flag: "wx" });
    const mode = (before?.mode ?? 0o644) & 0o777;
    // Whoever may read it may run it, as git does it.
    await chmod(aside, executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111);
    await rename(aside, target);
  } finally {
    await rm(aside, { force: true });
  }
}

function refused(path: string, why: string): AppError {
  return new AppError("workspace", `${JSON.stringify(path)} ${why}, so it was not written.`, {
    retryable: false,
    remedy: "Resolve this file by hand.",
  });
}
