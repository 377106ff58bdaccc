// A hunk among clean lines, settled by one tier as the ladder would.
import type { ConflictedFile, Hunk, Segment, Settlement } from "../../src/core/conflict.ts";
import { settleHunk } from "../../src/merge/ladder.ts";
import type { HunkTier } from "../../src/merge/tier.ts";

export interface Given {
  readonly path: string;
  readonly before?: string;
  readonly base?: string;
  readonly ours: string;
  readonly theirs: string;
  readonly after?: string;
  readonly hunks?: number;
}

export function hunkOf({ base = "", ours, theirs }: Pick<Given, "base" | "ours" | "theirs">): Hunk {
  return { kind: "hunk", base, ours, theirs };
}

/** A file of these segments, with the three sides that they add up to. */
export function fileOf(path: string, segments: readonly Segment[]): ConflictedFile {
  const side = (name: "base" | "ours" | "theirs") =>
    segments.map((segment) => (segment.kind === "clean" ? segment.text : segment[name])).join("");
  return { path, base: side("base"), ours: side("ours"), theirs: side("theirs"), segments };
}

export function settleWith(tier: HunkTier, given: Given): Settlement | null {
  const { path, before = "", after = "", hunks = 1 } = given;
  return settleHunk(hunkOf(given), { path, before, after, file: null, hunks }, [tier]);
}
