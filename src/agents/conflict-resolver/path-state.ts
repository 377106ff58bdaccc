// A conflicted path while the run works on it: left to people, text with hunks, or written anew by its tool.
import type { Conflict, ConflictedFile, FileResolution } from "../../core/conflict.ts";
import type { Remembered } from "../../core/memory.ts";
import type { HunkReport, ModelWork } from "../../core/task.ts";
import type { Blob } from "../../core/workspace.ts";
import { renderFile, settledTexts } from "../../merge/hunks.ts";
import type { Settled } from "../../merge/siblings.ts";

/** Nothing here looks into it: `row` says why. */
export interface LeftPath {
  readonly kind: "left";
  readonly conflict: Conflict;
  readonly row: HunkReport;
}

export interface TextPath {
  readonly kind: "text";
  readonly conflict: Conflict;
  readonly file: ConflictedFile;
  readonly encode: (text: string) => Uint8Array;
  /** How this repository resolved the same sides before. */
  readonly memory: readonly Remembered[];
  /** Hunks of the merge's earlier files that are settled for certain. */
  readonly siblings: readonly Settled[];
  readonly resolution: FileResolution;
  /** How many paths were settled when its tool was last asked to write it; `null`: it was not. With no more of them it would say the same. */
  readonly regenerateTried: number | null;
  /** Something is the matter with a lockfile that was merged entry by entry: it is below every bar. */
  readonly isDoubted: boolean;
  /** `null` until models have had their turn. */
  readonly work: ModelWork | null;
  /** Hunks that a model was asked about. */
  readonly asked: number;
}

export interface WrittenPath {
  readonly kind: "written";
  readonly conflict: Conflict;
  readonly blob: Blob;
  /** Paths without a conflict that its command wrote with it. */
  readonly others: ReadonlyMap<string, Blob>;
  readonly row: HunkReport;
}

export type PathState = LeftPath | TextPath | WrittenPath;

/** Git's own marker length: what is drafted is for a person, marked as git would. */
const markerSize = 7;

export interface MarkerLabels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

export const labelsOf = ({ headSha, baseSha }: { headSha: string; baseSha: string }): MarkerLabels => ({
  ours: headSha.slice(0, 12),
  base: "merge base",
  theirs: baseSha.slice(0, 12),
});

export const isOpen = (state: PathState): boolean =>
  state.kind === "left" || (state.kind === "text" && state.resolution.openHunks.length > 0);

/** The path's file as it stands; open hunks are between markers. `null` for a path that nothing looks into. */
export function blobOf(state: PathState, labels: MarkerLabels): Blob | null {
  if (state.kind === "left") return null;
  if (state.kind === "written") return state.blob;
  return blobWith(state, settledTexts(state.resolution), labels);
}

/** The file's text; `null` while a hunk of it is open. */
export function settledText(state: TextPath): string | null {
  if (isOpen(state)) return null;
  const texts = settledTexts(state.resolution);
  let at = 0;
  return state.file.segments
    .map((segment) => (segment.kind === "clean" ? segment.text : (texts[at++] ?? "")))
    .join("");
}

/** The file with these texts in place of its hunks, in file order; `null` stays open. */
function blobWith(
  { conflict, file, encode }: TextPath,
  texts: readonly (string | null)[],
  labels: MarkerLabels,
): Blob {
  return { mode: mergedMode(conflict), bytes: encode(renderFile(file, texts, { labels, markerSize })) };
}

/** The mode merges like a line: the side that changed it wins. A both-added file has no base mode; ours is kept. */
export function mergedMode({ base, ours, theirs }: Conflict): string {
  const own = ours?.mode ?? theirs?.mode ?? "100644";
  return base && ours?.mode === base.mode ? (theirs?.mode ?? own) : own;
}

/** Settled paths and what they were settled with. */
export function settledBlobs(
  states: readonly PathState[],
  labels: MarkerLabels,
): ReadonlyMap<string, Blob | null> {
  return new Map(
    states.flatMap((state): [string, Blob | null][] => {
      if (isOpen(state)) return [];
      return [
        [state.conflict.path, blobOf(state, labels)],
        ...(state.kind === "written" ? state.others : []),
      ];
    }),
  );
}
