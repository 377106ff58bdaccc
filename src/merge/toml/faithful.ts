// Whether a merged text holds what the three texts together ask for, judged by a parser of its own and value by value.
import { canonicalToml, readToml } from "../../syntax/toml.ts";
import type { Sides } from "../json/merge.ts";
import { requirementName, type TomlFile } from "./entry.ts";

/**
 * Whether `merged` has every change of either side: what one side alone changed is that side's, what both changed is one of the two, and nothing
 * that only one side removed or added is otherwise. Total.
 */
export function isFaithful(sides: Sides<string>, merged: string, file: TomlFile): boolean {
  const [base, ours, theirs, result] = [sides.base, sides.ours, sides.theirs, merged].map(readToml);
  if (!base || !ours || !theirs || !result) return false;
  return follows({ base, ours, theirs, result }, file, 0);
}

type Four = Sides<unknown> & { readonly result: unknown };

/** The name of no value; no value has it. */
const ABSENT = "";

/** Deeper nesting than any real file has. */
const MAX_DEPTH = 60;

function follows(four: Four, file: TomlFile, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const { base, ours, theirs, result } = four;
  const names = { base: nameOf(base), ours: nameOf(ours), theirs: nameOf(theirs), result: nameOf(result) };
  const wanted = threeWay(names);
  return wanted === null ? followsBoth(four, names, { file, depth }) : names.result === wanted;
}

interface Walk {
  readonly file: TomlFile;
  readonly depth: number;
}

/** Of what both sides changed. */
function followsBoth(four: Four, names: FourOf<string>, { file, depth }: Walk): boolean {
  const { base, ours, theirs, result } = four;
  // A table of dotted names is gone with the last of them.
  const rest = result ?? {};
  if (isTable(ours) && isTable(theirs) && isTable(rest)) {
    const tables = { base: isTable(base) ? base : {}, ours, theirs, result: rest };
    return everyKey(tables, (key) => follows(at(tables, key), file, depth + 1));
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && Array.isArray(result)) {
    return followsList({ base: Array.isArray(base) ? base : [], ours, theirs, result }, file);
  }
  return isOneOfTwo(names);
}

/** Whether both sides have a value and the result has one of them. */
function isOneOfTwo({ ours, theirs, result }: FourOf<string>): boolean {
  return ours !== ABSENT && theirs !== ABSENT && (result === ours || result === theirs);
}

/** What one side alone changed, or both alike; `null` where both did, differently. */
function threeWay<T>({ base, ours, theirs }: Sides<T>): T | null {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : null;
}

type Table = Readonly<Record<string, unknown>>;
type FourOf<T> = Sides<T> & { readonly result: T };

function at(tables: FourOf<Table>, key: string): Four {
  const own = (table: Table): unknown => (Object.hasOwn(table, key) ? table[key] : undefined);
  return {
    base: own(tables.base),
    ours: own(tables.ours),
    theirs: own(tables.theirs),
    result: own(tables.result),
  };
}

function everyKey({ base, ours, theirs, result }: FourOf<Table>, holds: (key: string) => boolean): boolean {
  return [...new Set([base, ours, theirs, result].flatMap((table) => Object.keys(table)))].every(holds);
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Lists as sets of names: an element is there as the sides have it, one of two versions of a requirement. */
function followsList(lists: FourOf<readonly unknown[]>, file: TomlFile): boolean {
  const sides = [lists.base, lists.ours, lists.theirs, lists.result];
  for (const name of [(value: unknown) => elementName(value, file), nameOf]) {
    const [base, ours, theirs, result] = sides.map(
      (list) => new Map(list.map((value) => [name(value), nameOf(value)])),
    );
    if (!base || !ours || !theirs || !result) return false;
    const isUnique = [base, ours, theirs, result].every((map, index) => map.size === sides[index]?.length);
    if (isUnique) return followsNames({ base, ours, theirs, result });
  }
  return false;
}

function followsNames({ base, ours, theirs, result }: FourOf<ReadonlyMap<string, string>>): boolean {
  const all = [base, ours, theirs, result].flatMap((map) => [...map.keys()]);
  return [...new Set(all)].every((key) => {
    const of = (map: ReadonlyMap<string, string>): string => map.get(key) ?? ABSENT;
    const names = { base: of(base), ours: of(ours), theirs: of(theirs), result: of(result) };
    const wanted = threeWay(names);
    return wanted === null ? isOneOfTwo(names) : names.result === wanted;
  });
}

function elementName(value: unknown, file: TomlFile): string {
  return typeof value === "string" ? `name ${requirementName(value, file)}` : nameOf(value);
}

function nameOf(value: unknown): string {
  return value === undefined ? ABSENT : (canonicalToml(value) ?? "too deep");
}

/** Whether every comment is there as often as the sides ask for: none is lost, none doubled but where each side wrote it in another place. */
export function keepsComments(sides: Sides<readonly string[]>, merged: readonly string[]): boolean {
  const counts = { base: countsOf(sides.base), ours: countsOf(sides.ours), theirs: countsOf(sides.theirs) };
  const result = countsOf(merged);
  const all = new Set([...sides.base, ...sides.ours, ...sides.theirs, ...merged]);
  return [...all].every((comment) => {
    const of = (side: keyof typeof counts): number => counts[side].get(comment) ?? 0;
    const [base, ours, theirs, now] = [of("base"), of("ours"), of("theirs"), result.get(comment) ?? 0];
    if (theirs === base) return now === ours;
    if (ours === base) return now === theirs;
    const apart = Math.max(0, ours + theirs - base);
    return now >= Math.min(ours, theirs, apart) && now <= Math.max(ours, theirs, apart);
  });
}

function countsOf(comments: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const comment of comments) counts.set(comment, (counts.get(comment) ?? 0) + 1);
  return counts;
}
