// What measured counts let one believe, and where a class takes them from.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
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
    expect(precisionOf("semantic", "imports/both-add", {}, table)).toMatchObject({
      n: 40,
      right: 39,
      from: "imports/both-add",
    });
  });

  it("takes the parent's where there are fewer, however good they are", () => {
    expect(precisionOf("semantic", "imports/both-add/go", {}, table)).toMatchObject({
      n: 40,
      from: "imports/both-add",
    });
    expect(precisionOf("semantic", "imports/one-removes/es", {}, table)).toMatchObject({
      n: 100,
      from: "imports",
    });
  });

  it("takes the tier's for an unknown family, and nothing for an unknown tier", () => {
    expect(precisionOf("semantic", "new/class", {}, table)).toMatchObject({ n: 200, from: "semantic" });
    expect(precisionOf("model", "new/class", {}, table)).toMatchObject({
      n: 0,
      right: 0,
      lower: 0,
      from: "model",
    });
  });

  it("knows no class by the name of an object's own method", () => {
    expect(precisionOf("constructor", "toString", {}, table).lower).toBe(0);
    expect(precisionOf("semantic", "constructor", {}, table).from).toBe("semantic");
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

describe("a repository's own counts", () => {
  const own = (n: number, right: number, name = "imports/both-add/es") => ({
    semantic: { [name]: { n, right } },
  });
  const lowerWith = (n: number, right: number) =>
    precisionOf("semantic", "imports/both-add/es", own(n, right), table).lower;
  const shippedLower = precisionOf("semantic", "imports/both-add/es", {}, table).lower;

  it("change nothing where there are none, and go on from there without a jump", () => {
    expect(lowerWith(0, 0)).toBe(shippedLower);
    expect(shippedLower).toBe(wilsonLower({ n: 40, right: 39 }));
    expect(
      precisionOf("semantic", "lists/both-add", own(50, 0), {
        tiers: { semantic: { lists: { n: 40, right: 39 } } },
      }),
    ).toMatchObject({
      lower: shippedLower,
      local: { n: 0, right: 0 },
    });
    // As if a hundredth of a case had been seen.
    expect(Math.abs(lowerWith(0.01, 0.01) - shippedLower)).toBeLessThan(0.001);
  });

  it("raise the bound with each right case and lower it with each wrong one", () => {
    const counts = fc.tuple(fc.nat(200), fc.nat(200), fc.integer({ min: 1, max: 100_000 }), fc.nat(100_000));
    fc.assert(
      fc.property(counts, ([right, wrong, n, most]) => {
        const measured = { tiers: { semantic: { "": { n, right: Math.min(n, most) } } } };
        const lower = (r: number, w: number) =>
          precisionOf("semantic", "a", { semantic: { a: { n: r + w, right: r } } }, measured).lower;
        expect(lower(right + 1, wrong)).toBeGreaterThanOrEqual(lower(right, wrong) - 1e-9);
        expect(lower(right, wrong + 1)).toBeLessThanOrEqual(lower(right, wrong) + 1e-9);
      }),
    );
  });

  it("take the push away from a class that the history contradicts, and give it to one that it confirms", () => {
    const bar = 0.9;
    expect(shippedLower).toBeGreaterThan(bar - 0.02);
    expect(lowerWith(10, 5)).toBeLessThan(0.8);
    expect(lowerWith(30, 30)).toBeGreaterThan(bar);
    const weak = (right: number) =>
      precisionOf(
        "semantic",
        "x",
        { semantic: { x: { n: right, right } } },
        { tiers: { semantic: { "": { n: 60, right: 50 } } } },
      ).lower;
    expect([weak(0), weak(10), weak(100)].map((lower) => lower >= bar)).toEqual([false, false, true]);
  });

  it("outweigh what was shipped, however many cases that had", () => {
    const huge = { tiers: { semantic: { "": { n: 1_000_000, right: 990_000 } } } };
    const lower = precisionOf("semantic", "a", { semantic: { a: { n: 200, right: 100 } } }, huge).lower;
    expect(lower).toBeGreaterThan(0.45);
    expect(lower).toBeLessThan(0.6);
  });

  it("stand alone where nothing was shipped: 28 of 28 are needed for a bar of 0.90", () => {
    const memory = (n: number) =>
      precisionOf("memory", "memory/same-sides", { memory: { "memory/same-sides": { n, right: n } } }, table)
        .lower;
    // The 5% quantile of Beta(1 + n, 1) is 0.05^(1/(n + 1)).
    expect(memory(28)).toBeCloseTo(0.05 ** (1 / 29), 10);
    expect([memory(0), memory(27) < 0.9, memory(28) >= 0.9]).toEqual([0, true, true]);
  });

  it("are those of the row that the shipped figure is from, and of the finer classes in it", () => {
    const counts = {
      semantic: {
        "imports/both-add/es": { n: 3, right: 3 },
        "imports/both-add": { n: 1, right: 0 },
        "imports/both-adder": { n: 9, right: 9 },
        imports: { n: 9, right: 9 },
      },
      trivial: { "imports/both-add": { n: 9, right: 9 } },
    };
    expect(precisionOf("semantic", "imports/both-add/go", counts, table).local).toEqual({ n: 4, right: 3 });
    expect(precisionOf("constructor", "a", counts, table).local).toEqual({ n: 0, right: 0 });
  });
});
