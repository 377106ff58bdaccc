// Which file contents a merge will read, so that a partial clone can fetch all of them in one request.
import type { Git } from "./git.ts";
import { must } from "./git.ts";
import { diffTrees } from "./tree-diff.ts";
import type { RawChange } from "./tree-diff.ts";

/** Criss-cross histories merge the merge bases first, and theirs before; deeper than this git fetches for itself. */
const maxDepth = 3;

/** All merge bases of two commits; several in a criss-cross history, none when the histories are unrelated. */
export async function mergeBases(git: Git, one: string, other: string): Promise<string[]> {
  const found = await git(["merge-base", "--all", one, other]);
  if (found.code === 1) return [];
  const output = await must(Promise.resolve(found), "looking for the merge base");
  return output.toString("latin1").trim().split("\n");
}

/** Blobs that merging two commits needs: never too few in the usual case, seldom too many. Submodules are left out. */
export async function mergeCandidates(
  git: Git,
  sides: { readonly ours: string; readonly theirs: string },
  bases: readonly string[],
  depth = 0,
): Promise<Set<string>> {
  const wanted = new Set<string>();
  for (const base of bases) {
    const [ours, theirs] = await Promise.all([
      diffTrees(git, base, sides.ours),
      diffTrees(git, base, sides.theirs),
    ]);
    for (const oid of candidatesOf(ours, theirs)) wanted.add(oid);
  }
  if (bases.length < 2 || depth >= maxDepth) return wanted;
  for (const [index, theirs] of bases.entries()) {
    const ours = bases[index - 1];
    if (ours === undefined) continue;
    const inner = await mergeBases(git, ours, theirs);
    for (const oid of await mergeCandidates(git, { ours, theirs }, inner, depth + 1)) wanted.add(oid);
  }
  return wanted;
}

function candidatesOf(ours: readonly RawChange[], theirs: readonly RawChange[]): Set<string> {
  const wanted = new Set<string>();
  const oursByPath = new Map(ours.map((change) => [change.rawPath, change]));
  for (const change of theirs) {
    const other = oursByPath.get(change.rawPath);
    if (other === undefined || sameResult(change, other)) continue;
    addBlobs(wanted, change, other);
  }
  addRenames(wanted, ours, theirs);
  addRenames(wanted, theirs, ours);
  return wanted;
}

function sameResult(one: RawChange, other: RawChange): boolean {
  return one.newOid === other.newOid && one.newMode === other.newMode;
}

function addBlobs(wanted: Set<string>, ...changes: readonly RawChange[]): void {
  for (const change of changes) {
    if (isFile(change.oldMode)) wanted.add(change.oldOid);
    if (isFile(change.newMode)) wanted.add(change.newOid);
  }
}

/** Git compares a file that one side removed with every file that side added, if the answer matters to the other side's changes. */
function addRenames(wanted: Set<string>, side: readonly RawChange[], other: readonly RawChange[]): void {
  const added = side.filter((change) => change.status === "A" && isFile(change.newMode));
  if (added.length === 0) return;
  const addedOids = new Set(added.map((change) => change.newOid));
  const touched = new Set(other.filter((change) => change.status !== "A").map((change) => change.rawPath));
  const newDirectories = new Set(
    other.filter((change) => change.status === "A").flatMap((change) => directoriesOf(change.rawPath)),
  );
  const sources = side.filter(
    (change) =>
      change.status === "D" &&
      isFile(change.oldMode) &&
      // The same contents under a new name are recognised by their name in the object store.
      !addedOids.has(change.oldOid) &&
      (touched.has(change.rawPath) || directoriesOf(change.rawPath).some((path) => newDirectories.has(path))),
  );
  if (sources.length > 0) addBlobs(wanted, ...sources, ...added);
}

/** Every directory above a path, the root left out. */
function directoriesOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function isFile(mode: string): boolean {
  return mode.startsWith("100") || mode === "120000";
}
