import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { shownHash, splitRows } from "../../../src/cli/ledger/split.ts";
import { pickTexts } from "./support.ts";

const row = fc.record({
  repository: fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `octo/app-${index}`)),
  at: fc.integer({ min: 0, max: 1_000 }),
  about: fc.integer({ min: 0, max: 60 }).map(String),
  user: fc.integer({ min: 0, max: 60 }).map((index) => `hunk ${index}\n`),
});
const rowsAndShare = fc.tuple(
  fc.array(row, { maxLength: 120 }),
  fc.double({ min: 0, max: 0.9, noNaN: true }),
);

describe("the split of an export", () => {
  it("never leaks: nothing of a held-out row is in the rows to train on", () => {
    let heldOutByName = 0;
    fc.assert(
      fc.property(rowsAndShare, ([rows, share]) => {
        const { train, holdout, leaking, cut } = splitRows(rows, share);
        expect(train.length + holdout.length + leaking).toBe(rows.length);
        const of = (key: "repository" | "about" | "user") => new Set(holdout.map((one) => one[key]));
        const [abouts, users] = [of("about"), of("user")];
        for (const one of train) {
          expect(abouts.has(one.about)).toBe(false);
          expect(users.has(one.user)).toBe(false);
          if (cut !== null) expect(one.at).toBeLessThanOrEqual(cut);
        }
        // What is held out though it is not late is so by its repository, of which then no row may train.
        const early = new Set(
          holdout.filter(({ at }) => cut === null || at <= cut).map((one) => one.repository),
        );
        heldOutByName += early.size;
        expect(train.filter(({ repository }) => early.has(repository))).toEqual([]);
        const names = new Set(rows.map(({ repository }) => repository));
        if (names.size > 0) expect(early.size).toBeLessThan(names.size);
      }),
      { numRuns: 500 },
    );
    expect(heldOutByName).toBeGreaterThan(0);
  });

  it("holds out about as much as is asked for, and nothing for 0", () => {
    const rows = Array.from({ length: 4_000 }, (_, index) => ({
      repository: `octo/app-${index % 200}`,
      at: index,
      about: String(index),
      user: `hunk ${index}\n`,
    }));
    for (const share of [0, 0.1, 0.3]) {
      const { holdout, leaking } = splitRows(rows, share);
      expect(Math.abs(holdout.length / rows.length - share)).toBeLessThan(0.06);
      expect(leaking).toBe(0);
    }
  });

  it("holds the same repositories out in a later export", () => {
    const rowsUpTo = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        repository: `octo/app-${index % 40}`,
        at: index,
        about: String(index),
        user: `hunk ${index}\n`,
      }));
    const namesOf = (count: number) => {
      const { holdout, cut } = splitRows(rowsUpTo(count), 0.4);
      return new Set(holdout.filter(({ at }) => at <= (cut ?? 0)).map(({ repository }) => repository));
    };
    expect(namesOf(400).size).toBeGreaterThan(0);
    expect(namesOf(900)).toEqual(namesOf(400));
  });

  it("takes prompts for the same that differ in order and labels of options, ids and layout", () => {
    const one = pickTexts("h\n", ["one\n", "two\n"], "A").user;
    const turned = pickTexts("h\n", ["two\n", "  one \n"], "A").user;
    const another = pickTexts("h\n", ["two\n", "three\n"], "A").user;
    expect(turned).not.toBe(one);
    expect(shownHash(turned)).toBe(shownHash(one));
    expect(shownHash(another)).not.toBe(shownHash(one));
  });
});
