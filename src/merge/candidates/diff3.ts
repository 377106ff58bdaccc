// Three-way merge anchored in the base: what both sides kept of it holds the merge together, what lies between is one side's or a clash.
import { inverse } from "./align.ts";
import type { Alignment } from "./align.ts";
import type { Piece } from "./pieces.ts";

/** Three sequences whose elements joined are texts, and which elements of a side are the base's. */
export interface Anchored {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly oursToBase: Alignment;
  readonly theirsToBase: Alignment;
}

/** The diff3 of S. Khanna, K. Kunal, B. C. Pierce, "A formal investigation of diff3" (FSTTCS 2007): every chunk between anchors is merged as one. */
export function diff3({ base, ours, theirs, oursToBase, theirsToBase }: Anchored): Piece[] {
  const inOurs = inverse(oursToBase, base.length);
  const inTheirs = inverse(theirsToBase, base.length);
  const pieces: Piece[] = [];
  let [from, own, other] = [0, 0, 0];
  const mergeUpTo = (index: number, ownPlace: number, otherPlace: number): void => {
    const chunk = [base.slice(from, index), ours.slice(own, ownPlace), theirs.slice(other, otherPlace)];
    if (chunk.some(({ length }) => length > 0)) pieces.push(mergeChunk(chunk.map((part) => part.join(""))));
    [from, own, other] = [index + 1, ownPlace + 1, otherPlace + 1];
  };
  for (let index = 0; index < base.length; index++) {
    const ownPlace = inOurs[index] ?? -1;
    const otherPlace = inTheirs[index] ?? -1;
    if (ownPlace < 0 || otherPlace < 0) continue;
    mergeUpTo(index, ownPlace, otherPlace);
    pieces.push(base[index] ?? "");
  }
  mergeUpTo(base.length, ours.length, theirs.length);
  return pieces;
}

function mergeChunk([base = "", ours = "", theirs = ""]: readonly string[]): Piece {
  if (ours === base) return theirs;
  return theirs === base || ours === theirs ? ours : { ours, theirs };
}
