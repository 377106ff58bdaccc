// The two sides as a row of blocks: what they share, and between it what each has in its place.
import type { Cut } from "./sides.ts";

/** What both sides have. */
interface Shared {
  readonly kind: "shared";
  readonly text: string;
}

/** What each side has in one place. */
export interface Fork {
  readonly kind: "fork";
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  /** Which elements of each side stood in the base. */
  readonly oursOld: readonly boolean[];
  readonly theirsOld: readonly boolean[];
}

export type Block = Shared | Fork;

interface Stretch {
  readonly ours: readonly [from: number, to: number];
  readonly theirs: readonly [from: number, to: number];
  readonly shared: boolean;
}

/**
 * Cuts the sides into blocks. `joins` says of what two forks share between them whether it is too slight to keep them apart: an empty
 * line, a comma.
 */
export function blocksOf(cut: Cut, joins: (shared: readonly string[]) => boolean): Block[] {
  const joined: Stretch[] = [];
  const stretches = stretchesOf(cut);
  for (const [index, stretch] of stretches.entries()) {
    const last = joined.at(-1);
    const slight =
      stretch.shared && index > 0 && index < stretches.length - 1 && joins(cut.ours.slice(...stretch.ours));
    if (last && !last.shared && (slight || !stretch.shared)) {
      joined[joined.length - 1] = {
        ours: [last.ours[0], stretch.ours[1]],
        theirs: [last.theirs[0], stretch.theirs[1]],
        shared: false,
      };
    } else joined.push(stretch);
  }
  return joined.map((stretch) => blockOf(cut, stretch));
}

function blockOf({ ours, theirs, oursToBase, theirsToBase }: Cut, stretch: Stretch): Block {
  const own = ours.slice(...stretch.ours);
  if (stretch.shared) return { kind: "shared", text: own.join("") };
  const old = (alignment: Int32Array, range: readonly [number, number]): boolean[] =>
    [...alignment.subarray(...range)].map((match) => match >= 0);
  return {
    kind: "fork",
    ours: own,
    theirs: theirs.slice(...stretch.theirs),
    oursOld: old(oursToBase, stretch.ours),
    theirsOld: old(theirsToBase, stretch.theirs),
  };
}

/** Runs of matches, and what lies between them. */
function stretchesOf({ ours, theirs, oursToTheirs }: Cut): Stretch[] {
  const stretches: Stretch[] = [];
  let own = 0;
  let other = 0;
  while (own < ours.length || other < theirs.length) {
    const start = own;
    while (own < ours.length && oursToTheirs[own] === other + own - start) own++;
    if (own > start) {
      stretches.push({ ours: [start, own], theirs: [other, other + own - start], shared: true });
      other += own - start;
      continue;
    }
    while (own < ours.length && oursToTheirs[own] === -1) own++;
    const next = oursToTheirs[own] ?? theirs.length;
    stretches.push({ ours: [start, own], theirs: [other, next], shared: false });
    other = next;
  }
  return stretches;
}
