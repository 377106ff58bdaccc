// Unpacks an archive with GNU tar while it is made.
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TreeArchive } from "../../src/core/sandbox.ts";

/** Throws what the archive throws, or that tar failed. */
export async function untar(archive: TreeArchive, directory: string): Promise<void> {
  const tar = spawn("tar", ["-x", "-p", "-f", "-", "-C", directory], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = once(tar, "close");
  // Tar ends when it has seen the end of the archive, and leaves padding behind that unread.
  tar.stdin.on("error", () => undefined);
  try {
    for await (const chunk of archive()) {
      if (!tar.stdin.writable) break;
      if (!tar.stdin.write(chunk)) await Promise.race([once(tar.stdin, "drain"), ended]);
    }
  } finally {
    tar.stdin.end();
    await ended;
  }
  if (tar.exitCode !== 0) throw new Error("The archive could not be unpacked.");
}
