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
  return interleave(ours, theirs, kept);
}

function interleave(ours: readonly string[], theirs: readonly string[], kept: ReadonlySet<string>): string[] {
  const inOurs = new Set(ours);
  const inTheirs = new Set(theirs);
  /** Names that only theirs has, by the name of both that they follow; "at the start" has no name. */
  const following = new Map<string | null, string[]>();
  let anchor: string | null = null;
  for (const name of theirs.filter((one) => kept.has(one))) {
    if (inOurs.has(name)) anchor = name;
    else if (following.has(anchor)) following.get(anchor)?.push(name);
    else following.set(anchor, [name]);
  }
  const result: string[] = [];
  let pending = following.get(null) ?? [];
  for (const name of ours.filter((one) => kept.has(one))) {
    if (inTheirs.has(name)) {
      for (const waiting of pending) result.push(waiting);
      pending = following.get(name) ?? [];
    }
    result.push(name);
  }
  return [...result, ...pending];
}

/** Names that package.json's `exports` and `imports` give to conditions; the first that holds is taken, so their order is meaning. */
const CONDITIONS: ReadonlySet<string> = new Set(
  "import require types default node browser module development production worker deno bun react-native".split(
    " ",
  ),
);

/** Whether the names of a container of package.json are conditions. `keys` are the names of the containers around it, as far as they are known. */
export function areConditions(keys: readonly string[], names: readonly string[]): boolean {
  const named = names.filter((name) => !/^[.#]/.test(name));
  if (named.length === 0) return false;
  const isInside = keys.some((key) => /^(?:exports|imports|[.#].*)$/.test(key));
  return isInside || (named.length > 1 && named.every((name) => CONDITIONS.has(name)));
}

/** The order of names of which the first that fits is taken; `null` where the sides disagree about it, or both put in a name. */
export function strictOrder(
  ours: readonly string[],
  theirs: readonly string[],
  kept: ReadonlySet<string>,
): string[] | null {
  const [left, right] = [ours, theirs].map((names) => names.filter((name) => kept.has(name)));
  if (left === undefined || right === undefined) return null;
  const common = left.filter((name) => right.includes(name));
  const isCommon = new Set(common);
  const isSame = right.filter((name) => isCommon.has(name)).every((name, index) => name === common[index]);
  if (!isSame || (left.length > common.length && right.length > common.length)) return null;
  return left.length > common.length ? left : right;
}
