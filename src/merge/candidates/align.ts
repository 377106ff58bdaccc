// Which elements of one sequence are the same as which of another, in order.

/** `align(a, b)[i]` is the index in `b` that matches `a[i]`, or -1. Matches never cross. */
export type Alignment = Int32Array;

/**
 * Steps of the search, rows and pairs of equal elements, beyond which only what ranges share at their ends is matched. Half a million take some
 * 5 ms; on the development hunks more found no further right answer.
 */
const mostSteps = 500_000;

/** Bounds of a stretch of both sequences. */
type Range = readonly [from: number, to: number, otherFrom: number, otherTo: number];

/**
 * Ratcliff and Obershelp's gestalt matching (J. W. Ratcliff, D. E. Metzener, "Pattern matching: the gestalt approach", Dr. Dobb's Journal, July 1988):
 * the longest common run, then the same on its left and on its right. Longer runs first keeps a statement together where a shortest edit
 * script would match its punctuation to a neighbour's; so would matching first what both share at their ends. Elements are equal where their numbers
 * are; numbers are small and not negative.
 */
export function align(one: Int32Array, other: Int32Array): Alignment {
  const matches = new Int32Array(one.length).fill(-1);
  const whole: Range = [0, one.length, 0, other.length];
  if (isEmpty(whole)) return matches;
  const search = searchIn(one, other);
  const waiting: Range[] = [whole];
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    if (search.steps > mostSteps) {
      matchEnds(one, other, matches, range);
      continue;
    }
    const run = longestRun(search, range);
    if (run.length === 0) continue;
    for (let index = 0; index < run.length; index++) matches[run.one + index] = run.other + index;
    const left: Range = [range[0], run.one, range[2], run.other];
    const right: Range = [run.one + run.length, range[1], run.other + run.length, range[3]];
    if (!isEmpty(left)) waiting.push(left);
    if (!isEmpty(right)) waiting.push(right);
  }
  return matches;
}

const isEmpty = ([from, to, otherFrom, otherTo]: Range): boolean => from >= to || otherFrom >= otherTo;

/** Matches what the range has in common at its start and its end. */
function matchEnds(one: Int32Array, other: Int32Array, matches: Alignment, range: Range): void {
  let [from, to, otherFrom, otherTo] = range;
  while (from < to && otherFrom < otherTo && one[from] === other[otherFrom]) matches[from++] = otherFrom++;
  while (from < to && otherFrom < otherTo && one[to - 1] === other[otherTo - 1]) matches[--to] = --otherTo;
}

/** The sequences, an index of the second, and the table of the longest common run that ends in each of its elements. */
interface Search {
  readonly one: Int32Array;
  /** The places in the second sequence of element e, ascending, are `places[starts[e]]` up to `places[starts[e + 1]]`. */
  readonly places: Int32Array;
  readonly starts: Int32Array;
  /** Length of the run that ends before each place, and the row in which that was found. */
  readonly lengths: Int32Array;
  readonly rows: Int32Array;
  row: number;
  steps: number;
}

function searchIn(one: Int32Array, other: Int32Array): Search {
  let most = 0;
  for (const element of one) most = Math.max(most, element);
  for (const element of other) most = Math.max(most, element);
  const starts = new Int32Array(most + 2);
  for (const element of other) increase(starts, element + 1);
  for (let element = 1; element < starts.length; element++)
    starts[element] = (starts[element] ?? 0) + (starts[element - 1] ?? 0);
  const next = starts.slice();
  const places = new Int32Array(other.length);
  for (let index = 0; index < other.length; index++) places[increase(next, other[index] ?? 0)] = index;
  return {
    one,
    places,
    starts,
    lengths: new Int32Array(other.length + 1),
    rows: new Int32Array(other.length + 1).fill(-1),
    row: 0,
    steps: 0,
  };
}

/** Counts one up; what it was before. */
function increase(counts: Int32Array, index: number): number {
  const count = counts[index] ?? 0;
  counts[index] = count + 1;
  return count;
}

interface Run {
  readonly one: number;
  readonly other: number;
  readonly length: number;
}

/** The longest run both ranges have; of several the first in `one`, then the first in the other. */
function longestRun(search: Search, range: Range): Run {
  // One row is left out between two searches, so that no run goes on from the search before.
  search.row++;
  let longest: Run = { one: range[0], other: range[2], length: 0 };
  for (let index = range[0]; index < range[1]; index++, search.row++) {
    longest = longerInRow(search, index, range, longest);
  }
  return longest;
}

/** Notes every run that ends with one element of `one`; the longest of them, or `longest` if none is longer. */
function longerInRow(search: Search, index: number, [, , otherFrom, otherTo]: Range, longest: Run): Run {
  const { places, lengths, rows, row } = search;
  let best = longest.length;
  let end = -1;
  const first = firstEntry(search, index, 0);
  // Backwards, so that what stands at the place before is still the last row's.
  for (let entry = firstEntry(search, index, 1) - 1; entry >= first; entry--) {
    search.steps++;
    const place = places[entry] ?? 0;
    if (place >= otherTo) continue;
    if (place < otherFrom) break;
    const length = rows[place] === row - 1 ? (lengths[place] ?? 0) + 1 : 1;
    lengths[place + 1] = length;
    rows[place + 1] = row;
    if (length > best || (length === best && end >= 0)) [best, end] = [length, place + 1];
  }
  search.steps++;
  return end < 0 ? longest : { one: index + 1 - best, other: end - best, length: best };
}

/** Where the places of an element of `one`, or of the next higher, begin. */
function firstEntry({ one, starts }: Search, index: number, next: 0 | 1): number {
  return starts[(one[index] ?? 0) + next] ?? 0;
}

/** Numbers for strings, the same for the same string, across all sequences. */
export function intern(sequences: readonly (readonly string[])[]): Int32Array[] {
  const numbers = new Map<string, number>();
  return sequences.map((sequence) => {
    const interned = new Int32Array(sequence.length);
    for (const [index, element] of sequence.entries()) {
      const number = numbers.get(element) ?? numbers.size;
      if (number === numbers.size) numbers.set(element, number);
      interned[index] = number;
    }
    return interned;
  });
}

/** The other direction of an alignment: for each of `length` elements of the second sequence, its match in the first, or -1. */
export function inverse(matches: Alignment, length: number): Alignment {
  const back = new Int32Array(length).fill(-1);
  for (let index = 0; index < matches.length; index++) {
    const match = matches[index] ?? -1;
    if (match >= 0) back[match] = index;
  }
  return back;
}
