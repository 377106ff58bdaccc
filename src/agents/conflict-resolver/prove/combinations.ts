// The likeliest ways to settle several hunks at once, one after the other, without making them all.

/** Chances of a hunk's options, 0 to 1, likeliest first. */
export type Chances = readonly number[];

interface Choice {
  /** For each hunk the place of its option. */
  readonly places: readonly number[];
  readonly chance: number;
}

/**
 * Yields for each hunk the place of its option, in the order of their joint chance (hunks taken as independent), each combination once; equal chances in the
 * order of the places. Time and memory grow with what is taken, not with the number of combinations.
 */
export function* likeliestCombinations(hunks: readonly Chances[]): Generator<readonly number[]> {
  if (hunks.some((chances) => chances.length === 0)) return;
  const first = hunks.map(() => 0);
  const waiting: Choice[] = [{ places: first, chance: chanceOf(hunks, first) }];
  const seen = new Set([first.join()]);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    yield next.places;
    for (const places of successors(hunks, next.places)) {
      const key = places.join();
      if (seen.has(key)) continue;
      seen.add(key);
      insert(waiting, { places, chance: chanceOf(hunks, places) });
    }
  }
}

const chanceOf = (hunks: readonly Chances[], places: readonly number[]): number =>
  places.reduce((product, place, hunk) => product * (hunks[hunk]?.[place] ?? 0), 1);

/** Combinations in which one hunk has its next option. */
function successors(hunks: readonly Chances[], places: readonly number[]): number[][] {
  return hunks.flatMap((chances, hunk) => {
    const next = (places[hunk] ?? 0) + 1;
    return next < chances.length ? [places.with(hunk, next)] : [];
  });
}

function insert(waiting: Choice[], choice: Choice): void {
  const at = waiting.findIndex((other) => comesBefore(choice, other));
  waiting.splice(at === -1 ? waiting.length : at, 0, choice);
}

function comesBefore(one: Choice, other: Choice): boolean {
  if (one.chance !== other.chance) return one.chance > other.chance;
  const differing = one.places.findIndex((place, hunk) => place !== other.places[hunk]);
  return (one.places[differing] ?? 0) < (other.places[differing] ?? 0);
}
