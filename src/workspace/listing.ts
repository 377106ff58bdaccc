// A tree's entries as git lists them, bounded: a few kilobytes of objects can name millions of paths.
import { AppError } from "../core/errors.ts";
import type { Git } from "./git.ts";
import { must } from "./git.ts";
import type { WorkspaceLimits } from "./limits.ts";

export interface TreeEntry {
  /** As git writes it for any tree: 100644, 100755, 120000 (link), 160000 (submodule), 040000 (folder). */
  readonly mode: string;
  readonly oid: string;
  /** Bytes of a file; `null` for what is none, or is not here. */
  readonly size: number | null;
  /** The path's bytes, one character per byte: any name can be told from any other. */
  readonly rawPath: string;
}

export type ListingLimits = Pick<WorkspaceLimits, "treePaths" | "listingBytes">;

export const folderMode = "040000";
export const submoduleMode = "160000";

/**
 * Every entry of a tree, folders before what is in them. Throws `AppError("workspace")` over `limits.treePaths` files, or folders, and for what is no tree.
 */
export async function listEntries(git: Git, tree: string, limits: ListingLimits): Promise<TreeEntry[]> {
  // Folders are listed too, so that ones without a file in them cannot go on for ever unseen.
  const result = await git(["ls-tree", "-r", "-t", "-l", "-z", "--full-tree", treeName(tree)], {
    maxOutputBytes: limits.listingBytes,
  });
  if (result.stopped === "output") throw tooManyPaths(limits.treePaths);
  const entries = parseEntries(await must(Promise.resolve(result), "listing a tree"));
  const folders = entries.filter(({ mode }) => mode === folderMode).length;
  if (Math.max(folders, entries.length - folders) > limits.treePaths) throw tooManyPaths(limits.treePaths);
  return entries;
}

/** Every path of a tree, folders left out, in git's order. Names that are no UTF-8 come with U+FFFD. Throws as `listEntries` does. */
export async function listPaths(git: Git, tree: string, limits: ListingLimits): Promise<string[]> {
  const entries = await listEntries(git, tree, limits);
  return entries.filter(({ mode }) => mode !== folderMode).map(({ rawPath }) => pathOf(rawPath));
}

export function pathOf(rawPath: string): string {
  return Buffer.from(rawPath, "latin1").toString("utf8");
}

/** The name of a tree, for an argument list. Throws for anything but an object's full name. */
export function treeName(tree: string): string {
  if (!/^[0-9a-f]{40}$/.test(tree)) throw new Error("Not a tree's full name.");
  return tree;
}

/** Records of `MODE TYPE OID SIZE<tab>PATH`: the size is padded, "-" for what is no file, "BAD" for one that is not here. */
function parseEntries(output: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  for (let end = output.indexOf(0); end >= 0; end = output.indexOf(0, at)) {
    const record = output.toString("latin1", at, end);
    at = end + 1;
    const tab = record.indexOf("\t");
    const [mode = "", , oid = "", size = ""] = record.slice(0, tab).split(/ +/);
    entries.push({
      mode,
      oid,
      size: /^\d+$/.test(size) ? Number(size) : null,
      rawPath: record.slice(tab + 1),
    });
  }
  return entries;
}

function tooManyPaths(paths: number): AppError {
  return new AppError(
    "workspace",
    `The repository has more files than Errand reads as a whole (${paths.toLocaleString("en")}).`,
    { retryable: false, remedy: "Run its checks by hand, or where they usually run." },
  );
}
