import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ConflictedFile, FileResolution, Settlement } from "../../../src/core/conflict.ts";
import { candidatesOf } from "../../../src/merge/rank/candidates-of.ts";
import { loadModel } from "../../../src/merge/rank/model.ts";
import { mostTelling } from "../../../src/merge/rank/most-telling.ts";
import { prepareMerge } from "../../../src/merge/rank/prepare.ts";
import { rankFile } from "../../../src/merge/rank/rank-file.ts";
import { likelier } from "../../../src/merge/rank/settle.ts";
import { measure, measureBeside } from "../../../src/merge/rank/rows.ts";
import { resolveHunk } from "../../../src/merge/resolve-hunk.ts";
import { fileOf, hunkOf } from "../support.ts";

const context = { path: "src/shop.ts", before: "", after: "", file: null };
const settled = (text: string, tier: Settlement["tier"], className: string): Settlement => ({
  tier,
  class: className,
  text,
  why: "by rule",
});
const candidate = (text: string, probability: number) => ({ name: "ours", text, why: "x", probability });

describe("resolveHunk", () => {
  it("gives candidates best first, each text once, with probabilities that fit together", async () => {
    const prepared = await prepareMerge(context.path);
    const text = fc
      .array(fc.constantFrom("a", "b(c)", "  d = 1;", "}", "", "return x;"), { maxLength: 6 })
      .map((lines) => lines.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const { candidates } = resolveHunk(hunkOf({ base, ours, theirs }), context, prepared);
        expect(new Set(candidates.map((each) => each.text)).size).toBe(candidates.length);
        // A side of blank lines alone stands as one or two of them.
        const sides = [ours, theirs].filter((side) => side.trim() !== "");
        expect(candidates.map((each) => each.text)).toEqual(expect.arrayContaining(sides));
        const first = candidates[0]?.probability ?? 0;
        for (const { probability } of candidates) {
          expect(probability).toBeGreaterThanOrEqual(0);
          expect(probability).toBeLessThanOrEqual(first);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("ranks anew when a hunk of the same merge is known", async () => {
    const prepared = await prepareMerge(context.path);
    const hunk = hunkOf({ base: "rate = 1;\n", ours: "rate = fast(2);\n", theirs: "rate = slow(3);\n" });
    const other = hunkOf({ base: "price = 1;\n", ours: "price = fast(4);\n", theirs: "price = slow(5);\n" });
    const chance = (text: string, answer: string): number => {
      const siblings = [1, 2, 3].map((place) => ({ path: context.path, hunk: other, text: answer, place }));
      const { candidates } = resolveHunk(hunk, context, prepared, siblings);
      return candidates.find((each) => each.text === text)?.probability ?? 0;
    };
    expect(chance(hunk.ours, other.ours)).toBeGreaterThan(chance(hunk.ours, other.theirs));
    expect(chance(hunk.theirs, other.theirs)).toBeGreaterThan(chance(hunk.theirs, other.ours));
  });

  it("has no candidates for what is too large", async () => {
    const prepared = await prepareMerge(context.path);
    const hunk = hunkOf({ base: "", ours: `${"x".repeat(65_536)}\n`, theirs: "y\n" });
    expect(resolveHunk(hunk, context, prepared)).toMatchObject({ settlement: null, candidates: [] });
  });

  it("keeps the ending of an unfinished last line off its candidates", async () => {
    const prepared = await prepareMerge("notes.txt");
    const hunk = hunkOf({ base: "a", ours: "b", theirs: "c" });
    const { candidates } = resolveHunk(hunk, { ...context, path: "notes.txt" }, prepared);
    expect(candidates.length).toBeGreaterThan(1);
    for (const { text } of candidates) expect(text.endsWith("\n")).toBe(false);
  });
});

describe("likelier", () => {
  const at = { path: "a.ts", hunk: hunkOf({ base: "", ours: "f(x); 1\n", theirs: "2\n" }) };

  it("settles nothing with a word that no side of the hunk has", () => {
    expect(likelier(null, candidate("3\n", 0.99), at)).toBeNull();
  });

  it("leaves a rule its word where the ranker says the same, layout aside", () => {
    const rule = settled("f( x );\n", "semantic", "imports/never-measured");
    expect(likelier(rule, candidate("f(  x );\n", 0.99), at)).toBe(rule);
  });

  it("takes the ranker's answer where it is likelier than the rule's class is precise", () => {
    const rule = settled("1\n", "semantic", "imports/never-measured");
    expect(likelier(rule, candidate("2\n", 0.97), at)).toMatchObject({
      tier: "ranked",
      class: "ranked/at-least-95/code",
      text: "2\n",
    });
    expect(likelier(rule, candidate("2\n", 0.01), at)).toBe(rule);
  });

  it("settles nothing that no rule answers and that is not likely", () => {
    expect(likelier(null, candidate("2\n", 0.79), at)).toBeNull();
    expect(likelier(null, undefined, at)).toBeNull();
  });

  it("does not doubt what the repository itself did before", () => {
    const remembered = settled("1\n", "memory", "memory/same-sides");
    expect(likelier(remembered, candidate("2\n", 0.99), at)).toBe(remembered);
  });
});

describe("rankFile", () => {
  const hunk = (name: string) =>
    hunkOf({ base: `${name} = 1;\n`, ours: `${name} = fast(2);\n`, theirs: `${name} = slow(3);\n` });
  const file: ConflictedFile = fileOf("src/shop.ts", [
    hunk("rate"),
    { kind: "clean", text: "x\n" },
    hunk("price"),
  ]);
  const open: FileResolution = {
    path: file.path,
    hunks: [hunk("rate"), hunk("price")].map((each) => ({
      hunk: each,
      settlement: null,
      why: "nothing",
      candidates: [],
    })),
    openHunks: [0, 1],
    regeneration: null,
  };

  it("ranks the open hunks, and lets a remembered one tell about the other", async () => {
    const prepared = await prepareMerge(file.path);
    const chanceOfOurs = (remembered: "ours" | "theirs"): number => {
      const settlement = settled(hunk("rate")[remembered], "memory", "memory/same-sides");
      const [first, second] = open.hunks;
      if (!first || !second) throw new Error("The file has two hunks.");
      const known = { ...open, hunks: [{ ...first, settlement }, second], openHunks: [1] };
      const { hunks } = rankFile(file, known, prepared);
      expect(hunks[0]?.settlement).toBe(settlement);
      return hunks[1]?.candidates.find(({ text }) => text === hunk("price").ours)?.probability ?? 0;
    };
    expect(chanceOfOurs("ours")).toBeGreaterThan(chanceOfOurs("theirs"));
  });

  it("is the same every time", async () => {
    const prepared = await prepareMerge(file.path);
    expect(rankFile(file, open, prepared)).toEqual(rankFile(file, open, prepared));
  });
});

describe("the shipped model", () => {
  it("was trained on the features that are measured, in their order", async () => {
    const prepared = await prepareMerge(context.path);
    const hunk = hunkOf({ base: "a\n", ours: "b\n", theirs: "c\n" });
    const { sides, candidates } = candidatesOf(hunk, context, prepared);
    const measured = measure(sides, context, candidates);
    const beside = measureBeside(measured, { path: context.path, place: 0 }, []);
    expect(loadModel().features).toEqual({ alone: measured.names, beside: beside.names });
  });
});

describe("mostTelling", () => {
  const openHunk = (ours: string, theirs: string, probability: number) => ({
    hunk: hunkOf({ base: "", ours, theirs }),
    settlement: null,
    why: "",
    candidates: [candidate(ours, probability)],
  });

  it("asks first about the hunk whose words the other doubtful hunks share", () => {
    const alone = openHunk("kiwi\n", "plum\n", 0.5);
    const shared = openHunk("alpha beta gamma\n", "delta\n", 0.5);
    const some = openHunk("alpha\n", "beta\n", 0.4);
    expect(mostTelling([alone, shared, some])[0]).toBe(1);
  });

  it("leaves out what is settled", () => {
    const done = { ...openHunk("a\n", "b\n", 0.5), settlement: settled("a\n", "human", "human") };
    expect(mostTelling([done, openHunk("a\n", "b\n", 0.5)])).toEqual([1]);
  });
});
