// The three-way merge of TOML by key: entries in, entries and what happened to each out.
import type { TomlChild, TomlValue } from "../../syntax/toml-parts.ts";
import type { Change, Sides } from "../json/merge.ts";
import { mergeOrder, type Neighbours } from "../json/order.ts";
import { changeOf, higherVersion, oneSided, type Trio } from "./change.ts";
import {
  canonical,
  childEntries,
  linesOf,
  said,
  sameEntry,
  sameValue,
  type Entry,
  type TomlFile,
} from "./entry.ts";

/** Where entries stand. */
interface Place {
  readonly file: TomlFile;
  /** The dotted name of the table; "" where it is not in sight, or is the root. */
  readonly table: string;
}

interface MergedEntries {
  readonly entries: readonly Entry[];
  readonly changes: readonly Change[];
}

type Entries = readonly Entry[];
type Pair = Trio & { readonly ours: Entry; readonly theirs: Entry };

/** Merges the entries of one table or list; `null` where the sides want different things of one key. */
export function mergeEntries(
  sides: Sides<Entries>,
  place: Place,
  neighbours: Neighbours = { before: [], after: [] },
): MergedEntries | null {
  const maps = { base: byKey(sides.base), ours: byKey(sides.ours), theirs: byKey(sides.theirs) };
  const kept = new Map<string, Entry>();
  const changes: Change[] = [];
  for (const key of new Set([...maps.ours.keys(), ...maps.theirs.keys(), ...maps.base.keys()])) {
    const merged = mergeEntry(
      { base: maps.base.get(key), ours: maps.ours.get(key), theirs: maps.theirs.get(key) },
      place,
    );
    if (merged === null) return null;
    if (merged.entry !== undefined) kept.set(key, merged.entry);
    for (const change of merged.changes) changes.push(change);
  }
  if (bothRenamed(keysOf(sides))) return null;
  const alone = changedAlone(sides);
  if (alone !== null) return { entries: alone, changes };
  const order = mergeOrder([...maps.ours.keys()], [...maps.theirs.keys()], new Set(kept.keys()), neighbours);
  return { entries: order.flatMap((key) => kept.get(key) ?? []), changes };
}

/** The entries of the one side that changed more than the layout, in its own layout and order; `null` where both did. */
function changedAlone({ base, ours, theirs }: Sides<Entries>): Entries | null {
  const same = (side: Entries): boolean =>
    side.length === base.length &&
    side.every((entry, index) => entry.key === base[index]?.key && sameEntry(base[index], entry));
  if (same(ours)) return same(theirs) ? null : theirs;
  return same(theirs) ? ours : null;
}

function byKey(entries: Entries): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.key, entry]));
}

function keysOf({ base, ours, theirs }: Sides<Entries>): Sides<readonly string[]> {
  const keys = (entries: Entries): string[] => entries.map(({ key }) => key);
  return { base: keys(base), ours: keys(ours), theirs: keys(theirs) };
}

/** Whether both sides put another name in the place of one: then neither only added. */
export function bothRenamed(keys: Sides<readonly string[]>): boolean {
  const [base, ours, theirs] = [new Set(keys.base), new Set(keys.ours), new Set(keys.theirs)];
  const adds = (side: ReadonlySet<string>, rival: ReadonlySet<string>): boolean =>
    [...side].some((key) => !base.has(key) && !rival.has(key));
  const gone = [...base].some((key) => !ours.has(key) && !theirs.has(key));
  return gone && adds(ours, theirs) && adds(theirs, ours);
}

interface MergedEntry {
  readonly entry: Entry | undefined;
  readonly changes: readonly Change[];
}

function mergeEntry(trio: Trio, place: Place): MergedEntry | null {
  const { base, ours, theirs } = trio;
  if (ours !== undefined && theirs !== undefined) return mergePair({ base, ours, theirs }, place);
  const left = ours ?? theirs;
  const change = (kind: "agreed" | "added" | "removed"): Change[] => [changeOf(kind, trio, place.table)];
  if (left === undefined) return { entry: undefined, changes: change("agreed") };
  if (base === undefined) return { entry: left, changes: change("added") };
  return sameEntry(base, left) ? { entry: undefined, changes: change("removed") } : null;
}

/** Of an entry that both sides have: the value, and what stands above and behind it, each three-way. */
function mergePair(pair: Pair, place: Place): MergedEntry | null {
  const { base, ours, theirs } = pair;
  const merged = mergeValue(pair, place);
  const lead = pickLead(base?.lead, ours.lead, theirs.lead);
  const after = pick(base?.after, ours.after, theirs.after);
  if (merged === null || lead === null || after === null) return null;
  const isTheirs = merged.value.raw === theirs.value.raw && merged.value.raw !== ours.value.raw;
  const before = pick(base?.before, ours.before, theirs.before) ?? (isTheirs ? theirs : ours).before;
  return {
    entry: { ...(isTheirs ? theirs : ours), lead, before, value: merged.value, after },
    changes: merged.changes,
  };
}

/** What one side changed, or both alike; `null` where both changed it differently. */
export function pick(base: string | undefined, ours: string, theirs: string): string | null {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : null;
}

