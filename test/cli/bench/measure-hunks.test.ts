import { describe, expect, it } from "@jest/globals";
import type { HunkCase } from "../../../src/cli/bench/cases.ts";
import { hunkFigures } from "../../../src/cli/bench/hunk-figures.ts";
import { measureMerge } from "../../../src/cli/bench/measure-hunks.ts";
import type { MergeMeasure } from "../../../src/cli/bench/measure-hunks.ts";
import type { HunkResolver, ResolveHunk } from "../../../src/cli/bench/resolver.ts";
import type { SettledSibling } from "../../../src/core/conflict.ts";
import type { HunkContext } from "../../../src/merge/tier.ts";
import { hunkCase } from "./support.ts";

const resolving = (resolve: ResolveHunk): HunkResolver => ({
  prepare: () => Promise.resolve(resolve),
  thresholds: { alone: 0.9, siblings: 0.9 },
});

/** Answers every hunk with these texts, of falling probability from `likely` on. */
function answering(texts: readonly string[], likely = 0.95, settled: string | null = null): HunkResolver {
  return resolving((hunk) => ({
    hunk,
    settlement: settled === null ? null : { tier: "trivial", class: "same", text: settled, why: "" },
    why: "",
    candidates: texts.map((text, index) => ({
      name: "fake",
      text,
      why: "",
      probability: likely / (index + 1),
    })),
  }));
}

const figuresOf = ({ hunks, failures }: MergeMeasure) =>
  hunkFigures(hunks, { refused: 0, failed: failures.length });

const measured = async (one: HunkCase, resolver: HunkResolver) =>
  figuresOf(await measureMerge([one], resolver));

const right = "const price = two();\n";
const looseRight = "const price  = two(); // loose\n";
const wrong = (index: number) => `wrong${index}();\n`;

describe("measureMerge", () => {
  it.each([
    ["the first, exactly", [right, wrong(1)], { exact: 1, normalised: 1, top3: 1, top3Exact: 1, oracle: 1 }],
    ["the first, layout aside", [looseRight, right], { exact: 0, normalised: 1, top3: 1, top3Exact: 1 }],
    [
      "the third",
      [wrong(1), wrong(2), looseRight],
      { normalised: 0, top3: 1, top3Exact: 0, oracle: 1, oracleExact: 0 },
    ],
    ["the fourth", [wrong(1), wrong(2), wrong(3), right], { top3: 0, oracle: 1, oracleExact: 1 }],
    ["the third but for a repeated one", [wrong(1), wrong(1), wrong(2), right], { top3: 1 }],
    ["none", [wrong(1)], { normalised: 0, top3: 0, oracle: 0 }],
    [
      "none, because there is no answer",
      [],
      { exact: 0, normalised: 0, top3: 0, oracle: 0, coverageAt90: 0 },
    ],
  ])("counts the right answer where it is %s", async (_, texts, expected) => {
    expect(await measured(hunkCase(), answering(texts))).toMatchObject({ n: 1, ...expected });
  });

  it("puts a settlement before every candidate", async () => {
    const figures = await measured(hunkCase(), answering([wrong(1), wrong(2), wrong(3)], 0.95, right));
    expect(figures).toMatchObject({ exact: 1, settled: 1, rightWhenSettled: 1 });
    const doubted = await measured(hunkCase(), answering([wrong(1), right], 0.95, right));
    // The first answer is the settlement's, and so is the probability that counts.
    expect(doubted).toMatchObject({ exact: 1, coverageAt90: 0 });
  });

  it.each([
    [right, 0.9, { coverageAt90: 1, precisionAt90: 1 }],
    [wrong(1), 0.9, { coverageAt90: 1, precisionAt90: 0 }],
    [right, 0.89, { coverageAt90: 0, precisionAt90: null }],
  ])("covers %j at probability %d", async (text, probability, expected) => {
    expect(await measured(hunkCase(), answering([text], probability))).toMatchObject(expected);
  });

  it("tells of each hunk what the developers made of the earlier ones, in the order of the merge", async () => {
    const told: [string, readonly SettledSibling[]][] = [];
    const contexts: HunkContext[] = [];
    const resolver = resolving((hunk, context, siblings) => {
      told.push([hunk.base, [...siblings]]);
      contexts.push(context);
      return { hunk, settlement: null, why: "", candidates: [] };
    });
    const at = (path: string, hunk: number) =>
      hunkCase({
        path,
        hunk,
        n_hunks: 12,
        n_conflict_files: 3,
        base: `${path} ${hunk}`,
        resolution: `done ${path} ${hunk}\n`,
      });
    await measureMerge([at("b.ts", 1), at("a.ts", 10), at("a.ts", 2)], resolver);

    const known = told.filter(([, siblings]) => siblings.length > 0);
    const alone = told.filter(([, siblings]) => siblings.length === 0).map(([base]) => base);
    expect(alone).toEqual(["a.ts 2", "a.ts 10", "b.ts 1"]);
    expect(known.map(([base, siblings]) => [base, siblings.map(({ text, place }) => [text, place])])).toEqual(
      [
        ["a.ts 10", [["done a.ts 2\n", 0]]],
        ["b.ts 1", [["done a.ts 2\n", 0], ["done a.ts 10\n", 1]]], // prettier-ignore
      ],
    );
    expect(contexts[0]).toMatchObject({
      path: "a.ts",
      file: null,
      hunks: 12,
      place: { index: 2, conflictedFiles: 3 },
      before: "const before = 0;\n",
    });
  });

  it("scores the answer that earlier hunks led to apart from the one without them", async () => {
    const resolver = resolving((hunk, _, siblings) => {
      const text = siblings.length > 0 ? right : wrong(1);
      const candidates = [{ name: "fake", text, why: "", probability: 0.9 }];
      return { hunk, settlement: null, why: "", candidates };
    });
    const cases = [hunkCase({ hunk: 1 }), hunkCase({ hunk: 2 })];
    expect(figuresOf(await measureMerge(cases, resolver))).toMatchObject({
      exact: 0,
      siblings: { exact: 0.5, precisionAt90: 0.5 },
      byLanguage: { typescript: { n: 2, exact: 0, siblings: { exact: 0.5 } } },
    });
  });

  it("holds an answer against the threshold of how it came about", async () => {
    const resolver = { ...answering([right], 0.7), thresholds: { alone: 0.8, siblings: 0.6 } };
    const cases = [hunkCase({ hunk: 1 }), hunkCase({ hunk: 2 })];
    // Nothing is known when the first hunk of a merge is answered.
    expect(figuresOf(await measureMerge(cases, resolver))).toMatchObject({
      coverageAt90: 0,
      siblings: { coverageAt90: 0.5 },
    });
  });

  it("counts a resolver that throws as a failure without an answer", async () => {
    const resolver = resolving(() => {
      throw new Error("it broke");
    });
    const measure = await measureMerge([hunkCase({ id: "x" })], resolver);
    expect(measure.failures).toEqual([{ id: "x", reason: "it broke" }]);
    expect(figuresOf(measure)).toMatchObject({ n: 1, failed: 1, normalised: 0 });
  });
});
