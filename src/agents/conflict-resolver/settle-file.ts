// One conflicted file: what rules make of it, and then what models add.
import type { AgentContext } from "../../core/agent.ts";
import type { Conflict } from "../../core/conflict.ts";
import { settledByModel } from "../../core/task.ts";
import type { HunkReport } from "../../core/task.ts";
import { hunkLines } from "../../merge/hunks.ts";
import { conflictKeys } from "../../merge/memory.ts";
import { siblingsOf } from "../../merge/siblings.ts";
import type { Settled } from "../../merge/siblings.ts";
import { agentName } from "./climb.ts";
import type { LeftPath, TextPath } from "./path-state.ts";
import { hunkRow, openPath } from "./rows.ts";
import { settleWithModels } from "./settle-with-models.ts";

/** Settles a file's hunks by rule. `siblings` are those of the merge's earlier files that are settled for certain. */
export async function settleByRule(
  conflict: Conflict,
  { workspace, memory, merge }: AgentContext,
  siblings: readonly Settled[],
): Promise<LeftPath | TextPath> {
  const text = await workspace.conflictedFile(conflict);
  if (!text) {
    const why = "At least one side is not text, so there are no lines to merge.";
    return { kind: "left", conflict, row: openPath(conflict, why) };
  }
  const { file, encode } = text;
  const remembered = await memory.recall(conflictKeys(file));
  const resolution = await merge.resolve(file, { memory: remembered, siblings: siblingsOf(siblings) });
  const fresh = { regenerateTried: null, isDoubted: false, work: null, asked: 0 };
  return { kind: "text", conflict, file, encode, memory: remembered, siblings, resolution, ...fresh };
}

/** Has models settle what is open in the file. `hunksLeft`: hunks of the run that they may still be asked about. */
export async function settleByModel(
  state: TextPath,
  context: AgentContext,
  hunksLeft: number,
): Promise<TextPath> {
  const { workspace, models, merge, settlements, keepSettlement, approved, signal } = context;
  const { conflict, file, memory, siblings } = state;
  const mayAsk =
    !approved && (["small", "large"] as const).some((role) => models.isAvailable(role, agentName));
  const subjects =
    mayAsk && state.resolution.openHunks.length > 0
      ? await workspace.subjects(conflict.path)
      : { ours: null, theirs: null };
  const { resolution, work, asked } = await settleWithModels(file, state.resolution, {
    models,
    merge,
    memory,
    siblings,
    subjects,
    settlements: settledByModel(settlements),
    keepSettlement,
    approved,
    hunksLeft,
    signal,
    record: (line) => {
      context.record({ step: "models", detail: `${conflict.path}: ${line}` });
    },
  });
  return { ...state, resolution, work, asked };
}

/** A row for each hunk, in file order. */
export function rowsOf(
  { file, resolution, isDoubted }: TextPath,
  { policy, memory, approved }: AgentContext,
): HunkReport[] {
  const lines = hunkLines(file);
  return resolution.hunks.map((hunk, index) => {
    const row = hunkRow(file.path, hunk, {
      index: index + 1,
      line: lines[index] ?? 1,
      bar: policy.push.bar,
      counts: memory.counts,
      approved,
    });
    return { ...row, aboveBar: row.aboveBar && (approved || !isDoubted) };
  });
}
