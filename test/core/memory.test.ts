// What merges teach, one after the other: counts for the rules, and resolutions that agree or contradict each other.
import { describe, expect, it } from "@jest/globals";
import { learn, memoryMailbox, sumCounts } from "../../src/core/memory.ts";
import type { HunkLesson, LocalCounts, MergeLesson, Remembered } from "../../src/core/memory.ts";

const hunk = (key: string, text: string, right: boolean | null = null): HunkLesson => ({
  memory: { key, text },
  rule: right === null ? null : { tier: "semantic", class: "imports/es", right },
});
const merge = (sha: string, at: number, ...hunks: HunkLesson[]): MergeLesson => ({ sha, at, hunks });

function learnAll(...merges: MergeLesson[]): { counts: LocalCounts; known: Map<string, Remembered> } {
  let counts: LocalCounts = {};
  const known = new Map<string, Remembered>();
  for (const lesson of merges) {
    const learned = learn(counts, known, lesson);
    counts = learned.counts;
    for (const one of learned.changed) known.set(one.key, one);
  }
  return { counts, known };
}

describe("learn", () => {
  it("remembers a resolution with the newest of its merges, whichever came first", () => {
    for (const order of [
      [merge("new", 2, hunk("k", "x\n")), merge("old", 1, hunk("k", "x\n"))],
      [merge("old", 1, hunk("k", "x\n")), merge("new", 2, hunk("k", "x\n"))],
    ]) {
      const { known, counts } = learnAll(...order);
      expect(known.get("k")).toEqual({
        key: "k",
        text: "x\n",
        agreed: 2,
        contradicted: false,
        lastSha: "new",
        lastAt: 2,
      });
      expect(counts).toEqual({ memory: { "memory/same-sides": { n: 1, right: 1 } } });
    }
  });

  it("never uses again what two merges resolved differently, and keeps no text of it", () => {
    const { known, counts } = learnAll(
      merge("a", 3, hunk("k", "x\n")),
      merge("b", 2, hunk("k", "y\n")),
      merge("c", 1, hunk("k", "x\n")),
    );
    expect(known.get("k")).toMatchObject({ contradicted: true, text: "" });
    // Asked once, and wrong; after that it is not asked.
    expect(counts).toEqual({ memory: { "memory/same-sides": { n: 1, right: 0 } } });
  });

  it("counts a conflict that is merged again and again as right once, and as wrong whenever it is", () => {
    const again = [5, 4, 3, 2].map((at) => merge(`m${at}`, at, hunk("k", "x\n")));
    expect(learnAll(...again).counts).toEqual({ memory: { "memory/same-sides": { n: 1, right: 1 } } });
    const torn = learnAll(...again, merge("last", 1, hunk("k", "y\n")));
    expect(torn.counts).toEqual({ memory: { "memory/same-sides": { n: 2, right: 1 } } });
  });

  it("predicts no merge from itself, and counts the same sides in one merge once", () => {
    expect(learnAll(merge("a", 1, hunk("k", "x\n"), hunk("k", "x\n"))).counts).toEqual({});
    const twice = learnAll(
      merge("a", 2, hunk("k", "x\n")),
      merge("b", 1, hunk("k", "x\n"), hunk("k", "x\n")),
    );
    expect(twice.counts).toEqual({ memory: { "memory/same-sides": { n: 1, right: 1 } } });
    expect(twice.known.get("k")?.agreed).toBe(2);
    const torn = learnAll(merge("a", 1, hunk("k", "x\n"), hunk("k", "y\n")));
    expect(torn.known.get("k")?.contradicted).toBe(true);
  });

  it("counts a rule once for the same three sides, and again for others", () => {
    const { counts } = learnAll(
      merge("a", 3, hunk("k", "x\n", true), hunk("k", "x\n", true)),
      merge("b", 2, hunk("k", "x\n", true), hunk("l", "z\n", false)),
      merge("c", 1, { memory: null, rule: { tier: "trivial", class: "same", right: true } }),
    );
    expect(counts).toEqual({
      semantic: { "imports/es": { n: 2, right: 1 } },
      memory: { "memory/same-sides": { n: 1, right: 1 } },
      trivial: { same: { n: 1, right: 1 } },
    });
  });

  it("knows no class by the name of an object's own method", () => {
    const rule = { tier: "constructor", class: "toString", right: true };
    expect(learn({}, new Map(), merge("a", 1, { memory: null, rule })).counts).toEqual({
      constructor: { toString: { n: 1, right: 1 } },
    });
  });
});

describe("sumCounts", () => {
  it("adds what both have counted, and keeps what one has", () => {
    const one: LocalCounts = { semantic: { a: { n: 3, right: 2 }, b: { n: 1, right: 1 } } };
    const other: LocalCounts = {
      semantic: { a: { n: 4, right: 4 } },
      pick: { "m/code": { n: 2, right: 0 } },
    };
    const sum = {
      semantic: { a: { n: 7, right: 6 }, b: { n: 1, right: 1 } },
      pick: { "m/code": { n: 2, right: 0 } },
    };
    expect(sumCounts(one, other)).toEqual(sum);
    expect(sumCounts(other, one)).toEqual(sum);
    expect(sumCounts(one, {})).toEqual(one);
  });

  it("keeps a class that is called as an object's own property", () => {
    const odd: LocalCounts = {
      ["__proto__"]: { ["__proto__"]: { n: 1, right: 1 }, toString: { n: 1, right: 0 } },
    };
    expect(JSON.stringify(sumCounts(odd, {}))).toBe(JSON.stringify(odd));
  });
});

describe("memoryMailbox", () => {
  it("is no pull request's, whatever the names, and ignores case", () => {
    expect(memoryMailbox({ owner: "Acme", repo: "Shop" })).toBe("memory:acme/shop");
  });
});
