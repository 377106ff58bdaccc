// A YAML text as entries that keep their own lines.
import { outlineOf, type YamlEntry } from "../../syntax/yaml.ts";

/** A pair of a map or an item of a sequence. Its lines are `lead`, `head`, those of its block, `rest`. */
export interface YamlItem {
  /** A pair's name; what tells an item from its neighbours. */
  readonly id: string;
  readonly entry: YamlEntry;
  /** Comment and blank lines above it. */
  readonly lead: readonly string[];
  /** Its own lines: all of a leaf; none of an item whose first pair stands behind the dash. */
  readonly head: readonly string[];
  readonly block: YamlBlock | null;
  /** Comments, indented as it is or deeper, between its last line and the next entry. */
  readonly rest: readonly string[];
  /** Line numbers from 0, lead and rest included. */
  readonly first: number;
  readonly last: number;
}

export interface YamlBlock {
  readonly kind: "map" | "seq";
  readonly column: number;
  /** The first pair stands on the line of the dash of the item that it is in. */
  readonly isInline: boolean;
  readonly items: readonly YamlItem[];
}

export interface YamlFile {
  /** Lines above the first entry's own comments: `---`, a licence. */
  readonly head: readonly string[];
  readonly root: YamlBlock;
  readonly tail: readonly string[];
  readonly marks: readonly string[];
}

/** `lines` are without their endings. `null` where it is no one document of block maps and sequences. */
export function readYaml(lines: readonly string[]): YamlFile | null {
  const outline = outlineOf(lines.map((line) => `${line}\n`).join(""));
  const [first] = outline?.entries ?? [];
  if (outline === null || first === undefined) return null;
  const gaps = gapsOf(lines, outline.entries);
  const top = lines.slice(0, first.line);
  // Blank lines alone are no header.
  const header = top.every(isBlank) ? 0 : top.reduce((end, line, at) => (isComment(line) ? end : at + 1), 0);
  const start = { kind: outline.kind, isInline: false, lead: top.slice(header) };
  const root = blockOf(outline.entries, start, { lines, gaps });
  if (root === null) return null;
  return { head: top.slice(0, header), root, tail: gaps.tail, marks: outline.marks };
}

/** What stands between the lines of entries and the next entry, by the entry. */
interface Gaps {
  /** Lines of an entry up to its first child, or all, without comment and blank lines at their end. */
  readonly ends: ReadonlyMap<YamlEntry, number>;
  readonly leads: ReadonlyMap<YamlEntry, readonly string[]>;
  readonly rests: ReadonlyMap<YamlEntry, readonly string[]>;
  readonly tail: readonly string[];
}

interface Placed {
  readonly entry: YamlEntry;
  /** The entry and those around it, innermost first. */
  readonly around: readonly YamlEntry[];
}

function inOrder(entries: readonly YamlEntry[], outer: readonly YamlEntry[] = []): Placed[] {
  return entries.flatMap((entry) => {
    const around = [entry, ...outer];
    return [{ entry, around }, ...inOrder(entry.entries, around)];
  });
}

const isComment = (line: string): boolean => /^\s*#/.test(line);
const isBlank = (line: string): boolean => line.trim() === "";
const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * A comment belongs to the entry below, unless it is indented deeper than that: then it closes the entry above, at whose depth it stands.
 * Blank lines belong to what is below.
 */
function gapsOf(lines: readonly string[], entries: readonly YamlEntry[]): Gaps {
  const ends = new Map<YamlEntry, number>();
  const leads = new Map<YamlEntry, readonly string[]>();
  const rests = new Map<YamlEntry, readonly string[]>();
  let tail: readonly string[] = [];
  const placed = inOrder(entries);
  const rootColumn = entries[0]?.column ?? 0;
  for (const [index, { entry, around }] of placed.entries()) {
    const next = placed[index + 1]?.entry;
    const stop = next?.line ?? lines.length;
    const end = endOf(entry, stop, lines);
    const gap = lines.slice(end, stop);
    // What stands above a first child is the child's.
    const deep = entry.entries.length > 0 ? 0 : deepIn(gap, next?.column ?? rootColumn);
    const owner = ownerOf(gap.slice(0, deep), around);
    ends.set(entry, end);
    if (owner !== undefined) rests.set(owner, gap.slice(0, deep));
    if (next === undefined) tail = gap.slice(deep);
    else leads.set(next, gap.slice(deep));
  }
  return { ends, leads, rests, tail };
}

/** Behind the last line of an entry, up to `stop`, that is more than a comment or blank. */
function endOf(entry: YamlEntry, stop: number, lines: readonly string[]): number {
  let end = stop;
  while (end > entry.line + 1 && isTriviaLine(lines[end - 1] ?? "")) end--;
  return end;
}

