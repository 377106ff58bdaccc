// The laws of merging ordered sets.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { compareSets, kindOf, unionOrdered } from "../../../src/merge/lists/ordered-union.ts";

const alphabet = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

const keys = fc.uniqueArray(fc.constantFrom(...alphabet), { maxLength: 8 });

/** Two lists that agree on the order of what they share: both are cut from one order. */
const agreeing = fc
  .tuple(
    fc.shuffledSubarray([...alphabet]),
    fc.array(fc.boolean(), { minLength: 12 }),
    fc.array(fc.boolean(), { minLength: 12 }),
  )
  .map(([order, inOurs, inTheirs]) => ({
    ours: order.filter((_, index) => inOurs[index]),
    theirs: order.filter((_, index) => inTheirs[index]),
  }));

const isSubsequence = (part: readonly string[], whole: readonly string[]) => {
  let index = 0;
  for (const key of whole) if (key === part[index]) index++;
  return index === part.length;
};

describe("unionOrdered", () => {
  it("puts theirs' additions behind their neighbour, and behind ours in one place", () => {
    expect(unionOrdered(["a", "b"], ["a", "x", "b"], ["a", "y", "b", "z"])).toEqual([
      "a",
      "x",
      "y",
      "b",
      "z",
    ]);
  });

  it("loses nothing that a side added, and has nothing that nobody has", () => {
    fc.assert(
      fc.property(keys, keys, keys, (base, ours, theirs) => {
        const merged = unionOrdered(base, ours, theirs);
        const { oursAdds, theirsAdds, oursRemoves, theirsRemoves } = compareSets(base, ours, theirs);
        const expected = new Set([...base, ...oursAdds, ...theirsAdds]);
        for (const key of [...oursRemoves, ...theirsRemoves]) expected.delete(key);
        expect([...merged].sort()).toEqual([...expected].sort());
      }),
    );
  });

  it("keeps each side's order where the sides agree", () => {
    fc.assert(
      fc.property(agreeing, ({ ours, theirs }) => {
        const merged = unionOrdered([], ours, theirs);
        expect(isSubsequence(ours, merged)).toBe(true);
        expect(isSubsequence(theirs, merged)).toBe(true);
      }),
    );
  });

  it("is idempotent, and changes nothing when one side did nothing", () => {
    fc.assert(
      fc.property(keys, keys, keys, (base, ours, theirs) => {
        const merged = unionOrdered(base, ours, theirs);
        expect(unionOrdered(base, merged, merged)).toEqual(merged);
        expect(unionOrdered(base, ours, base)).toEqual(ours);
        expect([...unionOrdered(base, base, theirs)].sort()).toEqual([...theirs].sort());
      }),
    );
  });
});

describe("kindOf", () => {
  it("counts the sides that remove", () => {
    expect(kindOf(compareSets(["a"], ["a", "b"], ["a", "c"]))).toBe("both-add");
    expect(kindOf(compareSets(["a"], ["b"], ["a", "c"]))).toBe("one-removes");
    expect(kindOf(compareSets(["a", "b"], ["a"], ["b"]))).toBe("both-remove");
  });
});
