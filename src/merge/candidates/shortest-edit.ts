// Shortest edit scripts: which elements two sequences share, at the least number of insertions and deletions.
import type { Alignment } from "./align.ts";

/**
 * E. W. Myers, "An O(ND) difference algorithm and its variations" (Algorithmica 1, 1986), forwards, with every step's frontier kept for the way back.
 * `null` where it takes more than `mostEdits` edits: time and memory grow with their square.
 */
export function alignShortest(one: Int32Array, other: Int32Array, mostEdits: number): Alignment | null {
  const frontiers = searchForwards(one, other, mostEdits);
  return frontiers && wayBack(one, other, frontiers);
}

/** `frontiers[d][k + d]`: how far into `one` d edits reach on the diagonal k (index in `one` less index in `other`); -1 where they do not. */
type Frontiers = readonly Int32Array[];

function searchForwards(one: Int32Array, other: Int32Array, mostEdits: number): Frontiers | null {
  const frontiers: Int32Array[] = [];
  let before = new Int32Array(0);
  for (let edits = 0; edits <= mostEdits; edits++) {
    const frontier = new Int32Array(2 * edits + 1).fill(-1);
    frontiers.push(frontier);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let place = edits === 0 ? 0 : startOf(before, edits, diagonal);
      let otherPlace = place - diagonal;
      if (place < 0 || place > one.length || otherPlace > other.length) continue;
      while (place < one.length && otherPlace < other.length && one[place] === other[otherPlace]) {
        place++;
        otherPlace++;
      }
      frontier[diagonal + edits] = place;
      if (place === one.length && otherPlace === other.length) return frontiers;
    }
    before = frontier;
  }
  return null;
}

/** Where on the diagonal the last edit ends; below 0 where no edit gets there. `before` is the frontier of one edit less. */
function startOf(before: Int32Array, edits: number, diagonal: number): number {
  const inserted = before[diagonal + edits] ?? -1;
  const deleted = before[diagonal + edits - 2] ?? -1;
  return deleted < inserted ? inserted : deleted < 0 ? -1 : deleted + 1;
}

function wayBack(one: Int32Array, other: Int32Array, frontiers: Frontiers): Alignment {
  const matches = new Int32Array(one.length).fill(-1);
  let [place, diagonal] = [one.length, one.length - other.length];
  for (let edits = frontiers.length - 1; edits >= 0; edits--) {
    const before = frontiers[edits - 1];
    const start = before ? startOf(before, edits, diagonal) : 0;
    while (place > start) {
      place--;
      matches[place] = place - diagonal;
    }
    if (!before) break;
    const isInsertion = (before[diagonal + edits - 2] ?? -1) < (before[diagonal + edits] ?? -1);
    diagonal += isInsertion ? 1 : -1;
    if (!isInsertion) place--;
  }
  return matches;
}
