// A three-way merge of ordered sets: what a list becomes when both sides add to it or take from it.

/** What each side did to a set, by key. */
export interface SetChange {
  readonly oursAdds: readonly string[];
  readonly theirsAdds: readonly string[];
  readonly oursRemoves: readonly string[];
  readonly theirsRemoves: readonly string[];
}

/** Compares three sets of keys. */
export function compareSets(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): SetChange {
  const without = (from: readonly string[], other: readonly string[]) => {
    const known = new Set(other);
    return [...new Set(from)].filter((key) => !known.has(key));
  };
  return {
    oursAdds: without(ours, base),
    theirsAdds: without(theirs, base),
    oursRemoves: without(base, ours),
    theirsRemoves: without(base, theirs),
  };
}

/** "both-add": nothing is removed. "one-removes", "both-remove": by how many sides. */
export type SetChangeKind = "both-add" | "one-removes" | "both-remove";

/** How the two sides' changes meet. */
export function kindOf(change: SetChange): SetChangeKind {
  const removes = Number(change.oursRemoves.length > 0) + Number(change.theirsRemoves.length > 0);
  return removes === 0 ? "both-add" : removes === 1 ? "one-removes" : "both-remove";
}

/**
 * The keys of the merged set in order: ours, less what theirs removed, with each addition of theirs behind its neighbour in theirs. Where both sides add
 * in one place, ours come first: that is the order developers kept most often in changelogs (bench/precision.ts). Each side's own order is kept
 * unless the sides disagree. Keys are unique within a side; duplicates are dropped.
 */
export function unionOrdered(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): string[] {
  const inBase = new Set(base);
  const inOurs = new Set(ours);
  const inTheirs = new Set(theirs);
  const merged = [...inOurs].filter((key) => !inBase.has(key) || inTheirs.has(key));
  const present = new Set(merged);
  let neighbour: string | null = null;
  for (const key of inTheirs) {
    if (!present.has(key) && !inBase.has(key)) {
      merged.splice(placeAfter(merged, neighbour, { inBase, inTheirs }), 0, key);
      present.add(key);
    }
    if (present.has(key)) neighbour = key;
  }
  return merged;
}

/** Behind `neighbour` and behind whatever only ours added there. */
function placeAfter(
  merged: readonly string[],
  neighbour: string | null,
  { inBase, inTheirs }: { inBase: ReadonlySet<string>; inTheirs: ReadonlySet<string> },
): number {
  let index = neighbour === null ? 0 : merged.indexOf(neighbour) + 1;
  for (
    let key = merged[index];
    key !== undefined && !inBase.has(key) && !inTheirs.has(key);
    key = merged[index]
  ) {
    index++;
  }
  return index;
}

/** Whether every key is at or behind its predecessor; the comparison is by code unit, as most sorters of import lists and ignore files do. */
export function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") <= key);
}
