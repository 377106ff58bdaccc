// The ladder: file drivers first, then tiers hunk by hunk, in a fixed order. The first that settles a hunk has it.
import type {
  ConflictedFile,
  FileResolution,
  Hunk,
  HunkResolution,
  Regeneration,
  Settlement,
} from "../core/conflict.ts";
import { trimHunk } from "./hunks.ts";
import { hasTooManyHunks, isDocument, isTooLarge, tooLargeWhy } from "./limits.ts";
import { endingOf, splitLines } from "./lines.ts";
import { wholeBlocks } from "./lists/lists.ts";
import type { FileDriver, HunkContext, HunkTier } from "./tier.ts";

/** The rungs that `resolveFile` climbs, in order. */
export interface Ladder {
  readonly drivers: readonly FileDriver[];
  readonly tiers: readonly HunkTier[];
}

/** Lines of clean text a tier may see on each side of a hunk: as many as the cases that its precision was measured on have. */
const contextLines = 30;

/** Settles what can be settled without a model; the rest carries the names of what was tried. Pure, deterministic, never throws. */
export function climb(file: ConflictedFile, ladder: Ladder): FileResolution {
  const hunks = file.segments.filter((segment) => segment.kind === "hunk");
  if (hasTooManyHunks(file)) return resolution(file, hunks.map(leftOpen), null);
  const drivers = isDocument(file) ? ladder.drivers.filter((driver) => driver.matches(file.path)) : [];
  const { settlements, regeneration } = drive(file, hunks.length, drivers);
  // What its tool should write anew is no text to merge line by line: its parts depend on each other.
  if (regeneration !== null && settlements.every((settlement) => settlement === null)) {
    const { why } = regeneration;
    const left = hunks.map((hunk) => ({ hunk, settlement: null, why, candidates: [] }));
    return resolution(file, left, regeneration);
  }
  const tried = [...drivers.map(({ name }) => name), ...ladder.tiers.map(({ name }) => name)];
  const contexts = contextsOf(file);
  const resolutions = hunks.map((hunk, index) => {
    const context = contexts[index];
    const driven = settlements[index] ?? null;
    if (driven !== null || context === undefined) return resolved(hunk, driven, tried);
    if (isTooLarge(hunk, context.before + context.after)) return leftOpen(hunk);
    return resolved(hunk, settleHunk(hunk, context, ladder.tiers), tried);
  });
  return resolution(file, resolutions, regeneration);
}

/** What the drivers make of the file together: of each hunk the first answer, and the first wish to regenerate. */
function drive(
  file: ConflictedFile,
  hunks: number,
  drivers: readonly FileDriver[],
): { settlements: (Settlement | null)[]; regeneration: Regeneration | null } {
  const settlements = Array.from({ length: hunks }, (): Settlement | null => null);
  let regeneration: Regeneration | null = null;
  for (const driver of drivers) {
    const merged = abstaining(() => driver.merge(file));
    regeneration ??= merged?.regeneration ?? null;
    for (const index of settlements.keys()) settlements[index] ??= merged?.settlements[index] ?? null;
  }
  return { settlements, regeneration };
}

function resolution(
  { path }: ConflictedFile,
  hunks: readonly HunkResolution[],
  regeneration: Regeneration | null,
): FileResolution {
  const openHunks = hunks.flatMap(({ settlement }, index) => (settlement === null ? [index] : []));
  return { path, hunks, openHunks, regeneration };
}

/** What a rule answers; one that throws has no answer, and costs no other rule its turn. */
function abstaining<T>(answer: () => T | null): T | null {
  try {
    return answer();
  } catch {
    return null;
  }
}

function leftOpen(hunk: Hunk): HunkResolution {
  return { hunk, settlement: null, why: tooLargeWhy, candidates: [] };
}

function resolved(hunk: Hunk, settlement: Settlement | null, tried: readonly string[]): HunkResolution {
  const why = settlement?.why ?? `No rule settles it; tried: ${tried.join(", ") || "nothing"}.`;
  return { hunk, settlement, why, candidates: [] };
}

/** Climbs one hunk: trims what both sides share, and puts it back around what a tier answers. */
export function settleHunk(hunk: Hunk, context: HunkContext, tiers: readonly HunkTier[]): Settlement | null {
  const { whole, restore } = withWholeLines(hunk);
  const trimmed = trimHunk(whole, wholeBlocks);
  const inner: HunkContext = {
    ...context,
    before: context.before + trimmed.before,
    after: trimmed.after + context.after,
  };
  for (const tier of tiers) {
    const settlement = abstaining(() => tier.settle(trimmed.hunk, inner));
    if (!settlement) continue;
    const text = trimmed.before + settlement.text + trimmed.after;
    return { ...settlement, text: restore(text) };
  }
  return null;
}

/**
 * The hunk with its last line finished, so that rules see whole lines only; `restore` takes the ending off an answer again where the merged file has none.
 */
export function withWholeLines(hunk: Hunk): {
  readonly whole: Hunk;
  readonly restore: (text: string) => string;
} {
  const unfinished = endsUnfinished(hunk);
  return {
    whole: finishLines(hunk),
    restore: (text) => (unfinished ? text.replace(/\r?\n$/, "") : text),
  };
}

const isUnfinished = (text: string) => text !== "" && !text.endsWith("\n");

/** Gives the last line of a file its line ending, so that tiers see whole lines only. */
function finishLines({ kind, base, ours, theirs }: Hunk): Hunk {
  const ending = endingOf(ours + theirs + base);
  const finished = (text: string) => (isUnfinished(text) ? text + ending : text);
  return { kind, base: finished(base), ours: finished(ours), theirs: finished(theirs) };
}

/** Whether the merged file's last line has no ending: as the side has it that changed that, else as both have it. */
function endsUnfinished({ base, ours, theirs }: Hunk): boolean {
  if (ours === "" || theirs === "") return isUnfinished(ours + theirs);
  return isUnfinished(ours) === isUnfinished(base) ? isUnfinished(theirs) : isUnfinished(ours);
}

/** What each hunk's tiers may look at: the clean text between it and its neighbours, cut to a window. */
export function contextsOf(file: ConflictedFile): HunkContext[] {
  const hunks = file.segments.filter(({ kind }) => kind === "hunk").length;
  let index = 1;
  return file.segments.flatMap((segment, at) => {
    if (segment.kind === "clean") return [];
    const before = file.segments[at - 1];
    const after = file.segments[at + 1];
    return {
      path: file.path,
      before: before?.kind === "clean" ? splitLines(before.text).slice(-contextLines).join("") : "",
      after: after?.kind === "clean" ? splitLines(after.text).slice(0, contextLines).join("") : "",
      file,
      hunks,
      place: { index: index++ },
    };
  });
}
