// Hunks for families of candidates: made by hand, and at random.
import fc from "fast-check";
import type { Family } from "../../../src/merge/candidates/candidate.ts";
import type { CandidateName } from "../../../src/merge/candidates/names.ts";
import { sidesOf } from "../../../src/merge/candidates/sides.ts";
import type { Sides } from "../../../src/merge/candidates/sides.ts";

export interface GivenSides {
  readonly base?: string;
  readonly ours: string;
  readonly theirs: string;
  readonly before?: string;
  readonly after?: string;
  readonly path?: string;
}

export function givenSides(given: GivenSides): Sides {
  const { base = "", ours, theirs, before = "", after = "", path = "a.ts" } = given;
  return sidesOf({ kind: "hunk", base, ours, theirs }, { path, before, after, file: null });
}

/** What a family answers, by name. */
export function answersOf(family: Family, given: GivenSides): Partial<Record<CandidateName, string>> {
  return Object.fromEntries(family(givenSides(given)).map(({ name, text }) => [name, text]));
}

/** Lines with much in common, so that alignments, lists, keys and numbers occur. */
const line = fc
  .array(
    fc.constantFrom(
      "a",
      "b",
      "foo",
      "1.2",
      "1.10",
      "7",
      " ",
      "  ",
      ",",
      ": ",
      "(",
      ")",
      "{",
      "}",
      "[",
      "]",
      '"',
      "import ",
      ";",
      "\r",
      "é",
      "😀",
      "_",
    ),
    { maxLength: 6 },
  )
  .map((parts) => `${parts.join("")}\n`);
const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join(""));

/** Three versions of a hunk; a side is the base with some lines replaced, or anything. */
export const hunks: fc.Arbitrary<{ base: string; ours: string; theirs: string; path: string }> = fc
  .tuple(
    text,
    fc.array(fc.option(line, { freq: 3 }), { maxLength: 6 }),
    fc.array(fc.option(line, { freq: 3 }), { maxLength: 6 }),
    fc.option(text, { freq: 3 }),
  )
  .chain(([base, oursEdits, theirsEdits, other]) =>
    fc.constantFrom("a.ts", "a.json", "CHANGELOG.md").map((path) => ({
      base,
      ours: edited(base, oursEdits),
      theirs: other ?? edited(base, theirsEdits),
      path,
    })),
  );

function edited(base: string, edits: readonly (string | null)[]): string {
  const lines = base.match(/[^\n]*\n/g) ?? [];
  const count = Math.max(lines.length, edits.length);
  return Array.from({ length: count }, (_, index) => edits[index] ?? lines[index] ?? "").join("");
}
