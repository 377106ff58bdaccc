// The file as a whole: judged when models had a part in it, and counted for what it would have cost to have a model write it.
import type { MergeRules } from "../../core/agent.ts";
import type { ConflictedFile, FileResolution } from "../../core/conflict.ts";
import type { Models } from "../../core/models.ts";
import type { ModelWork } from "../../core/task.ts";
import { doubtOf } from "../../merge/check/doubt.ts";
import { renderFile, settledTexts } from "../../merge/hunks.ts";
import { tokensOf } from "./limits.ts";
import { addStep, hunkAt, reorder, settle } from "./standing.ts";
import type { Standing } from "./standing.ts";

/** As git marks a conflict that it shows to a model: the base between the sides. */
const marked = {
  labels: { ours: "ours", base: "base", theirs: "theirs" },
  markerSize: 7,
  style: "diff3" as const,
};

/**
 * Judges a file in which nothing is open any more. If there is any doubt about the whole, every hunk that rests on a model is open again, with the reason, and the
 * ledger has it. Says whether that is so.
 */
export async function takeBackIfBroken(
  file: ConflictedFile,
  standing: Standing,
  {
    merge,
    models,
    record,
  }: {
    readonly merge: Pick<MergeRules, "parseErrors">;
    readonly models: Pick<Models, "note">;
    readonly record: (step: string) => void;
  },
): Promise<boolean> {
  const { resolution, byModel, beside } = standing;
  if (byModel.size === 0 || resolution.openHunks.length > 0) return false;
  const doubt = await doubtOf(file, renderFile(file, settledTexts(resolution), marked), merge.parseErrors);
  if (doubt === null) return false;
  for (const index of [...byModel.keys(), ...beside]) {
    const one = hunkAt(standing, index);
    settle(standing, index, { ...one, settlement: null, why: `${one.why} That was taken back: ${doubt}.` });
  }
  reorder(standing);
  for (const { callIds, verdicts } of byModel.values()) {
    if (callIds.length === 0) continue;
    await models.note(callIds, {
      gates: [...verdicts, { name: "whole-file", passed: false }],
      accepted: false,
    });
  }
  addStep(standing, "models' answers were taken back: the whole file did not pass with them", record);
  return true;
}

/** Tokens, estimated: the file with its conflicts marked in, the merged file out; where hunks are open, ours stands in them. */
export function wholeFileTokens(file: ConflictedFile, resolution: FileResolution): ModelWork["wholeFiles"] {
  const texts = resolution.hunks.map(({ hunk, settlement }) => settlement?.text ?? hunk.ours);
  const conflicted = renderFile(
    file,
    resolution.hunks.map(() => null),
    marked,
  );
  return {
    inputTokens: tokensOf(Buffer.byteLength(conflicted)),
    outputTokens: tokensOf(Buffer.byteLength(renderFile(file, texts, marked))),
  };
}
