// What the settled hunks of a merge hand on to the hunks that are still open.
import type { FileResolution, SettledSibling } from "../core/conflict.ts";
import { isCertain } from "./rank/settle.ts";

/** A settled hunk before it has its place among those that are handed on. */
export type Settled = Omit<SettledSibling, "place">;

/** Settled hunks that are handed on; of more, the last: the nearest tell most. */
const mostSiblings = 200;
/** UTF-16 units of a hunk and its resolution, above which it is not handed on: siblings go to another thread, and only their beginnings are read. */
const longestSibling = 20_000;

/**
 * The hunks of a file that are settled whatever the ranker says. By the shipped figures alone, not by the push bar or the repository's own counts: what
 * is applied later must be settled as it was proposed.
 */
export function certainHunks({ path, hunks }: FileResolution): Settled[] {
  return hunks.flatMap(({ hunk, settlement }) =>
    settlement !== null && isCertain(settlement) ? [{ path, hunk, text: settlement.text }] : [],
  );
}

/**
 * Siblings of a file's open hunks: settled hunks of other files, in the order of the merge, and those of its own that were settled from outside, by their
 * index in the file.
 */
export function siblingsOf(
  others: readonly Settled[],
  own: readonly (Settled & { readonly index: number })[] = [],
): SettledSibling[] {
  const near = own.filter(isShort).slice(-mostSiblings);
  const far = others.filter(isShort);
  const handedOn = far.slice(Math.max(0, far.length + near.length - mostSiblings));
  // The ranker numbers the file's own hunks after all that it is handed (rank/rank-file.ts).
  const before = handedOn.length + near.length;
  return [
    ...handedOn.map((one, place) => ({ ...one, place })),
    ...near.map(({ index, ...one }) => ({ ...one, place: before + index })),
  ];
}

const isShort = ({ hunk: { base, ours, theirs }, text }: Settled): boolean =>
  base.length + ours.length + theirs.length + text.length <= longestSibling;
