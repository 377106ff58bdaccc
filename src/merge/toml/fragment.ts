// A hunk of a TOML file merged by key: entries of a table, or elements of a list that opened before it.
import type { Hunk } from "../../core/conflict.ts";
import { readTomlElements } from "../../syntax/toml-parts.ts";
import { joinLines, lineEndings } from "../json/endings.ts";
import type { MergedDocument } from "../json/document.ts";
import type { Sides } from "../json/merge.ts";
import { childEntries, type Entry, type TomlFile } from "./entry.ts";
import { isFaithful, keepsComments } from "./faithful.ts";
import { isNamed, listLines, mayMerge, mergeEntries, pickLead } from "./merge.ts";
import { mergeSections, readSections, type Sections } from "./sections.ts";
import { tomlSurroundings, type TomlSurroundings } from "./surroundings.ts";

/** `null` where the sides want different things of one key, and where the hunk does not hold whole entries. */
export function mergeTomlFragment(
  hunk: Hunk,
  around: { readonly before: string; readonly after: string; readonly file: TomlFile },
): MergedDocument | null {
  const endings = lineEndings(hunk);
  if (endings === null) return null;
  const plain = (text: string): string => text.replaceAll("\r\n", "\n");
  const sides = { base: plain(hunk.base), ours: plain(hunk.ours), theirs: plain(hunk.theirs) };
  const near = tomlSurroundings(plain(around.before), plain(around.after), Object.values(sides).join(""));
  if (near === null) return null;
  const merged = mergeTables(sides, near, around.file) ?? mergeList(sides, near, around.file);
  return merged && { text: joinLines(merged.lines, endings), changes: merged.changes };
}

interface Merged {
  readonly lines: readonly string[];
  readonly changes: MergedDocument["changes"];
}

function mergeTables(texts: Sides<string>, near: TomlSurroundings, file: TomlFile): Merged | null {
  const sides = readTables(texts);
  if (sides === null || (near.underComment && firstKey(sides.ours) !== firstKey(sides.theirs))) return null;
  const merged = mergeSections(sides, file, { table: near.table, neighbours: near.names });
  const text = linesText(merged?.lines ?? []);
  const result = readSections(text);
  if (result === null || !isFaithful(texts, text, file)) return null;
  if (!keepsComments(commentsOf(sides), result.comments)) return null;
  return joins([sides.base, sides.ours, sides.theirs, result], near) ? merged : null;
}

/** `null` where a side is not made of whole entries, or no side has any. */
function readTables(texts: Sides<string>): Sides<Sections> | null {
  const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map(readSections);
  return base && ours && theirs && hasEntries([base, ours, theirs]) ? { base, ours, theirs } : null;
}

/** Whether the result, last of these, goes together with the text around it. */
function joins(texts: readonly Sections[], { endsTable, names }: TomlSurroundings): boolean {
  // What follows the hunk must go on in the table that it is in on every side.
  if (!endsTable && new Set(texts.map(lastTable)).size > 1) return false;
  return !repeats(texts.at(-1)?.sections[0]?.entries, [...names.before, ...names.after]);
}

function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** Whether an entry stands in the text around the hunk too: a side moved it there. */
function repeats(entries: readonly Entry[] | undefined, around: readonly string[]): boolean {
  const known = new Set(around);
  return entries?.some(({ key }) => known.has(key)) ?? false;
}

function commentsOf({ base, ours, theirs }: Sides<Pick<Sections, "comments">>): Sides<readonly string[]> {
  return { base: base.comments, ours: ours.comments, theirs: theirs.comments };
}

function hasEntries(sides: readonly Sections[]): boolean {
  return sides.some(({ sections }) => sections.length > 1 || (sections[0]?.entries.length ?? 0) > 0);
}

function firstKey({ sections }: Sections): string | undefined {
  return sections[0]?.entries[0]?.key ?? sections[1]?.header ?? undefined;
}

/** The table that goes on behind the hunk. */
function lastTable({ sections }: Sections): string {
  return sections.at(-1)?.key ?? "";
}

function mergeList(texts: Sides<string>, near: TomlSurroundings, file: TomlFile): Merged | null {
  const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map((text) => readList(text, file));
  if (!base || !ours || !theirs) return null;
  const around = new Set(near.elements.flatMap((line) => keysOfList(line, file)));
  // A line that both sides still have, now with a comma, may have been cut off the two and not off the base.
  const old = base.entries.filter(({ key }) => !around.has(key) || keysOf(ours, theirs).includes(key));
  const sides = { base: old, ours: ours.entries, theirs: theirs.entries };
  const merged = mayMerge(sides, file) ? mergeEntries(sides, { file, table: "#" }) : null;
  const rest = pickLead(base.rest, ours.rest, theirs.rest);
  if (merged === null || rest === null || repeats(merged.entries, [...around])) return null;
  const ends = [...sides.base.slice(-1), ...sides.ours.slice(-1), ...sides.theirs.slice(-1)];
  const isEnded = near.endsList && ends.every(({ comma }) => !comma);
  const lines = [...listLines(merged.entries, !isEnded), ...rest];
  const read = readTomlElements(linesText(lines));
  if (read === null || !keepsComments(commentsOf({ base, ours, theirs }), read.comments)) return null;
  const lists = {
    base: inList(linesText(listLines(old, false))),
    ours: inList(texts.ours),
    theirs: inList(texts.theirs),
  };
  return isFaithful(lists, inList(linesText(lines)), file) ? { lines, changes: merged.changes } : null;
}

function keysOf(...lists: readonly List[]): string[] {
  return lists.flatMap(({ entries }) => entries.map(({ key }) => key));
}

function keysOfList(line: string, file: TomlFile): string[] {
  const list = readList(line, file);
  return list === null ? [] : keysOf(list);
}

function inList(text: string): string {
  return `_ = [\n${text}]\n`;
}

interface List {
  readonly entries: readonly Entry[];
  readonly rest: readonly string[];
  readonly comments: readonly string[];
}

function readList(text: string, file: TomlFile): List | null {
  const read = readTomlElements(text);
  const entries = read && childEntries(read.children, null, file);
  return entries && isNamed(entries) ? { entries, rest: read.rest, comments: read.comments } : null;
}
