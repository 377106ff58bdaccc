// The ladder, and then a look at the whole: rules that together break a file settle none of its hunks.
import type { ConflictedFile, FileResolution } from "../core/conflict.ts";
import { newMarkers } from "./check/markers.ts";
import { parseErrors } from "./check/parse-errors.ts";
import { newlyRepeated } from "./check/repeated.ts";
import { tokensFromNowhere } from "./check/provenance.ts";
import { renderFile, settledTexts } from "./hunks.ts";
import { resolveFile } from "./resolve-file.ts";

/**
 * Settles what can be settled. Where every hunk is, the result has to parse no worse than its parents, hold no marker of a conflict and no
 * word from nowhere; else every hunk stays open, with the reason.
 */
export async function resolveChecked(file: ConflictedFile): Promise<FileResolution> {
  const resolution = resolveFile(file);
  if (resolution.hunks.some(({ settlement }) => settlement === null)) return resolution;
  const doubt = await doubtOf(file, renderFile(file, settledTexts(resolution), withoutMarkers));
  if (doubt === null) return resolution;
  const why = `The rules' answer was not taken: ${doubt}.`;
  return {
    ...resolution,
    hunks: resolution.hunks.map((hunk) => ({ ...hunk, settlement: null, why })),
    openHunks: resolution.hunks.map((_, index) => index),
  };
}

/** Nothing is open, so nothing is marked. */
const withoutMarkers = { labels: { ours: "", base: "", theirs: "" }, markerSize: 7 };

async function doubtOf(file: ConflictedFile, result: string): Promise<string | null> {
  const { path, base, ours, theirs } = file;
  const [marker] = newMarkers(result, [ours, theirs]);
  if (marker !== undefined) return "it holds a conflict marker";
  const strange = tokensFromNowhere(result, [base ?? "", ours, theirs]);
  if (strange.length > 0) return `no side has ${strange.slice(0, 5).join(" ")}`;
  const [repeated] = newlyRepeated(path, result, [ours, theirs]);
  if (repeated !== undefined) return `it has ${repeated} twice`;
  if (result.lastIndexOf("\uFEFF") > 0 && [ours, theirs].every((side) => side.lastIndexOf("\uFEFF") <= 0))
    return "it has a byte order mark in the middle";
  const errors = await parseErrors(path, { ours, theirs, result });
  return errors === null ? null : `it does not parse: ${errors}`;
}
