// A whole JSON file merged by key, and the merged text cut back into the hunks of the file.
import type { ConflictedFile, Settlement } from "../../core/conflict.ts";
import { countErrors } from "../../syntax/json.ts";
import { cut } from "../cut.ts";
import { classOf } from "./class.ts";
import { joinLines, lineEndings } from "./endings.ts";
import { sameIndentation } from "./indent.ts";
import { linesOf, readDocument, type JsonItem } from "./items.ts";
import { mergeRoot, type Change, type JsonFileKind } from "./merge.ts";
import { changesByHunk } from "./spans.ts";
import { explain } from "./why.ts";

export interface MergedDocument {
  readonly text: string;
  readonly changes: readonly Change[];
}

/** `null` where the sides want different things of one key, or where a side is not laid out one thing a line. */
export function mergeDocument(file: ConflictedFile, kind: JsonFileKind): MergedDocument | null {
  const { base, ours, theirs } = file;
  const aligned = base === null || kind === "package-lock" ? null : sameIndentation({ base, ours, theirs });
  return mergeTexts(aligned ?? file, kind);
}

/** Three whole files; the base is `null` where both sides added the file. */
interface Texts {
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
}

function mergeTexts(file: Texts, kind: JsonFileKind): MergedDocument | null {
  const endings = lineEndings({ base: file.base ?? "", ours: file.ours, theirs: file.theirs });
  const [ours, theirs] = [rootOf(file.ours), rootOf(file.theirs)];
  const base = file.base === null ? undefined : rootOf(file.base);
  if (base === null || ours === null || theirs === null || endings === null) return null;
  const merged = mergeRoot({ base: base?.item, ours: ours.item, theirs: theirs.item }, kind);
  if (merged === null || ours.rest.join("\n") !== theirs.rest.join("\n")) return null;
  const text = joinLines([...linesOf(merged.item, false), ...ours.rest], endings);
  return countErrors(text) === 0 ? { text, changes: merged.changes } : null;
}

function rootOf(text: string): { readonly item: JsonItem; readonly rest: readonly string[] } | null {
  const document = readDocument(text);
  const item = document?.items[0];
  return document === null || item === undefined ? null : { item, rest: document.rest };
}

/**
 * One settlement per hunk, such that the file's clean text with these in place of its hunks is the merged text, byte for byte;
 * `null` if the merged text differs from what git merged cleanly.
 */
export function settleHunks(
  file: ConflictedFile,
  merged: MergedDocument,
  kind: JsonFileKind,
): readonly Settlement[] | null {
  const texts = cut(merged.text, file.segments);
  if (texts === null) return null;
  const changes = changesByHunk(merged.changes, file);
  const judge = (own: readonly Change[]) => ({ class: classOf(own, kind), why: explain(own) });
  // A hunk that no change can be placed in is judged as the whole file is.
  const whole = judge(merged.changes);
  return texts.map((text, index) => {
    const own = changes[index] ?? [];
    return { tier: "semantic", text, ...(own.length === 0 ? whole : judge(own)) };
  });
}
