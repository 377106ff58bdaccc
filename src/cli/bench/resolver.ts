// What is measured: the one place where the bench meets the rules as shipped.
import type {
  ConflictedFile,
  FileResolution,
  Hunk,
  HunkResolution,
  SettledSibling,
} from "../../core/conflict.ts";
import { loadModel } from "../../merge/rank/model.ts";
import { prepareMerge } from "../../merge/rank/prepare.ts";
import { resolveChecked } from "../../merge/resolve-checked.ts";
import { resolveHunk } from "../../merge/resolve-hunk.ts";
import type { HunkContext } from "../../merge/tier.ts";

/** Answers one hunk. Must not throw. */
export type ResolveHunk = (
  hunk: Hunk,
  context: HunkContext,
  siblings: readonly SettledSibling[],
) => HunkResolution;

/** Answers hunks. */
export interface HunkResolver {
  /** Loads what a kind of file needs, and gives what answers its hunks. Loading is not part of the time that is measured. */
  readonly prepare: (path: string) => Promise<ResolveHunk>;
  /** Probability from which a first answer counts as covered: right 9 times in 10, chosen before any measurement. */
  readonly thresholds: { readonly alone: number; readonly siblings: number };
}

/** Answers files. */
export type FileResolver = (file: ConflictedFile) => Promise<FileResolution>;

/** The rules and the ranker as shipped, with the thresholds that its training chose. */
export function shippedHunks(): HunkResolver {
  const { alone, siblings } = loadModel();
  return {
    prepare: async (path) => {
      const prepared = await prepareMerge(path);
      return (hunk, context, known) => resolveHunk(hunk, context, prepared, known);
    },
    thresholds: { alone: alone.sureFrom, siblings: siblings.sureFrom },
  };
}

export const shippedFiles: FileResolver = (file) => resolveChecked(file);
