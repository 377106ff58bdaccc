// What the search keeps of one place while it is asked about, and in which order places have their turn.
import type { Judgement } from "./aim.ts";
import { giveUpsEach, repeatsEach, sameFailures } from "./limits.ts";
import type { Refusal } from "./show.ts";
import type { Place } from "./types.ts";

/** A candidate that was judged. `place`: the index of where it was written, 0 for the likeliest. */
export interface Tried {
  readonly judgement: Judgement;
  readonly place: number;
  readonly callIds: readonly string[];
}

/** What one place has come to. */
export interface Round {
  readonly place: Place;
  readonly index: number;
  /** Of this place and this standing: the best that was run and not accepted. */
  best: Tried | null;
  /** Refused before anything was run: said to the next sample at once. */
  readonly refused: Refusal[];
  /** An answer was out of form: from then on the code alone is asked for. */
  codeAlone: boolean;
  signature: { readonly name: string; readonly times: number } | null;
  /** Answers that were no giving up. */
  written: number;
  gaveUp: number;
  readonly texts: Set<string>;
  /** Candidates whose text was there before. */
  repeats: number;
}

export const openRound = (place: Place, index: number): Round => ({
  place,
  index,
  best: null,
  refused: [],
  codeAlone: false,
  signature: null,
  written: 0,
  gaveUp: 0,
  texts: new Set(),
  repeats: 0,
});

/** Whether more of the same is to be expected here. */
export const isStuck = ({ signature, written, gaveUp, repeats }: Round): boolean =>
  (signature !== null && signature.times >= sameFailures) ||
  (written === 0 && gaveUp >= giveUpsEach) ||
  repeats >= repeatsEach;

/** One failure more of this name, or the first. */
export const counted = (before: Round["signature"], name: string) => ({
  name,
  times: before?.name === name ? before.times + 1 : 1,
});

/** More put right first, then less broken; what was run before what was not. */
export function better(one: Tried | null, other: Tried): Tried {
  if (one === null) return other;
  const [a, b] = [one.judgement, other.judgement];
  const isRun = Number(b.evidence !== null) - Number(a.evidence !== null);
  return (isRun || b.fixed - a.fixed || a.worse - b.worse) > 0 ? other : one;
}

interface Turns {
  readonly places: readonly Place[];
  /** Names of places where nothing was gained. */
  readonly fruitless: ReadonlySet<string>;
}

/** Likeliest first, but last those where nothing was gained before: of a fault in several places each needs its turn. */
export function inTurn({ places, fruitless }: Turns): readonly number[] {
  const wasFruitless = (index: number) => {
    const place = places[index];
    return Number(place !== undefined && fruitless.has(nameOf(place)));
  };
  return [...places.keys()].toSorted((a, b) => wasFruitless(a) - wasFruitless(b) || a - b);
}

export const nameOf = ({ path, span }: Place): string => (span === null ? path : `${span.name} in ${path}`);
