// In what order the names of two sides stand after a merge.

type Compare = (one: string, other: string) => number;

/** npm sorts package.json and package-lock.json by the English collation; most other tools by code unit. */
const COLLATOR = new Intl.Collator("en");
const COMPARERS: readonly Compare[] = [
  (one, other) => (one < other ? -1 : Number(one > other)),
  (one, other) => COLLATOR.compare(one, other),
];

function isSorted(names: readonly string[], compare: Compare): boolean {
  return names.every((name, index) => index === 0 || compare(names[index - 1] ?? "", name) < 0);
}

export interface Neighbours {
  /** Names of the same container just before and just after, in file order; empty if unknown. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Orders `kept`, the names that a merge keeps. Sorted if both sides are, with their neighbours, by one and the same order;
 * else ours in its order, and each name that only theirs has after the one it follows in theirs, behind what ours added at that place.
 */
export function mergeOrder(
  ours: readonly string[],
  theirs: readonly string[],
  kept: ReadonlySet<string>,
  neighbours: Neighbours,
): string[] {
  const around = (names: readonly string[]): string[] => [
    ...neighbours.before,
    ...names,
    ...neighbours.after,
  ];
  const compare = COMPARERS.find((order) => isSorted(around(ours), order) && isSorted(around(theirs), order));
  if (compare !== undefined) return Array.from(kept).sort(compare);
  const result = ours.filter((name) => kept.has(name));
  const inOurs = new Set(ours);
  const inTheirs = new Set(theirs);
  let after: string | null = null;
  for (const name of theirs) {
    if (kept.has(name) && !inOurs.has(name)) {
      let at = after === null ? 0 : result.indexOf(after) + 1;
      while (at < result.length && !inTheirs.has(result[at] ?? "")) at++;
      result.splice(at, 0, name);
    }
    if (kept.has(name)) after = name;
  }
  return result;
}
