// What an archive holds, as GNU tar unpacks it, and what git says that the tree holds: written alike, so that both can be compared.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TreeArchive } from "../../src/core/sandbox.ts";
import { untar } from "../support/untar.ts";

/** "MODE OID" by path, one character per byte; submodules are "160000". */
type Entries = Record<string, string>;

/** Unpacks into a folder under `root` that is gone afterwards. */
export async function unpacked(archive: TreeArchive, root: string): Promise<Entries> {
  const directory = mkdtempSync(join(root, "unpacked-"));
  try {
    await untar(archive, directory);
    return Object.fromEntries(entriesIn(Buffer.from(directory), ""));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function entriesIn(directory: Buffer, above: string): [string, string][] {
  return readdirSync(directory, { encoding: "buffer" }).flatMap((name): [string, string][] => {
    const path = above + name.toString("latin1");
    const full = Buffer.concat([directory, Buffer.from("/"), name]);
    const stats = lstatSync(full);
    if (stats.isSymbolicLink())
      return [[path, `120000 ${oidOf(readlinkSync(full, { encoding: "buffer" }))}`]];
    if (stats.isFile())
      return [[path, `100${(stats.mode & 0o7777).toString(8)} ${oidOf(readFileSync(full))}`]];
    const inside = entriesIn(full, `${path}/`);
    return inside.length === 0 ? [[path, "160000"]] : inside;
  });
}

function oidOf(bytes: Buffer): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** What git says of a tree in a bare repository. */
export function listed(gitDir: string, tree: string): Entries {
  const output = execFileSync("git", ["--git-dir", gitDir, "ls-tree", "-r", "-z", "--full-tree", tree]);
  const records = output.toString("latin1").split("\0").slice(0, -1);
  return Object.fromEntries(
    records.map((record) => {
      const tab = record.indexOf("\t");
      const [mode = "", , oid = ""] = record.slice(0, tab).split(" ");
      return [record.slice(tab + 1), mode === "160000" ? mode : `${mode} ${oid}`];
    }),
  );
}

/** Bytes of a whole archive, read and forgotten. */
export async function sizeOf(archive: TreeArchive): Promise<number> {
  let bytes = 0;
  for await (const chunk of archive()) bytes += chunk.length;
  return bytes;
}
