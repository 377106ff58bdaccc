// Takes out of a candidate what it does not need: a change at a time, while the gate holds.
import type { Edit } from "../types.ts";
import { hunksOf, linesOf, type Hunk } from "./lines.ts";

interface Piece {
  readonly edit: Edit;
  readonly hunk: Hunk;
}

/** Asks `holds` at most `most` times, and never twice of the same; what comes back held, or is what was given. Edits that change nothing any more are left out. */
export async function minimise(
  edits: readonly Edit[],
  holds: (edits: readonly Edit[]) => Promise<boolean>,
  most: number,
): Promise<readonly Edit[]> {
  let pieces: readonly Piece[] = edits.flatMap((edit) =>
    hunksOf(edit.before, edit.after).map((hunk) => ({ edit, hunk })),
  );
  let asked = 0;
  for (const piece of pieces) {
    if (asked >= most || pieces.length <= 1) break;
    const fewer = pieces.filter((other) => other !== piece);
    asked++;
    if (await holds(composed(edits, fewer))) pieces = fewer;
  }
  return composed(edits, pieces);
}

function composed(edits: readonly Edit[], pieces: readonly Piece[]): readonly Edit[] {
  return edits
    .map((edit) => ({
      ...edit,
      after: withHunks(
        edit,
        pieces.filter((piece) => piece.edit === edit).map(({ hunk }) => hunk),
      ),
    }))
    .filter(({ before, after }) => before !== after);
}

function withHunks({ before, after }: Edit, hunks: readonly Hunk[]): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const parts: string[] = [];
  let place = 0;
  for (const { start, end, newStart, newEnd } of hunks) {
    parts.push(old.slice(place, start).join(""), now.slice(newStart, newEnd).join(""));
    place = end;
  }
  return parts.join("") + old.slice(place).join("");
}
