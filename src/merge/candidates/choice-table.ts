// How often each choice was made in forks of a kind, after which other choice: what the beams go by.
import type { Fork } from "./blocks.ts";
import type { ChoiceName } from "./choices.ts";
import type { Register } from "./sides.ts";

/** Counts by kind of fork, by the choice before ("^" at the start), by choice. */
export type ChoiceCounts = Readonly<
  Record<string, Readonly<Record<string, Readonly<Partial<Record<ChoiceName, number>>>>>>
>;

/** What the beams of lines and of tokens go by. */
export interface BeamCounts {
  readonly line: ChoiceCounts;
  readonly token: ChoiceCounts;
}

/** The natural logarithm of the probability that `choice` is made in a fork of this kind after `previous`. */
export type ChoiceOdds = (kind: ForkKind, previous: string, choice: ChoiceName) => number;

export interface ForkKind {
  /** Everything that is known of the fork. */
  readonly whole: string;
  /** Only how much of each side is old. */
  readonly ages: string;
}

/** 0 no element, 1 all stood in the base, 2 none did, 3 some. */
function ageOf(old: readonly boolean[]): number {
  if (old.length === 0) return 0;
  if (old.every(Boolean)) return 1;
  return old.some(Boolean) ? 3 : 2;
}

export function forkKind(fork: Fork, register: Register, alone: boolean): ForkKind {
  const { ours, theirs } = fork;
  const ages = `${ageOf(fork.oursOld)}${ageOf(fork.theirsOld)}`;
  const even =
    ours.length > 0 &&
    theirs.length > 0 &&
    Math.abs(ours.length - theirs.length) <= Math.max(1, Math.floor(ours.length / 3));
  return { whole: `${register}/${ages}/${alone ? "alone" : "several"}/${even ? "even" : "uneven"}`, ages };
}

interface Entry {
  readonly kind: string;
  readonly previous: string;
  readonly choice: string;
  readonly count: number;
}

function entriesOf(counts: ChoiceCounts): Entry[] {
  return Object.entries(counts).flatMap(([kind, byPrevious]) =>
    Object.entries(byPrevious).flatMap(([previous, byChoice]) =>
      Object.entries(byChoice).map(([choice, count]) => ({ kind, previous, choice, count })),
    ),
  );
}

interface Tally {
  readonly choices: Map<string, number>;
  total: number;
}

/**
 * Odds from counts, each level smoothed by the next coarser one: the kind after that choice, the kind, the ages alone, all forks (Jelinek and Mercer's
 * interpolation with pseudo-counts 4, 4 and 3, as the probe found them).
 */
export function oddsOf(counts: ChoiceCounts): ChoiceOdds {
  const tallies = new Map<string, Tally>();
  const add = (key: string, choice: string, count: number): void => {
    const tally = tallies.get(key) ?? { choices: new Map<string, number>(), total: 0 };
    tally.choices.set(choice, (tally.choices.get(choice) ?? 0) + count);
    tally.total += count;
    tallies.set(key, tally);
  };
  for (const { kind, previous, choice, count } of entriesOf(counts)) {
    for (const key of [`${kind} ${previous}`, kind, kind.split("/")[1] ?? "", ""]) add(key, choice, count);
  }
  const smoothed = (key: string, choice: string, weight: number, coarser: number): number => {
    const tally = tallies.get(key);
    return ((tally?.choices.get(choice) ?? 0) + weight * coarser) / ((tally?.total ?? 0) + weight);
  };
  return (kind, previous, choice) => {
    const all = smoothed("", choice, 6, 1 / 12);
    const ages = smoothed(kind.ages, choice, 3, all);
    const whole = smoothed(kind.whole, choice, 4, ages);
    return Math.log(smoothed(`${kind.whole} ${previous}`, choice, 4, whole));
  };
}
