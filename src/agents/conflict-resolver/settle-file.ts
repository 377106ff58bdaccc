// One conflicted file: climb the ladder, check the whole, then write it, or draft it when something stays open.
import type { AgentContext } from "../../core/agent.ts";
import type { Conflict } from "../../core/conflict.ts";
import type { HunkReport } from "../../core/task.ts";
import { hunkLines, renderFile, settledTexts } from "../../merge/hunks.ts";
import { conflictKeys } from "../../merge/memory.ts";
import { certainHunks, siblingsOf } from "../../merge/siblings.ts";
import type { Settled } from "../../merge/siblings.ts";
import { hunkRow, openPath } from "./rows.ts";

/** Git's own marker length: what is drafted is for a person, marked as git would. */
const markerSize = 7;

export interface SettledFile {
  /** One per hunk, or one for the path as a whole. */
  readonly rows: readonly HunkReport[];
  /** Hunks settled for certain: they tell about the files that come after. */
  readonly certain: readonly Settled[];
}

/** Settles a file's hunks and stages the outcome. `earlier` are hunks of the merge's earlier files, settled for certain. */
export async function settleFile(
  conflict: Conflict,
  { workspace, merge, memory, policy }: AgentContext,
  earlier: readonly Settled[],
): Promise<SettledFile> {
  const text = await workspace.conflictedFile(conflict);
  if (!text) {
    const why = "At least one side is not text, so there are no lines to merge.";
    return { rows: [openPath(conflict, why)], certain: [] };
  }

  const { file, encode } = text;
  const remembered = await memory.recall(conflictKeys(file));
  const resolution = await merge.resolve(file, { memory: remembered, siblings: siblingsOf(earlier) });
  const merged = renderFile(file, settledTexts(resolution), { labels: labels(workspace), markerSize });
  const blob = { mode: mergedMode(conflict), bytes: encode(merged) };
  const settled = resolution.hunks.filter(({ settlement }) => settlement !== null).length;
  if (settled === resolution.hunks.length) await workspace.write(conflict.path, blob);
  else if (settled > 0) await workspace.draft(conflict.path, blob);

  const lines = hunkLines(file);
  const rows = resolution.hunks.map((hunk, index) =>
    hunkRow(file.path, hunk, {
      index: index + 1,
      line: lines[index] ?? 1,
      bar: policy.push.bar,
      counts: memory.counts,
    }),
  );
  return { rows, certain: certainHunks(resolution) };
}

const labels = ({ headSha, baseSha }: { headSha: string; baseSha: string }) => ({
  ours: headSha.slice(0, 12),
  base: "merge base",
  theirs: baseSha.slice(0, 12),
});

/** The mode merges like a line: the side that changed it wins. A both-added file has no base mode; ours is kept. */
function mergedMode({ base, ours, theirs }: Conflict): string {
  const own = ours?.mode ?? theirs?.mode ?? "100644";
  return base && ours?.mode === base.mode ? (theirs?.mode ?? own) : own;
}
