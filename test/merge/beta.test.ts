// The Beta distribution, against the binomial sum that it equals and against values worked out by hand.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { betaBelow, betaQuantile } from "../../src/merge/beta.ts";

/** P(X <= x) of Beta(a, b) with whole a and b is P(at least a of a + b - 1 throws succeed), each with probability x. */
function binomialTail(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let choose = 1;
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    if (k >= a) sum += choose * x ** k * (1 - x) ** (n - k);
    choose = (choose * (n - k)) / (k + 1);
  }
  return sum;
}

const shape = fc.double({ min: 0.01, max: 5_000, noNaN: true });
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe("betaBelow", () => {
  it("is the binomial sum for whole parameters", () => {
    const whole = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(share, whole, whole, (x, a, b) => {
        expect(betaBelow(x, a, b)).toBeCloseTo(binomialTail(x, a, b), 10);
      }),
    );
  });

  it("is the arcsine law for one half and one half", () => {
    for (const x of [0.01, 0.3, 0.5, 0.9]) {
      expect(betaBelow(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 12);
    }
  });

  it("mirrors itself and stays within 0 and 1, at the ends too", () => {
    fc.assert(
      fc.property(share, shape, shape, (x, a, b) => {
        const below = betaBelow(x, a, b);
        expect(below + betaBelow(1 - x, b, a)).toBeCloseTo(1, 8);
        expect(below).toBeGreaterThanOrEqual(0);
        expect(below).toBeLessThanOrEqual(1);
      }),
    );
    expect([betaBelow(0, 2, 3), betaBelow(1, 2, 3), betaBelow(-1, 2, 3)]).toEqual([0, 1, 0]);
  });
});

describe("betaQuantile", () => {
  it("has closed forms where one parameter is 1", () => {
    expect(betaQuantile(0.05, 1, 1)).toBeCloseTo(0.05, 12);
    expect(betaQuantile(0.05, 29, 1)).toBeCloseTo(0.05 ** (1 / 29), 12);
    expect(betaQuantile(0.05, 1, 4)).toBeCloseTo(1 - 0.95 ** (1 / 4), 12);
  });

  it("is where that share lies below", () => {
    const moderate = fc.double({ min: 0.5, max: 500, noNaN: true });
    fc.assert(
      fc.property(share, moderate, moderate, (p, a, b) => {
        expect(betaBelow(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 8);
      }),
    );
  });
});
