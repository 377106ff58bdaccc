// Shortest edit scripts against the textbook's table.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { alignShortest } from "../../../src/merge/candidates/shortest-edit.ts";

const sequence = fc.array(fc.nat(3), { maxLength: 12 }).map((numbers) => Int32Array.from(numbers));

/** Length of the longest common subsequence, by dynamic programming. */
function longestCommon(one: Int32Array, other: Int32Array): number {
  let row = Array.from({ length: other.length + 1 }, () => 0);
  for (const element of one) {
    const next = [0];
    for (const [index, each] of other.entries())
      next.push(each === element ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return row[other.length] ?? 0;
}

describe("alignShortest", () => {
  it("matches equal elements in order, and as many as can be", () => {
    fc.assert(
      fc.property(sequence, sequence, (one, other) => {
        const alignment = [...(alignShortest(one, other, 24) ?? [])];
        const pairs = alignment.flatMap((match, index) => (match < 0 ? [] : [[index, match] as const]));
        expect(alignment).toHaveLength(one.length);
        for (const [index, match] of pairs) expect(one[index]).toBe(other[match]);
        const matches = pairs.map(([, match]) => match);
        expect(matches).toEqual([...new Set(matches)].sort((a, b) => a - b));
        expect(matches).toHaveLength(longestCommon(one, other));
      }),
    );
  });

  it("gives up at the limit, not before", () => {
    const [one, other] = [Int32Array.of(1, 2, 3), Int32Array.of(1, 4, 3)];
    expect(alignShortest(one, other, 1)).toBeNull();
    expect(alignShortest(one, other, 2)).toEqual(Int32Array.of(0, -1, 2));
  });
});
