import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { likeliestCombinations } from "../../../../src/agents/conflict-resolver/prove/combinations.ts";

const chances = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 })
  .map((list) => list.toSorted((one, other) => other - one));

const chanceOf = (hunks: readonly (readonly number[])[], places: readonly number[]): number =>
  places.reduce((product, place, hunk) => product * (hunks[hunk]?.[place] ?? Number.NaN), 1);

describe("likeliestCombinations", () => {
  it("yields every combination once, likeliest first", () => {
    fc.assert(
      fc.property(fc.array(chances, { minLength: 1, maxLength: 4 }), (hunks) => {
        const all = [...likeliestCombinations(hunks)];
        const keys = new Set(all.map((places) => places.join()));
        expect(keys.size).toBe(all.length);
        expect(all).toHaveLength(hunks.reduce((product, list) => product * list.length, 1));
        const sorted = all.map((places) => chanceOf(hunks, places));
        expect(sorted).toEqual(sorted.toSorted((one, other) => other - one));
      }),
    );
  });

  it("begins with the first option of every hunk", () => {
    expect(
      likeliestCombinations([
        [0.9, 0.1],
        [0.6, 0.3, 0.1],
      ]).next().value,
    ).toEqual([0, 0]);
  });

  it("takes what is asked for of more combinations than could be made", () => {
    const hunks = Array.from({ length: 40 }, () => [0.5, 0.3, 0.2]);
    const taken: string[] = [];
    for (const places of likeliestCombinations(hunks)) {
      taken.push(places.join());
      if (taken.length === 100) break;
    }
    expect(new Set(taken).size).toBe(100);
  });

  it("yields nothing where a hunk has no option, and once the empty one where there is no hunk", () => {
    expect([...likeliestCombinations([[0.5], []])]).toEqual([]);
    expect([...likeliestCombinations([])]).toEqual([[]]);
  });
});
