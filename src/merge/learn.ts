// What one past merge teaches: each hunk's resolution, and whether the rules as shipped agree with the developers.
import type { FileResolution, Hunk, Segment } from "../core/conflict.ts";
import type { HunkLesson, MergeLesson, PastFile, PastMerge } from "../core/memory.ts";
import { newMarkers } from "./check/markers.ts";
import { equalityOf } from "./equal.ts";
import { isTooLarge } from "./limits.ts";
import { splitLines } from "./lines.ts";
import { toRemember } from "./memory.ts";
import { resolveChecked } from "./resolve-checked.ts";

/** Clean lines on each side of a hunk that the comparison sees: as many as the shipped table was measured with. */
const contextLines = 30;

/**
 * Runs the rules over the merge's conflicts and compares with what was committed, by each class's own equality. Hunks with no known resolution, and those
 * that were committed with markers in them, teach nothing. Never throws for what a file holds.
 */
export async function learnMerge({ sha, at, files }: PastMerge): Promise<MergeLesson> {
  const hunks: HunkLesson[] = [];
  for (const file of files) hunks.push(...(await learnFile(file)));
  return { sha, at, hunks };
}

async function learnFile({ file, resolutions }: PastFile): Promise<HunkLesson[]> {
  if (resolutions.every((resolution) => resolution === null)) return [];
  const resolution = await resolveChecked(file);
  let index = 0;
  return file.segments.flatMap((segment, place) => {
    if (segment.kind === "clean") return [];
    const at = index++;
    const text = resolutions[at] ?? null;
    if (text === null || newMarkers(text, [segment.ours, segment.theirs]).length > 0) return [];
    const around = { path: file.path, ...contextOf(file.segments, place) };
    return { memory: toRemember(segment, text), rule: judge(segment, resolution, { at, text, around }) };
  });
}

interface Known {
  /** Index among the file's hunks. */
  readonly at: number;
  /** What the developers made of it. */
  readonly text: string;
  readonly around: { readonly path: string; readonly before: string; readonly after: string };
}

function judge(hunk: Hunk, { hunks }: FileResolution, { at, text, around }: Known): HunkLesson["rule"] {
  const settlement = hunks[at]?.settlement ?? null;
  if (settlement === null || isTooLarge(hunk, text)) return null;
  const { tier, class: className } = settlement;
  const same = equalityOf(className, around.path);
  const right = same({ ...around, text: settlement.text }, { ...around, text });
  return { tier, class: className, right };
}

function contextOf(segments: readonly Segment[], place: number): { before: string; after: string } {
  const cleanAt = (index: number) => {
    const segment = segments[index];
    return segment?.kind === "clean" ? splitLines(segment.text) : [];
  };
  return {
    before: cleanAt(place - 1)
      .slice(-contextLines)
      .join(""),
    after: cleanAt(place + 1)
      .slice(0, contextLines)
      .join(""),
  };
}
