import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sameAnswers } from "../../../src/merge/rank/answer-key.ts";
import { blend, calibrate, gather, ranking, sumOf } from "../../../src/merge/rank/scores.ts";

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("blend", () => {
  it("keeps the mass that the hunk's candidates have together, but never all of it", () => {
    fc.assert(
      fc.property(shares, (point) => {
        const order = point.map((_, index) => index / 3);
        expect(sumOf(blend(point, order))).toBeLessThanOrEqual(0.97 + 1e-9);
      }),
    );
    expect(sumOf(blend([0.3, 0.2], [0, 1]))).toBeCloseTo(0.5);
  });

  it("lets the order decide between equals", () => {
    const [first = 0, second = 0] = blend([0.3, 0.3], [0, 1]);
    expect(second).toBeGreaterThan(first);
  });
});

describe("ranking", () => {
  it("adds up what candidates of one answer have, and puts other layouts of an answer last", () => {
    const same = [0, 1, 0, 3];
    const scores = [0.2, 0.35, 0.25, 0.1];
    [0.45, 0.35, 0.45, 0.1].forEach((sum, index) => {
      expect(gather(scores, same)[index]).toBeCloseTo(sum);
    });
    expect(ranking(scores, same)).toEqual([2, 1, 3, 0]);
  });

  it("is a permutation, whatever the scores", () => {
    fc.assert(
      fc.property(shares, (scores) => {
        const order = ranking(
          scores,
          scores.map((_, index) => index),
        );
        expect([...order].sort((one, other) => one - other)).toEqual([...scores.keys()]);
      }),
    );
  });
});

describe("the same answer", () => {
  it("has any layout where layout means nothing", () => {
    expect(sameAnswers(["a( b )\n", "a(  b )\n\n", "a(c)\n"], "x.ts")).toEqual([0, 0, 2]);
  });

  it("has the same indentation where indentation means something", () => {
    expect(sameAnswers(["if a:\n  b\n", "if a:\nb\n", "if a:\n  b  \n\n"], "x.py")).toEqual([0, 1, 0]);
    expect(sameAnswers(["all:\n\ta\n", "all:\na\n"], "Makefile")).toEqual([0, 1]);
  });
});

describe("calibrate", () => {
  const table = { intercept: 0, confidence: 0.5, score: 0.5, kinds: { code: 0, docs: -1 } };

  it("grows with either confidence, and stays a probability", () => {
    const at = (confidence: number, score: number, kind = "code") =>
      calibrate(table, { confidence, score, kind });
    expect(at(0.5, 0.5)).toBeCloseTo(0.5);
    expect(at(0.9, 0.5)).toBeGreaterThan(at(0.8, 0.5));
    expect(at(0.5, 0.9)).toBeGreaterThan(at(0.5, 0.8));
    expect(at(1, 1)).toBeLessThan(1);
    expect(at(0, 0)).toBeGreaterThan(0);
  });

  it("has an offset for each kind of file, and none for a kind it does not know", () => {
    const at = (kind: string) => calibrate(table, { confidence: 0.7, score: 0.7, kind });
    expect(at("docs")).toBeLessThan(at("code"));
    expect(at("toString")).toBe(at("code"));
  });
});
