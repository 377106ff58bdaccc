// Merge of two texts token by token along what they share with each other; the base only says whose what differs is.
import type { Alignment } from "./align.ts";
import { spell } from "./pieces.ts";
import type { Mode, Piece } from "./pieces.ts";
import type { Cut } from "./sides.ts";
import { cutTokens } from "./token-cut.ts";

/** UTF-16 units of base, ours and theirs together beyond which nothing is merged. */
const longest = 12_000;

/**
 * Merges two versions of a text, of which `base` need only contain the old one. What one side left as it was gives way to what the other made of it;
 * where both made something new, `mode` decides. `null` where the texts are too long.
 */
export function mergeTokens(base: string, ours: string, theirs: string, mode: Mode): string | null {
  const pieces = tokenPieces(base, ours, theirs);
  return pieces && spell(pieces, mode);
}

/** The same merge before the mode decides: for who wants several modes of it. */
export function tokenPieces(base: string, ours: string, theirs: string): Piece[] | null {
  const cut = cutTokens(base, ours, theirs, longest);
  return cut && mergeAlong(cut, (side, from, to) => cut[side].slice(from, to).join(""));
}

/** A side's text between two of its elements. */
type TextOf = (side: "ours" | "theirs", from: number, to: number) => string;

/** What of the base stands in a stretch of one side. */
type Origin = "empty" | "old" | "new" | "mixed";

/** The merge of a cut along `oursToTheirs`; `shared` spells one element that both have. */
export function mergeAlong(
  cut: Cut,
  textOf: TextOf,
  shared: (own: number, other: number) => readonly Piece[] = (own) => [cut.ours[own] ?? ""],
): Piece[] {
  const { ours, theirs, oursToBase, theirsToBase, oursToTheirs } = cut;
  const pieces: Piece[] = [];
  let [own, other] = [0, 0];
  for (let index = 0; index <= ours.length; index++) {
    const isEnd = index === ours.length;
    const match = isEnd ? theirs.length : (oursToTheirs[index] ?? -1);
    if (match < 0) continue;
    if (index > own || match > other) {
      const ownOrigin = originOf(oursToBase, own, index);
      const otherOrigin = originOf(theirsToBase, other, match);
      const texts = { ours: textOf("ours", own, index), theirs: textOf("theirs", other, match) };
      pieces.push(settle(ownOrigin, otherOrigin, texts));
    }
    if (!isEnd) pieces.push(...shared(index, match));
    [own, other] = [index + 1, match + 1];
  }
  return pieces;
}

function originOf(toBase: Alignment, from: number, to: number): Origin {
  if (from === to) return "empty";
  let old = 0;
  for (let index = from; index < to; index++) if ((toBase[index] ?? -1) >= 0) old++;
  if (old === 0) return "new";
  return old === to - from ? "old" : "mixed";
}

function settle(own: Origin, other: Origin, texts: { ours: string; theirs: string }): Piece {
  // Both old: each was removed by the other side.
  if (own === "old" && other === "old") return "";
  if (own === "old") return texts.theirs;
  if (other === "old") return texts.ours;
  if (own === "empty" && other === "new") return texts.theirs;
  if (other === "empty" && own === "new") return texts.ours;
  return texts;
}
