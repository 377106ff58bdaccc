// What a tier of the ladder is: a pure function that settles a hunk, or says nothing.
import type { ConflictedFile, Hunk, Regeneration, Settlement } from "../core/conflict.ts";

/** Everything a tier may look at besides the hunk. All of it exists at run time and in the evaluation cases. */
export interface HunkContext {
  readonly path: string;
  /** Clean lines before the hunk, nearest last; may be cut to a window. Stops at the neighbouring conflict. */
  readonly before: string;
  /** Clean lines after the hunk, nearest first. */
  readonly after: string;
  /** The whole file where it is known; `null` when only the hunk and a window of context are. */
  readonly file: ConflictedFile | null;
  /** Hunks in the whole file, this one included; left out where that is not known. */
  readonly hunks?: number;
  /** Where the hunk stands in the merge; left out where that is not known. */
  readonly place?: HunkPlace;
}

interface HunkPlace {
  /** The hunk's number in its file, from 1. */
  readonly index: number;
  /** Files in conflict in the whole merge. */
  readonly conflictedFiles?: number;
}

/** Settles one hunk by itself, or abstains with `null`. Pure, total: never throws, whatever the text. */
export interface HunkTier {
  readonly name: string;
  settle(hunk: Hunk, context: HunkContext): Settlement | null;
}

/** What a driver makes of a whole file. */
export interface DrivenFile {
  /** One per hunk, in order; `null` where the driver abstains. */
  readonly settlements: readonly (Settlement | null)[];
  /** Set where the file's own tool should write it anew, whatever was settled. */
  readonly regeneration?: Regeneration;
}

/** Merges a whole file as data, or abstains with `null`: it is not its kind of file, or there is any doubt about the whole. Pure, total. */
export interface FileDriver {
  readonly name: string;
  matches(path: string): boolean;
  merge(file: ConflictedFile): DrivenFile | null;
}
