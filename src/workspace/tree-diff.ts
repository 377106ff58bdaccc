// How two trees differ, by path: `git diff-tree` read as bytes.
import { AppError } from "../core/errors.ts";
import { countChangedPaths } from "./count-paths.ts";
import type { Git, GitResult } from "./git.ts";
import { must } from "./git.ts";
import { defaultLimits } from "./limits.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { changeAt } from "./raw-changes.ts";
import type { RawChange } from "./raw-changes.ts";
import { listTooLong, tooManyFiles } from "./too-many-files.ts";

type DiffLimits = Pick<WorkspaceLimits, "changedPaths" | "listingBytes" | "patienceMs">;

const diffArguments = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev"];

/**
 * Differences between two trees or commits, submodules included, renames not looked for. Throws `AppError("workspace")` when there are
 * more than `limits.changedPaths`, or their names are too long to be listed.
 */
export async function diffTrees(
  git: Git,
  from: string,
  to: string,
  limits: DiffLimits = defaultLimits,
): Promise<RawChange[]> {
  const result = await diffPatiently(git, [...diffArguments, from, to], { from, to }, limits);
  if (result.stopped === "output") throw listTooLong(limits.listingBytes);
  const output = await must(Promise.resolve(result), "comparing trees");
  const changes: RawChange[] = [];
  for (let at = 0; at < output.length;) {
    if (changes.length === limits.changedPaths) throw tooManyFiles(limits.changedPaths);
    const { change, next } = changeAt(output, at);
    changes.push(change);
    at = next;
  }
  return changes;
}

/**
 * Git gathers all differences, some 300 bytes each, before it writes the first: trees that share subtrees can make it take all memory
 * there is. The few comparisons that are not done at once are given more time only when there are not too many paths to compare.
 */
async function diffPatiently(
  git: Git,
  args: readonly string[],
  trees: { readonly from: string; readonly to: string },
  { changedPaths, listingBytes, patienceMs }: DiffLimits,
): Promise<GitResult> {
  const result = await git(args, { maxOutputBytes: listingBytes, patienceMs });
  if (result.stopped !== "patience") return result;
  await countChangedPaths(git, trees, { changedPaths, listingBytes });
  return await git(args, { maxOutputBytes: listingBytes });
}

/** A path's bytes as text; `null` when they are not UTF-8. */
export function pathText(rawPath: string): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(rawPath, "latin1"));
  } catch {
    return null;
  }
}

/** Throws `AppError("workspace")` for a path that is not UTF-8: GitHub's API and this app's reports cannot name it. */
export function requirePathText(rawPath: string): string {
  const text = pathText(rawPath);
  if (text !== null) return text;
  const shown = Buffer.from(rawPath, "latin1").toString("utf8");
  throw new AppError("workspace", `The path ${JSON.stringify(shown)} is not valid UTF-8.`, {
    retryable: false,
    remedy: "Merge this pull request by hand, or rename the file to a UTF-8 name first.",
  });
}