/** The same for comment and blank lines; of lines that differ in blanks only, ours. */
export function pickLead(
  base: readonly string[] | undefined,
  ours: readonly string[],
  theirs: readonly string[],
): readonly string[] | null {
  const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
  const exact = pick(base && text(base), text(ours), text(theirs));
  if (exact !== null) return exact === text(ours) ? ours : theirs;
  const words = pick(base && said(base), said(ours), said(theirs));
  if (words !== null) return words === said(ours) ? ours : theirs;
  // Both sides added the entry: the comments of the one that has any.
  if (base !== undefined || (said(ours) !== "" && said(theirs) !== "")) return null;
  return said(ours) === "" ? theirs : ours;
}

interface MergedValue {
  readonly value: TomlValue;
  readonly changes: readonly Change[];
}

function mergeValue(pair: Pair, place: Place): MergedValue | null {
  const { base, ours, theirs } = pair;
  const agreed = [changeOf("agreed", pair, place.table)];
  if (ours.value.raw === theirs.value.raw) {
    return { value: ours.value, changes: base?.value.raw === ours.value.raw ? [] : agreed };
  }
  // One side alone changed the meaning: its text. A change of layout by the other gives way.
  if (sameValue(base?.value, ours.value)) {
    if (sameValue(ours.value, theirs.value)) return { value: restyled(pair), changes: [] };
    return { value: theirs.value, changes: oneSided(pair, "theirs", place.table) };
  }
  if (sameValue(base?.value, theirs.value)) {
    return { value: ours.value, changes: oneSided(pair, "ours", place.table) };
  }
  if (sameValue(ours.value, theirs.value)) return { value: ours.value, changes: agreed };
  const higher = higherVersion(pair);
  if (higher !== null) {
    return { value: pair[higher.side].value, changes: [changeOf(higher.kind, pair, place.table)] };
  }
  return mergeChildren(pair, place);
}

/** Of texts of one meaning, that of the side that changed the layout; of two changes, ours. */
function restyled({ base, ours, theirs }: Pair): TomlValue {
  return ours.value.raw === base?.value.raw ? theirs.value : ours.value;
}

/** Inline tables and lists, child by child. */
function mergeChildren(pair: Pair, place: Place): MergedValue | null {
  const sides = childrenOfAll(pair, place.file);
  if (sides === null || (pair.ours.value.kind === "array" && !mayMerge(sides, place.file))) return null;
  const merged = mergeEntries(sides, { file: place.file, table: `${pair.ours.key}.` });
  const value = merged && compose(pair, merged.entries);
  return value && { value, changes: merged.changes };
}

/** `null` where the sides are not all tables or all lists of names, or where two children have one key. */
function childrenOfAll({ base, ours, theirs }: Pair, file: TomlFile): Sides<Entries> | null {
  const { kind } = ours.value;
  const all = [base ?? ours, ours, theirs];
  if (kind === "scalar" || all.some(({ value }) => value.kind !== kind)) return null;
  if (kind === "array" && !all.every(({ value }) => isNamed(value.children))) return null;
  const [old, left, right] = [base, ours, theirs].map((entry) => childrenOf(entry, file));
  return old && left && right ? { base: old, ours: left, theirs: right } : null;
}

/** A list whose elements are names or tables rather than numbers of something. */
export function isNamed(children: readonly Pick<TomlChild, "value">[]): boolean {
  return children.every(({ value }) => value.kind === "table" || /^["']/.test(value.raw));
}

function childrenOf(entry: Entry | undefined, file: TomlFile): Entry[] | null {
  if (entry === undefined) return [];
  return childEntries(entry.value.children, entry.value.layout === "lines" ? null : entry, file);
}

/** In manifests lists are sets; of other files nobody knows, and lists are merged that only grew. */
export function mayMerge(sides: Sides<Entries>, file: TomlFile): boolean {
  if (file !== "toml") return true;
  const { base, ours, theirs } = keysOf(sides);
  return base.every((key) => ours.includes(key) && theirs.includes(key));
}

/** The text of a list or table with these children: a side's own where it has just these, else spans of both. */
function compose(pair: Pair, children: Entries): TomlValue | null {
  const [ours, theirs] = [pair.ours.value, pair.theirs.value];
  if (ours.layout === "lines" && theirs.layout === "lines") return composeLines(pair, children);
  const whole = canonical({ ...ours, children });
  const side = [ours, theirs].find((value) => canonical(value) === whole && !value.raw.includes("#"));
  if (side !== undefined) return side;
  if (ours.layout !== "line" || theirs.layout !== "line") return null;
  const around = ours.children.length > 0 ? ours : theirs;
  if (around.children.length === 0 || children.length === 0) return null;
  const inside = children.map(({ before, value }) => before + value.raw).join(", ");
  return { ...around, children, raw: around.open + inside + around.close };
}

function composeLines({ base, ours, theirs }: Pair, children: Entries): TomlValue | null {
  const old = base?.value;
  const open = pick(old?.open, ours.value.open, theirs.value.open);
  const close = pick(old?.close, ours.value.close, theirs.value.close);
  const rest = pickLead(old?.rest, ours.value.rest, theirs.value.rest);
  if (open === null || close === null || rest === null) return null;
  const lines = [...listLines(children, endsInComma(ours.value) || endsInComma(theirs.value)), ...rest];
  const raw = open + lines.map((line) => `${line}\n`).join("") + close;
  return { ...ours.value, children, open, close, rest, raw };
}

function endsInComma({ children }: TomlValue): boolean {
  return children.at(-1)?.comma === true;
}

/** The lines of elements, a comma between any two and behind the last where asked. */
export function listLines(entries: Entries, commaAtEnd: boolean): string[] {
  return entries.flatMap((entry, index) => linesOf(entry, index < entries.length - 1 || commaAtEnd));
}
