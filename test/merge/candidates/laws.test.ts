// What holds for every family, whatever the hunk.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { blankMerge } from "../../../src/merge/candidates/blank-merge.ts";
import type { Family } from "../../../src/merge/candidates/candidate.ts";
import { charMerge } from "../../../src/merge/candidates/char-merge.ts";
import { keyUnion } from "../../../src/merge/candidates/keys.ts";
import { listItems } from "../../../src/merge/candidates/list-items.ts";
import { higherVersion, numberSum } from "../../../src/merge/candidates/numbers.ts";
import { pairMerge } from "../../../src/merge/candidates/pair-merge.ts";
import { renames, replayedEdits } from "../../../src/merge/candidates/replay.ts";
import { sortedInserts } from "../../../src/merge/candidates/sorted-insert.ts";
import { lineDiff3, tokenDiff3 } from "../../../src/merge/candidates/token-diff3.ts";
import { mergeTokens } from "../../../src/merge/candidates/token-merge.ts";
import { splitLines } from "../../../src/merge/lines.ts";
import { answersOf, givenSides, hunks } from "./support.ts";

/** Those that the base holds together. */
const merges = { tokenDiff3, lineDiff3, charMerge, pairMerge };
const families: Readonly<Record<string, Family>> = {
  ...merges,
  blankMerge,
  renames,
  replayedEdits,
  higherVersion,
  numberSum,
  listItems,
  keyUnion,
  sortedInserts,
};
const everyFamily = Object.entries(families);

/** What an answer may be made of: commas, blanks and line endings are layout. */
const lettersOf = (text: string): Set<string> => new Set(text.replace(/[,\s]/g, ""));

describe.each(everyFamily)("%s", (_, family) => {
  it("answers whole lines, no name twice, and the same again", () => {
    fc.assert(
      fc.property(hunks, (hunk) => {
        const answers = family(givenSides(hunk));
        expect(family(givenSides(hunk))).toEqual(answers);
        expect(new Set(answers.map(({ name }) => name)).size).toBe(answers.length);
        for (const { text } of answers) expect(text).toMatch(/\n$/);
      }),
    );
  });

  it("says nothing, or something, about any text", () => {
    const anything = fc.string({ unit: "binary", maxLength: 60 });
    fc.assert(
      fc.property(anything, anything, anything, (base, ours, theirs) => {
        for (const path of ["a.ts", "a.json"])
          expect(Array.isArray(family(givenSides({ base, ours, theirs, path })))).toBe(true);
      }),
    );
  });

  it("makes its answers of the sides' letters", () => {
    if (family === numberSum) return;
    fc.assert(
      fc.property(hunks, (hunk) => {
        const known = lettersOf(hunk.base + hunk.ours + hunk.theirs);
        for (const { text } of family(givenSides(hunk)))
          expect([...lettersOf(text)].filter((letter) => !known.has(letter))).toEqual([]);
      }),
    );
  });
});

describe.each(Object.entries(merges))("%s as a merge", (_, family) => {
  it("gives the side that changed something where the other did not", () => {
    fc.assert(
      fc.property(hunks, ({ base, ours }) => {
        for (const text of Object.values(answersOf(family, { base, ours, theirs: base })))
          expect(text).toBe(ours);
        for (const text of Object.values(answersOf(family, { base, ours: base, theirs: ours })))
          expect(text).toBe(ours);
      }),
    );
  });
});

describe("mergeTokens", () => {
  it("gives the side that changed something where the other did not", () => {
    fc.assert(
      fc.property(hunks, ({ base, ours }) => {
        expect(mergeTokens(base, ours, ours, "both")).toBe(ours);
      }),
    );
  });

  it("is the same merge with the sides swapped", () => {
    fc.assert(
      fc.property(hunks, ({ base, ours }) => {
        expect(mergeTokens(base, ours, base, "ours")).toBe(mergeTokens(base, ours, base, "theirs"));
      }),
    );
  });
});

describe("sorting", () => {
  it("keeps every line that both sides have, and adds none", () => {
    fc.assert(
      fc.property(hunks, (hunk) => {
        const known = new Set(splitLines(hunk.ours + hunk.theirs));
        const theirs = new Set(splitLines(hunk.theirs));
        const both = splitLines(hunk.ours).filter((line) => theirs.has(line));
        for (const text of Object.values(answersOf(sortedInserts, hunk))) {
          const lines = new Set(splitLines(text));
          expect([...lines].filter((line) => !known.has(line))).toEqual([]);
          expect(both.filter((line) => !lines.has(line))).toEqual([]);
        }
      }),
    );
  });
});

describe("hostile hunks", () => {
  const numbered = (word: string): string =>
    Array.from({ length: 700 }, (_, index) => `a${word}${index} `).join("");
  it.each([
    ["no two words alike but one", numbered("x"), numbered("y")],
    ["one long run of blanks", `a${" ".repeat(1_900)}\n`, `b${" ".repeat(1_900)}\n`],
    ["one long run of digits", `a: ${"1".repeat(1_900)}\n`, `a: ${"2".repeat(1_900)}\n`],
    ["keys that never end", `${"a.".repeat(900)}\n`, `${"b.".repeat(900)}\n`],
    ["a list of nothing", `(${",".repeat(1_900)}\n`, `(${" ,".repeat(900)}\n`],
    ["brackets that never close", "([{".repeat(600), "([{".repeat(500)],
    ["more lines than are compared", "x\n".repeat(2_000), "y\nx\n".repeat(1_000)],
  ])("are answered or left alone: %s", (_, ours, theirs) => {
    for (const [, family] of everyFamily) {
      for (const path of ["a.ts", "a.json"])
        expect(Array.isArray(family(givenSides({ base: ours.slice(2), ours, theirs, path })))).toBe(true);
    }
  });
});
