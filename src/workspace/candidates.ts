// Which file contents a merge will read, so that a partial clone can fetch all of them in one request.
import type { Git } from "./git.ts";
import { must } from "./git.ts";
import { defaultLimits } from "./limits.ts";
import type { WorkspaceLimits } from "./limits.ts";
import type { RawChange } from "./raw-changes.ts";
import { tooManyFiles } from "./too-many-files.ts";
import { diffTrees } from "./tree-diff.ts";

type CandidateLimits = Pick<
  WorkspaceLimits,
  "changedPaths" | "listingBytes" | "patienceMs" | "mergeBases" | "comparisons"
>;

/** All merge bases of two commits; several in a criss-cross history, none when the histories are unrelated. */
export async function mergeBases(git: Git, one: string, other: string): Promise<string[]> {
  const found = await git(["merge-base", "--all", one, other]);
  if (found.code === 1) return [];
  const output = await must(Promise.resolve(found), "looking for the merge base");
  return output.toString("latin1").trim().split("\n");
}

/**
 * Blobs that merging two commits needs: never too few in the usual case, seldom too many. Submodules are left out. What a criss-cross
 * history needs beyond `limits.mergeBases` and `limits.comparisons` is left out too: git fetches it for itself. Throws
 * `AppError("workspace")` when a side differs in more than `limits.changedPaths`, or that many blobs are needed.
 */
export async function mergeCandidates(
  git: Git,
  sides: Sides,
  bases: readonly string[],
  limits: CandidateLimits = defaultLimits,
): Promise<ReadonlySet<string>> {
  const wanted = new Set<string>();
  await addCandidates(git, sides, bases, { wanted, limits, comparisons: 0 });
  return wanted;
}

interface Sides {
  readonly ours: string;
  readonly theirs: string;
}

interface Search {
  readonly wanted: Set<string>;
  readonly limits: CandidateLimits;
  /** Made so far. */
  comparisons: number;
}

async function addCandidates(
  git: Git,
  sides: Sides,
  bases: readonly string[],
  search: Search,
): Promise<void> {
  const { wanted, limits } = search;
  if (bases.length > limits.mergeBases) return;
  for (const base of bases) {
    if (search.comparisons === limits.comparisons) return;
    search.comparisons++;
    // One after the other: each list may be long.
    const ours = await diffTrees(git, base, sides.ours, limits);
    const theirs = await diffTrees(git, base, sides.theirs, limits);
    addCandidatesOf(wanted, ours, theirs);
    if (wanted.size > limits.changedPaths) throw tooManyFiles(limits.changedPaths);
  }
  // Several merge bases are merged first, and theirs before.
  for (const [index, theirs] of bases.entries()) {
    const ours = bases[index - 1];
    if (ours === undefined || search.comparisons === limits.comparisons) continue;
    await addCandidates(git, { ours, theirs }, await mergeBases(git, ours, theirs), search);
  }
}

function addCandidatesOf(
  wanted: Set<string>,
  ours: readonly RawChange[],
  theirs: readonly RawChange[],
): void {
  const oursByPath = new Map(ours.map((change) => [change.rawPath, change]));
  for (const change of theirs) {
    const other = oursByPath.get(change.rawPath);
    if (other === undefined || sameResult(change, other)) continue;
    addBlobs(wanted, [change, other]);
  }
  addRenames(wanted, ours, theirs);
  addRenames(wanted, theirs, ours);
}

function sameResult(one: RawChange, other: RawChange): boolean {
  return one.newOid === other.newOid && one.newMode === other.newMode;
}

function addBlobs(wanted: Set<string>, changes: Iterable<RawChange>): void {
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
  const grown = new Set(
    other.filter((change) => change.status === "A").map((change) => topDirectory(change.rawPath)),
  );
  const isGrown = (directory: string | null) => directory !== null && grown.has(directory);
  const sources = side.filter(
    (change) =>
      change.status === "D" &&
      isFile(change.oldMode) &&
      // The same contents under a new name are recognised by their name in the object store.
      !addedOids.has(change.oldOid) &&
      (touched.has(change.rawPath) || isGrown(topDirectory(change.rawPath))),
  );
  if (sources.length === 0) return;
  addBlobs(wanted, sources);
  addBlobs(wanted, added);
}

/** Paths that have any directory in common have this one; `null` at the root. */
function topDirectory(path: string): string | null {
  const end = path.indexOf("/");
  return end < 0 ? null : path.slice(0, end);
}

function isFile(mode: string): boolean {
  return mode.startsWith("100") || mode === "120000";
}
