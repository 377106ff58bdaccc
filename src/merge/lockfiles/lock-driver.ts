// A file driver made of a lockfile format: all hunks or none, and a word on when the tool had better write the file.
import type { ConflictedFile, Settlement } from "../../core/conflict.ts";
import { cut } from "../cut.ts";
import type { DrivenFile, FileDriver } from "../tier.ts";
import { readSides, type Lines, type LockSides } from "./lock-text.ts";

/**
 * What a merge had to do. "disjoint-entries": no entry was changed by both sides. "edited-entries": of an entry that both changed, different lines.
 * "higher-version": both chose a version of one thing, and the higher was taken. "union": lines were added only. "several-versions": and of one thing in two versions. "one-removes": lines were taken away too.
 */
export type LockMergeKind =
  "disjoint-entries" | "edited-entries" | "higher-version" | "union" | "several-versions" | "one-removes";

export interface MergedLock {
  readonly lines: Lines;
  readonly kind: LockMergeKind;
}

export interface LockFormat {
  /** The second word of the class: "cargo". */
  readonly name: string;
  /** What writes the file: "cargo". */
  readonly tool: string;
  readonly matches: (path: string) => boolean;
  /** `null` on any doubt: about the text, the merge, or whether the result holds together. */
  readonly merge: (sides: LockSides) => MergedLock | null;
}

/** What a person reads of a hunk of each kind, and of what is left to the tool. */
const words: Readonly<Record<LockMergeKind, { readonly why: string; readonly check: string | null }>> = {
  "disjoint-entries": {
    why: "The sides changed different entries of the lockfile; every dependency is still there.",
    check: null,
  },
  "edited-entries": {
    why: "The sides changed different entries of the lockfile, or different lines of one; every dependency is still there.",
    check: null,
  },
  "higher-version": {
    why: "Where both sides changed a version the higher is taken; every dependency is still there.",
    check:
      "Both sides locked different versions of the same thing; the higher was taken without asking the manifest.",
  },
  union: { why: "Both sides only add lines: the result has all of them, sorted.", check: null },
  "several-versions": {
    why: "Both sides only add lines: the result has all of them, sorted.",
    check: "The sides add different versions of one module, and only one will be used.",
  },
  "one-removes": {
    why: "The result has every line that a side added and none that a side removed, sorted.",
    check: "One side took lines away that the other side's additions may need.",
  },
};

export function lockfileDriver(format: LockFormat): FileDriver {
  return {
    name: `${format.name}-lockfile`,
    matches: format.matches,
    merge: (file) => drive(file, format),
  };
}

function drive(file: ConflictedFile, { name, tool, merge }: LockFormat): DrivenFile {
  const sides = readSides(file);
  const merged = sides && merge(sides);
  const texts = sides && merged && cut(sides.write(merged.lines), file.segments);
  if (merged === null || texts === null) return leftToTool(file, tool);
  const { why, check } = words[merged.kind];
  const settlements = texts.map((text): Settlement => ({
    tier: "semantic",
    class: `lockfile/${name}/${merged.kind}`,
    text,
    why,
  }));
  return check === null ? { settlements } : { settlements, regeneration: { tool, why: check } };
}

/** Nothing settled, and the wish that the tool write the file anew from its manifest. */
export function leftToTool(file: ConflictedFile, tool: string): DrivenFile {
  const settlements = file.segments.flatMap(({ kind }) => (kind === "hunk" ? [null] : []));
  const why = `The sides' entries do not go together without a doubt: ${tool} had better write the file anew from its manifest.`;
  return { settlements, regeneration: { tool, why } };
}

/** Whether a path ends with this file name. */
export function isNamed(path: string, name: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}
