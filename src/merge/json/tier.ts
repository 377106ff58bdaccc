// The tier that settles hunks of JSON files by key.
import type { ConflictedFile, Hunk, Settlement } from "../../core/conflict.ts";
import { splitLines, withoutEnding } from "../lines.ts";
import { readJsonLine } from "../../syntax/json.ts";
import { classOf } from "./class.ts";
import { mergeFragment, type FragmentContext, type MergedFragment } from "./fragment.ts";
import { mergeFramed } from "./framed.ts";
import { sameIndentation } from "./indent.ts";
import { fileKind } from "./kind.ts";
import type { Change, JsonFileKind } from "./merge.ts";
import { explain } from "./why.ts";
import type { HunkContext, HunkTier } from "../tier.ts";

/**
 * A lockfile with more conflicts than this was rewritten, not edited: on the development merges its developers mostly took one side whole
 * (6 of 14 of its hunks equal the merge by key; of the entries that both sides bumped in other lockfiles, 15 of 16).
 */
const MANY_HUNKS = 50;

export const jsonTier: HunkTier = { name: "json", settle };

function settle(hunk: Hunk, context: HunkContext): Settlement | null {
  const file = fileKind(context.path);
  if (file === null || (file === "package-lock" && !lockAllows(context))) return null;
  const around = { before: context.before, after: context.after, file };
  const merged = mergeHunk(hunk, around);
  if (merged === null || repeats(merged.changes, context)) return null;
  return settlement(merged.text, merged.changes, file);
}

function mergeHunk(hunk: Hunk, around: FragmentContext): MergedFragment | null {
  const aligned = around.file === "package-lock" ? hunk : (sameIndentation(hunk) ?? hunk);
  const merged = mergeFragment(aligned, around);
  return merged === null && around.file !== "package-lock" ? mergeFramed(aligned, around) : merged;
}

function settlement(text: string, changes: readonly Change[], file: JsonFileKind): Settlement {
  return { tier: "semantic", class: classOf(changes, file), text, why: explain(changes) };
}

/** Where the whole lockfile is known its driver decides, for only the whole can be checked; a hunk alone must be of a file with few. */
function lockAllows(context: HunkContext): boolean {
  return context.file === null && context.hunks !== undefined && context.hunks <= MANY_HUNKS;
}

/** Whether a name that one side added stands, in the whole file, on a clean line too: it may have moved there. */
function repeats(changes: readonly Change[], context: HunkContext): boolean {
  const added = new Set(changes.filter((change) => change.base === undefined).map((change) => change.key));
  if (context.file === null || added.size === 0) return false;
  const names = cleanNames(context.file);
  return [...added].some((key) => names.has(key));
}

/** Names on clean lines, by file: every hunk of a file asks for the same. */
const namesByFile = new WeakMap<ConflictedFile, ReadonlySet<string>>();

function cleanNames(file: ConflictedFile): ReadonlySet<string> {
  const known = namesByFile.get(file);
  if (known) return known;
  const clean = file.segments.flatMap((segment) =>
    segment.kind === "clean" ? splitLines(segment.text) : [],
  );
  const names = new Set(clean.flatMap((line) => readJsonLine(withoutEnding(line))?.key ?? []));
  namesByFile.set(file, names);
  return names;
}
