// What measured counts let one believe, and where a class takes them from.
import { describe, expect, it } from "@jest/globals";
import { ancestry, precisionOf, wilsonLower } from "../../src/merge/precision.ts";
import shipped from "../../src/merge/precision.json" with { type: "json" };

const table = {
  tiers: {
    semantic: {
      "": { n: 200, right: 150 },
      imports: { n: 100, right: 80 },
      "imports/both-add": { n: 40, right: 39 },
      "imports/both-add/go": { n: 29, right: 29 },
    },
  },
};

describe("wilsonLower", () => {
  it("is the lower end of the one-sided 95% score interval", () => {
    // By hand: z = 1.645; 45 of 50: (0.9 + 0.02706 - 1.645 * sqrt(0.0018 + 0.00027060)) / 1.05412.
    expect(wilsonLower({ n: 50, right: 45 })).toBeCloseTo(0.8085, 3);
    // With all right it is n / (n + z²).
    expect(wilsonLower({ n: 30, right: 30 })).toBeCloseTo(30 / (30 + 1.645 ** 2), 10);
  });

  it("promises nothing where nothing was measured or nothing was right", () => {
    expect(wilsonLower({ n: 0, right: 0 })).toBe(0);
    expect(wilsonLower({ n: 50, right: 0 })).toBeCloseTo(0, 10);
  });

  it("rises with more cases at one rate, and stays below the rate", () => {
    const bounds = [10, 100, 1_000].map((n) => wilsonLower({ n, right: n * 0.9 }));
    expect([...bounds].sort()).toEqual(bounds);
    expect(Math.max(...bounds)).toBeLessThan(0.9);
  });
});

describe("precisionOf", () => {
  it("takes the class's own counts where there are 30 or more", () => {
    expect(precisionOf("semantic", "imports/both-add", table)).toMatchObject({
      n: 40,
      right: 39,
      from: "imports/both-add",
    });
  });

  it("takes the parent's where there are fewer, however good they are", () => {
    expect(precisionOf("semantic", "imports/both-add/go", table)).toMatchObject({
      n: 40,
      from: "imports/both-add",
    });
    expect(precisionOf("semantic", "imports/one-removes/es", table)).toMatchObject({
      n: 100,
      from: "imports",
    });
  });

  it("takes the tier's for an unknown family, and nothing for an unknown tier", () => {
    expect(precisionOf("semantic", "new/class", table)).toMatchObject({ n: 200, from: "semantic" });
    expect(precisionOf("model", "new/class", table)).toEqual({ n: 0, right: 0, lower: 0, from: "model" });
  });

  it("knows no class by the name of an object's own method", () => {
    expect(precisionOf("constructor", "toString", table).lower).toBe(0);
    expect(precisionOf("semantic", "constructor", table).from).toBe("semantic");
  });
});

describe("the table as shipped", () => {
  it("counts every class in all its parents", () => {
    for (const classes of Object.values<Record<string, { n: number; right: number }>>(shipped.tiers)) {
      for (const [name, { n, right }] of Object.entries(classes)) {
        expect(right).toBeLessThanOrEqual(n);
        for (const parent of ancestry(name)) {
          expect(classes[parent]?.n).toBeGreaterThanOrEqual(n);
          expect(classes[parent]?.right).toBeGreaterThanOrEqual(right);
        }
      }
    }
  });

  it("says how it was made", () => {
    expect(shipped).toMatchObject({
      command: expect.stringContaining("bench/precision.ts"),
      cases: expect.any(Number),
    });
  });
});
