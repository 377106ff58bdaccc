// The three-way merge of maps: entry by entry, each entry as a whole.
import type { Sides } from "../json/merge.ts";
import { unionOrdered } from "../lists/ordered-union.ts";

/** What is made of a map, or of one entry, by three sides; `undefined` is "is not there". */
export type Trio<T> = Sides<T | undefined>;

/** An entry of the result, or that there is none; `null` where nobody can tell. */
export type Chosen<T> = { readonly value: T | undefined } | null;

export interface EntryRules<T> {
  readonly same: (one: T, other: T) => boolean;
  /** Asked only where both sides changed the entry, differently. */
  readonly choose: (key: string, trio: Trio<T>) => Chosen<T>;
}

/** `null` as soon as one entry cannot be settled. The order is that of base, ours, theirs: for `orderKeys` to change. */
export function mergeEntries<T>(
  sides: Sides<ReadonlyMap<string, T>>,
  { same, choose }: EntryRules<T>,
): Map<string, T> | null {
  const { base, ours, theirs } = sides;
  const merged = new Map<string, T>();
  const unchanged = (one: T | undefined, other: T | undefined) =>
    one === undefined || other === undefined ? one === other : same(one, other);
  for (const key of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const trio = { base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) };
    const chosen = decide(trio, unchanged) ?? choose(key, trio);
    if (chosen === null) return null;
    if (chosen.value !== undefined) merged.set(key, chosen.value);
  }
  return merged;
}

function decide<T>(
  { base, ours, theirs }: Trio<T>,
  unchanged: (one: T | undefined, other: T | undefined) => boolean,
): Chosen<T> {
  if (unchanged(ours, theirs) || unchanged(base, theirs)) return { value: ours };
  return unchanged(base, ours) ? { value: theirs } : null;
}

export type Compare = (one: string, other: string) => number;

/** By code unit: what most tools sort by. */
export const byCodeUnit: Compare = (one, other) => (one < other ? -1 : Number(one > other));

const collator = new Intl.Collator("en");
/** As people sort: what tools sort by that leave it to the language. */
export const byLanguage: Compare = (one, other) => collator.compare(one, other);

/**
 * The keys of a merged map in the sides' own order: sorted by the first of `orders` that all sides are sorted by, else each new key behind its neighbour.
 * `null` if neither tells where a key belongs.
 */
export function orderKeys(
  keys: Iterable<string>,
  { base, ours, theirs }: Sides<Iterable<string>>,
  orders: readonly Compare[],
): string[] | null {
  const sides = [[...base], [...ours], [...theirs]] as const;
  const order = orders.find((compare) => sides.every((side) => isSorted(side, compare)));
  if (order !== undefined) return [...keys].sort(order);
  const wanted = new Set(keys);
  const merged = unionOrdered(...sides).filter((key) => wanted.has(key));
  return merged.length === wanted.size ? merged : null;
}

function isSorted(keys: readonly string[], compare: Compare): boolean {
  return keys.every((key, index) => index === 0 || compare(keys[index - 1] ?? "", key) <= 0);
}
