// How many paths differ between two trees, counted without listing them: a tree that occurs at many places is looked at once a level.
import type { Git } from "./git.ts";
import { must } from "./git.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { changeAt } from "./raw-changes.ts";
import type { RawChange } from "./raw-changes.ts";
import { listTooLong, tooDeep, tooManyFiles } from "./too-many-files.ts";

/** Nobody nests directories that deep; each level takes a process. */
const maxLevels = 64;

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const treeMode = "040000";

/** Pairs of trees that are at the same path, "OLD NEW", and at how many paths. */
type Level = ReadonlyMap<string, number>;

/**
 * The number of paths that differ. Throws `AppError("workspace")` as soon as there are more than `limits.changedPaths`, or directories that
 * nest too deep. Takes one process a level and memory for the different trees, whatever the number of paths.
 */
export async function countChangedPaths(
  git: Git,
  trees: { readonly from: string; readonly to: string },
  limits: Pick<WorkspaceLimits, "changedPaths" | "listingBytes">,
): Promise<number> {
  const names = await must(
    git(["rev-parse", `${trees.from}^{tree}`, `${trees.to}^{tree}`]),
    "reading the trees",
  );
  let level: Level = new Map([[names.toString("latin1").trim().replace("\n", " "), 1]]);
  let paths = 0;
  for (let depth = 0; level.size > 0; depth++) {
    if (depth === maxLevels) throw tooDeep(maxLevels);
    const output = await compareLevel(git, level, limits);
    const { files, below, directories } = countLevel(output, level);
    paths += files;
    // A directory differs by a path in it, so there are never more of them; but for empty ones, which only take time.
    if (Math.max(paths, directories) > limits.changedPaths) throw tooManyFiles(limits.changedPaths);
    level = below;
  }
  return paths;
}

async function compareLevel(
  git: Git,
  level: Level,
  limits: Pick<WorkspaceLimits, "changedPaths" | "listingBytes">,
): Promise<Buffer> {
  const result = await git(["diff-tree", "--stdin", "-z", "--raw", "--no-renames", "--no-abbrev"], {
    input: [...level.keys()].map((pair) => `${pair}\n`).join(""),
    maxOutputBytes: limits.listingBytes,
  });
  if (result.stopped === "output") throw listTooLong(limits.listingBytes);
  return await must(Promise.resolve(result), "comparing trees");
}

/** Each pair's line, then its changes: files are counted as often as the pair occurs, directories make up the next level. */
function countLevel(output: Buffer, level: Level): { files: number; directories: number; below: Level } {
  const below = new Map<string, number>();
  let files = 0;
  let directories = 0;
  let times = 0;
  for (let at = 0; at < output.length;) {
    if (output[at] !== 0x3a) {
      const end = output.indexOf("\n", at);
      times = level.get(output.toString("latin1", at, end)) ?? 0;
      at = end + 1;
      continue;
    }
    const { change, next } = changeAt(output, at);
    at = next;
    const pair = directoriesIn(change);
    if (pair !== null) {
      below.set(pair, (below.get(pair) ?? 0) + times);
      directories += times;
    }
    if (hasFile(change)) files += times;
  }
  return { files, directories, below };
}

function directoriesIn({ oldMode, oldOid, newMode, newOid }: RawChange): string | null {
  if (oldMode !== treeMode && newMode !== treeMode) return null;
  return `${oldMode === treeMode ? oldOid : emptyTree} ${newMode === treeMode ? newOid : emptyTree}`;
}

function hasFile({ oldMode, newMode }: RawChange): boolean {
  return [oldMode, newMode].some((mode) => mode !== treeMode && mode !== "000000");
}
