// One conflicted file: climb the ladder, check the whole, then write it, or draft it when something stays open.
import type { AgentContext } from "../../core/agent.ts";
import type { Conflict, ConflictedFile, FileResolution } from "../../core/conflict.ts";
import type { HunkReport, ModelWork } from "../../core/task.ts";
import { hunkLines, renderFile, settledTexts } from "../../merge/hunks.ts";
import { conflictKeys } from "../../merge/memory.ts";
import { certainHunks, siblingsOf } from "../../merge/siblings.ts";
import type { Settled } from "../../merge/siblings.ts";
import { agentName } from "./climb.ts";
import { hunkRow, openPath } from "./rows.ts";
import { settleWithModels } from "./settle-with-models.ts";
import type { ModelSettled } from "./settle-with-models.ts";

/** Git's own marker length: what is drafted is for a person, marked as git would. */
const markerSize = 7;

export interface SettledFile {
  /** One per hunk, or one for the path as a whole. */
  readonly rows: readonly HunkReport[];
  /** Hunks settled for certain: they tell about the files that come after. None that rests on a model is among them. */
  readonly certain: readonly Settled[];
  /** `null` where there was no text to merge. */
  readonly work: ModelWork | null;
  /** Hunks that a model was asked about. */
  readonly asked: number;
}

/** What the merge's earlier files came to. */
export interface SoFar {
  readonly certain: readonly Settled[];
  /** Hunks of the run that models may still be asked about. */
  readonly hunksLeft: number;
}

/** Settles a file's hunks, by rule and then by models, and stages the outcome. */
export async function settleFile(
  conflict: Conflict,
  context: AgentContext,
  soFar: SoFar,
): Promise<SettledFile> {
  const { workspace, policy, memory, approved } = context;
  const text = await workspace.conflictedFile(conflict);
  if (!text) {
    const why = "At least one side is not text, so there are no lines to merge.";
    return { rows: [openPath(conflict, why)], certain: [], work: null, asked: 0 };
  }

  const { file, encode } = text;
  const { ruled, settled } = await settleText(conflict, file, context, soFar);
  const { resolution, work, asked } = settled;
  const merged = renderFile(file, settledTexts(resolution), { labels: labels(workspace), markerSize });
  const blob = { mode: mergedMode(conflict), bytes: encode(merged) };
  const open = resolution.openHunks.length;
  if (open === 0) await workspace.write(conflict.path, blob);
  else if (open < resolution.hunks.length) await workspace.draft(conflict.path, blob);

  const lines = hunkLines(file);
  const rows = resolution.hunks.map((hunk, index) =>
    hunkRow(file.path, hunk, {
      index: index + 1,
      line: lines[index] ?? 1,
      bar: policy.push.bar,
      counts: memory.counts,
      approved,
    }),
  );
  return { rows, certain: certainHunks(ruled), work, asked };
}

/** The rules' answer, and what models add to it. */
async function settleText(
  { path }: Conflict,
  file: ConflictedFile,
  context: AgentContext,
  { certain, hunksLeft }: SoFar,
): Promise<{ readonly ruled: FileResolution; readonly settled: ModelSettled }> {
  const { workspace, models, merge, settlements, keepSettlement, approved, signal } = context;
  const memory = await context.memory.recall(conflictKeys(file));
  const ruled = await merge.resolve(file, { memory, siblings: siblingsOf(certain) });
  const mayAsk =
    !approved && (["small", "large"] as const).some((role) => models.isAvailable(role, agentName));
  const subjects =
    mayAsk && ruled.openHunks.length > 0 ? await workspace.subjects(path) : { ours: null, theirs: null };
  const settled = await settleWithModels(file, ruled, {
    models,
    merge,
    memory,
    siblings: certain,
    subjects,
    settlements,
    keepSettlement,
    approved,
    hunksLeft,
    signal,
    record: (line) => {
      context.record({ step: "models", detail: `${path}: ${line}` });
    },
  });
  return { ruled, settled };
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
