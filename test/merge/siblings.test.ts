// What settled hunks are handed on, in which order, and how many at most.
import { describe, expect, it } from "@jest/globals";
import type { Hunk, Settlement } from "../../src/core/conflict.ts";
import { certainHunks, siblingsOf } from "../../src/merge/siblings.ts";

const hunk: Hunk = { kind: "hunk", base: "a\n", ours: "b\n", theirs: "c\n" };
const settled = (text: string, path = "a.ts") => ({ path, hunk, text });

describe("siblings", () => {
  it("stand in the order of the merge, and the file's own at their place among its hunks", () => {
    const own = [{ ...settled("own\n", "z.ts"), index: 4 }];
    const siblings = siblingsOf([settled("1\n"), settled("2\n")], own);
    // The ranker numbers the hunks of the file from the number of siblings on, here 3.
    expect(siblings.map(({ text, place }) => [text, place])).toEqual([
      ["1\n", 0],
      ["2\n", 1],
      ["own\n", 7],
    ]);
  });

  it("are at most 200, the file's own first and then the nearest, and none too long", () => {
    const others = Array.from({ length: 300 }, (_, index) => settled(`${index}\n`));
    const own = Array.from({ length: 3 }, (_, index) => ({ ...settled("own\n"), index }));
    const siblings = siblingsOf([...others, settled("x".repeat(20_001))], own);
    expect(siblings).toHaveLength(200);
    expect([siblings[0]?.text, siblings[196]?.text, siblings[199]?.text]).toEqual([
      "103\n",
      "299\n",
      "own\n",
    ]);
  });

  it("are of a file what is settled for certain, and not what a rule is unsure of", () => {
    const of = (tier: Settlement["tier"], className: string): Settlement => ({
      tier,
      class: className,
      text: `${tier}\n`,
      why: "",
    });
    const settlements = [of("memory", "x"), of("trivial", "never/measured"), null];
    const hunks = settlements.map((settlement) => ({ hunk, settlement, why: "", candidates: [] }));
    const resolution = { path: "a.ts", hunks, openHunks: [2], regeneration: null };
    expect(certainHunks(resolution).map(({ text }) => text)).toEqual(["memory\n"]);
  });
});