/** How many lines of a gap there are up to the last comment that is indented deeper than the next entry. */
function deepIn(gap: readonly string[], column: number): number {
  return gap.reduce((to, line, at) => (isComment(line) && indentOf(line) > column ? at + 1 : to), 0);
}

const isTriviaLine = (line: string): boolean => isComment(line) || isBlank(line);

/** The innermost entry that stands no deeper than any of the comments. */
function ownerOf(comments: readonly string[], around: readonly YamlEntry[]): YamlEntry | undefined {
  const indents = comments.filter(isComment).map(indentOf);
  if (indents.length === 0) return undefined;
  const least = indents.reduce((one, other) => Math.min(one, other));
  return around.find(({ column }) => column <= least) ?? around.at(-1);
}

interface Reading {
  readonly lines: readonly string[];
  readonly gaps: Gaps;
}

interface BlockStart {
  readonly kind: "map" | "seq";
  readonly isInline: boolean;
  /** Comments of the first entry, where the gaps do not say. */
  readonly lead?: readonly string[];
}

/** `null` where the entries do not stand below each other. */
function blockOf(
  entries: readonly YamlEntry[],
  { kind, isInline, lead }: BlockStart,
  reading: Reading,
): YamlBlock | null {
  const column = entries[0]?.column ?? 0;
  if (entries.some((entry) => entry.column !== column)) return null;
  const items: YamlItem[] = [];
  for (const [index, entry] of entries.entries()) {
    const item = itemOf(entry, index === 0 ? lead : undefined, reading);
    if (item === null) return null;
    items.push(item);
  }
  return { kind, column, isInline, items };
}

function itemOf(
  entry: YamlEntry,
  given: readonly string[] | undefined,
  { lines, gaps }: Reading,
): YamlItem | null {
  const lead = given ?? gaps.leads.get(entry) ?? [];
  const rest = gaps.rests.get(entry) ?? [];
  const head = lines.slice(entry.line, gaps.ends.get(entry));
  const [child] = entry.entries;
  const isInline = child?.line === entry.line;
  const block =
    entry.kind === "leaf" ? null : blockOf(entry.entries, { kind: entry.kind, isInline }, { lines, gaps });
  if (entry.kind !== "leaf" && block === null) return null;
  const length = block === null ? head.length : head.length + lengthOf(block);
  const first = entry.line - lead.length;
  const id = entry.key ?? idOf(entry, head);
  return { id, entry, lead, head, block, rest, first, last: entry.line + length + rest.length - 1 };
}

const lengthOf = ({ items }: YamlBlock): number => (items.at(-1)?.last ?? 0) - (items[0]?.first ?? 0) + 1;

/** Pairs whose value names the item they are in, the surest first; then the first pair. */
const NAMING = ["id", "name", "displayName", "uses", "repo", "image", "key", "run"];

/** An item that nothing names is known by its lines: changed, it is another. */
function idOf(entry: YamlEntry, head: readonly string[]): string {
  const [first] = entry.entries;
  const named = NAMING.map((name) => entry.entries.find(({ key }) => key === name)).find(hasScalar);
  const naming = named ?? (hasScalar(first) ? first : undefined);
  if (naming === undefined) return entry.scalar ?? JSON.stringify([head, entry.entries]);
  // The version behind an action's name is no part of it.
  const value = naming.key === "uses" ? naming.scalar?.replace(/@.*$/, "") : naming.scalar;
  return `${naming.key ?? ""}=${value ?? ""}`;
}

const hasScalar = (entry: YamlEntry | undefined): entry is YamlEntry =>
  entry !== undefined && entry.scalar !== null;

/** The lines of a block, in order. */
export function linesOfBlock({ items }: YamlBlock): string[] {
  return items.flatMap(linesOfItem);
}

function linesOfItem({ lead, head, block, rest }: YamlItem): string[] {
  return [...lead, ...head, ...(block === null ? [] : linesOfBlock(block)), ...rest];
}

/** Whether two entries have the same lines; blank lines above do not count. */
export function sameItem(one: YamlItem | undefined, other: YamlItem | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return sameSaid(one.lead, other.lead) && sameLines(one.rest, other.rest) && sameBody(one, other);
}

/** The same without the comments above and behind. */
export function sameBody(one: YamlItem, other: YamlItem): boolean {
  return sameLines(one.head, other.head) && sameBlock(one.block, other.block);
}

export function sameBlock(one: YamlBlock | null, other: YamlBlock | null): boolean {
  if (one === null || other === null) return one === other;
  const { items } = other;
  return (
    one.kind === other.kind &&
    one.isInline === other.isInline &&
    one.column === other.column &&
    one.items.length === items.length &&
    one.items.every((item, index) => item.id === items[index]?.id && sameItem(item, items[index]))
  );
}

export function sameLines(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}

export function sameSaid(one: readonly string[], other: readonly string[]): boolean {
  return sameLines(
    one.filter((line) => !isBlank(line)),
    other.filter((line) => !isBlank(line)),
  );
}
