// How to tell GitHub about a tree with as little as possible: from which parent to start, what differs, what it has not seen.
import { AppError } from "../core/errors.ts";
import type { TreeChange, Workspace } from "../core/workspace.ts";

/**
 * GitHub documents 100,000 entries and 7 MB for a tree it lists, and no limit for one it is sent; requests of tens of thousands of entries
 * are known to time out. Ours are far below: more than this goes by `git push`.
 */
export const planLimits = { entries: 3_000, bodyBytes: 5_000_000 };

/** The fields around the path of one entry of the request, in bytes, rounded up. */
const entryOverhead = 110;

interface TreeEntry {
  readonly path: string;
  readonly mode: "100644" | "100755" | "040000" | "160000" | "120000";
  readonly type: "blob" | "commit";
  /** `null` deletes the path. */
  readonly sha: string | null;
}

export interface TreePlan {
  /** The tree of a parent that the new one starts from. */
  readonly from: string;
  readonly entries: readonly TreeEntry[];
  /** Blobs that neither parent has at their path. */
  readonly uploads: readonly string[];
  /** Workflow files that the branch gets, each needing the `workflows` permission. */
  readonly workflows: readonly string[];
  readonly tooLarge: boolean;
}

export async function planTree(workspace: Workspace, tree: string): Promise<TreePlan> {
  const [sinceHead, sinceBase] = await Promise.all([
    workspace.changesSince("head", tree),
    workspace.changesSince("base", tree),
  ]);
  const fromBase = startsFromBase(sinceHead, sinceBase);
  const entries = (fromBase ? sinceBase : sinceHead).map(entryOf);
  const bytes = entries.reduce(
    (sum, { path }) => sum + Buffer.byteLength(JSON.stringify(path)) + entryOverhead,
    0,
  );
  return {
    from: await workspace.parentTree(fromBase ? "base" : "head"),
    entries,
    uploads: newBlobs(sinceHead, sinceBase),
    workflows: sinceHead.map(({ path }) => path).filter(isWorkflow),
    tooLarge: entries.length > planLimits.entries || bytes > planLimits.bodyBytes,
  };
}

const isWorkflow = (path: string): boolean => path.startsWith(".github/workflows/");

/** The parent that needs fewer entries; but naming a workflow file needs a permission, even where the branch has it already. */
function startsFromBase(sinceHead: readonly TreeChange[], sinceBase: readonly TreeChange[]): boolean {
  const named = (changes: readonly TreeChange[]) => changes.some(({ path }) => isWorkflow(path));
  if (named(sinceHead) !== named(sinceBase)) return named(sinceHead);
  return sinceBase.length < sinceHead.length;
}

/** What differs from both parents in one path cannot have come from either. */
function newBlobs(sinceHead: readonly TreeChange[], sinceBase: readonly TreeChange[]): string[] {
  const changed = new Set(sinceBase.map(({ path }) => path));
  const oids = sinceHead
    .filter(({ path, mode }) => changed.has(path) && mode !== "160000")
    .flatMap(({ oid }) => (oid === null ? [] : [oid]));
  return [...new Set(oids)];
}

function entryOf({ path, mode, oid }: TreeChange): TreeEntry {
  // A deletion has no mode of its own; GitHub wants a valid one all the same.
  if (oid === null) return { path, mode: "100644", type: "blob", sha: null };
  if (mode === "160000") return { path, mode, type: "commit", sha: oid };
  if (mode === "100644" || mode === "100755" || mode === "120000")
    return { path, mode, type: "blob", sha: oid };
  throw new AppError("bug", `The tree to push has mode ${mode} at ${path}, which git does not know.`, {
    retryable: false,
    remedy: "Report this with the run's id.",
  });
}
