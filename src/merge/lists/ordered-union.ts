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
  const followers = linked([...inOurs].filter((key) => !inBase.has(key) || inTheirs.has(key)));
  let neighbour: string | null = null;
  for (const key of inTheirs) {
    const present = followers.has(key);
    if (!present && inBase.has(key)) continue;
    if (!present) {
      const place = placeAfter(followers, neighbour, { inBase, inTheirs });
      followers.set(key, followers.get(place) ?? null);
      followers.set(place, key);
    }
    neighbour = key;
  }
  return unlinked(followers);
}

/** A list as who follows whom, so that putting a key in costs the same however long it is; `null` stands before the first and behind the last. */
type Followers = Map<string | null, string | null>;

function linked(keys: readonly string[]): Followers {
  return new Map([null, ...keys].map((key, index) => [key, keys[index] ?? null]));
}

function unlinked(followers: Followers): string[] {
  const keys: string[] = [];
  for (let key = followers.get(null) ?? null; key !== null; key = followers.get(key) ?? null) keys.push(key);
  return keys;
}

/** The key to stand behind: `neighbour`, or the last of what only ours added right there. No run of these is walked twice. */
function placeAfter(
  followers: Followers,
  neighbour: string | null,
  { inBase, inTheirs }: { inBase: ReadonlySet<string>; inTheirs: ReadonlySet<string> },
): string | null {
  let place = neighbour;
  for (
    let key = followers.get(place) ?? null;
    key !== null && !inBase.has(key) && !inTheirs.has(key);
    key = followers.get(key) ?? null
  ) {
    place = key;
  }
  return place;
}

/** Whether every key is at or behind its predecessor; the comparison is by code unit, as most sorters of import lists and ignore files do. */
export function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") <= key);
}
