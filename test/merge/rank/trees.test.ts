import { describe, expect, it } from "@jest/globals";
import { loadModel } from "../../../src/merge/rank/model.ts";
import { confidenceOf, scoresOf } from "../../../src/merge/rank/rank.ts";
import { ranking } from "../../../src/merge/rank/scores.ts";
import { unpackTrees, walkTrees } from "../../../src/merge/rank/trees.ts";
import cases from "./parity.json" with { type: "json" };

/** One split on feature 1 at 2.5, then leaves of -3 and 5 steps. */
function stump(head: number): string {
  const bytes = Buffer.alloc(11);
  bytes.writeUInt16LE(head, 0);
  bytes.writeUInt8(0, 2);
  bytes.writeUInt16LE(0xffff, 3);
  bytes.writeInt16LE(-3, 5);
  bytes.writeUInt16LE(0xffff, 7);
  bytes.writeInt16LE(5, 9);
  return bytes.toString("base64");
}

const forest = (head: number) =>
  unpackTrees({ thresholds: [[], [2.5]], leafStep: 0.5, trees: 1, nodes: stump(head) });
const rowOf = (value: number) => [Float32Array.from([0, value])];

describe("trees", () => {
  it("send a value at most the threshold to the left", () => {
    const trees = forest(1);
    expect(walkTrees(trees, rowOf(2.5))).toEqual([-1.5]);
    expect(walkTrees(trees, rowOf(2.6))).toEqual([2.5]);
  });

  it("take a missing value as 0, or to the side that the trainer chose where it saw missing values", () => {
    const missing = rowOf(Number.NaN);
    expect(walkTrees(forest(1), missing)).toEqual([-1.5]);
    expect(walkTrees(forest(1 + 0x8000), missing)).toEqual([2.5]);
    expect(walkTrees(forest(1 + 0x8000 + 0x4000), missing)).toEqual([-1.5]);
  });

  it("refuse a split without a threshold", () => {
    expect(() => unpackTrees({ thresholds: [[], []], leafStep: 1, trees: 1, nodes: stump(1) })).toThrow(
      /damaged/,
    );
  });
});

describe("the shipped model", () => {
  const { alone, features } = loadModel();

  it.each(cases.map((one, index) => ({ index, one })))(
    "says of hunk $index what the trainer's own library says",
    ({ one }) => {
      const rows = one.rows.map((row) => Float32Array.from(row, (value) => value ?? Number.NaN));
      expect(rows[0]).toHaveLength(features.alone.length);
      const scores = scoresOf(rows, alone);
      for (const [index, score] of scores.entries()) expect(score).toBeCloseTo(one.scores[index] ?? -1, 3);
      const order = ranking(one.scores, one.same);
      expect(order[0]).toBe(one.first);
      expect(confidenceOf({ scores: one.scores, same: one.same, order }, rows, alone)).toBeCloseTo(
        one.confidence,
        3,
      );
    },
  );
});
