// The ladder, and then a look at the whole: rules that together break a file settle none of its hunks.
import type { ResolveOptions } from "../core/agent.ts";
import type { ConflictedFile, FileResolution } from "../core/conflict.ts";
import { doubtOf } from "./check/doubt.ts";
import { parseErrors } from "./check/parse-errors.ts";
import { renderFile, settledTexts } from "./hunks.ts";
import { withMemory } from "./memory.ts";
import { mostTelling } from "./rank/most-telling.ts";
import { prepareMerge } from "./rank/prepare.ts";
import { rankFile } from "./rank/rank-file.ts";
import { resolveFile } from "./resolve-file.ts";

/**
 * Settles what can be settled: what this repository has resolved before in the same way, the rest by rule or by the ranker. Where every hunk is settled, the
 * result has to parse no worse than its parents, hold no marker of a conflict and no word from nowhere; else the same is tried without the ranker, then
 * without memory, and if that is no better every hunk stays open, with the reason.
 */
export async function resolveChecked(
  file: ConflictedFile,
  { memory = [], siblings = [] }: ResolveOptions = {},
): Promise<FileResolution> {
  const prepared = await prepareMerge(file.path);
  const byRule = resolveFile(file);
  const remembering = withMemory(file, byRule, memory);
  const ranked = rankFile(file, remembering, prepared, { siblings });
  const first = await withoutDoubt(file, ranked);
  if ("hunks" in first) return first;
  const rankedByRule = remembering === byRule ? ranked : rankFile(file, byRule, prepared, { siblings });
  let { doubt } = first;
  for (const attempt of [withCandidates(remembering, ranked), withCandidates(byRule, rankedByRule)]) {
    const checked = await withoutDoubt(file, attempt);
    if ("hunks" in checked) return checked;
    doubt = checked.doubt;
  }
  const why = `The rules' answer was not taken: ${doubt}.`;
  const hunks = rankedByRule.hunks.map((hunk) => ({ ...hunk, settlement: null, why }));
  return { ...rankedByRule, hunks, openHunks: mostTelling(hunks) };
}

/** What the rules alone settled, with the candidates that the ranker put in order. */
function withCandidates(resolution: FileResolution, { hunks }: FileResolution): FileResolution {
  const withTheirs = resolution.hunks.map((hunk, index) => ({
    ...hunk,
    candidates: hunks[index]?.candidates ?? [],
  }));
  return { ...resolution, hunks: withTheirs, openHunks: mostTelling(withTheirs) };
}

async function withoutDoubt(
  file: ConflictedFile,
  resolution: FileResolution,
): Promise<FileResolution | { readonly doubt: string }> {
  if (resolution.hunks.some(({ settlement }) => settlement === null)) return resolution;
  const doubt = await doubtOf(file, renderFile(file, settledTexts(resolution), withoutMarkers), parseErrors);
  return doubt === null ? resolution : { doubt };
}

/** Nothing is open, so nothing is marked. */
const withoutMarkers = { labels: { ours: "", base: "", theirs: "" }, markerSize: 7 };
