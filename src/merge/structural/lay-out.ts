// From the pieces of a merge to its text.
import type { Merging } from "./pieces.ts";

/** A part of a text, in UTF-16 units. */
export interface Placed {
  readonly start: number;
  readonly end: number;
}

/** Writes the spans out, one after the other; nothing stands where two changes met. */
export function layOut({ pieces, texts }: Merging): string {
  return pieces
    .map((piece) =>
      piece.kind === "span" ? texts[piece.span.side].slice(piece.span.start, piece.span.end) : "",
    )
    .join("");
}
