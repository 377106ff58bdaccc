// What structure settles by itself: every change of the other branch is in this branch already, among more.
import { describe, expect, it } from "@jest/globals";
import { given, mergerFor } from "./support.ts";

const included = {
  path: "a.ts",
  base: "start(a);\nstop(b);\n",
  ours: "start(a, c);\nstop(d);\nrest();\n",
  theirs: "start(a, c);\nstop(b);\n",
};

describe("structural settlements", () => {
  it("takes this branch where it has all that the other did, and says why", async () => {
    const merger = await mergerFor(included.path);
    const settlement = merger.settle(...given(included));
    expect(settlement).toMatchObject({
      tier: "structural",
      class: "structural/one-sided/ours/typescript",
      text: included.ours,
    });
    expect(settlement?.why).toContain("this branch");
  });

  it("leaves open what is only likely", async () => {
    const merger = await mergerFor("a.ts");
    const swapped = { ...included, ours: included.theirs, theirs: included.ours };
    const disjoint = { path: "a.ts", base: "f(a, b);\n", ours: "f(c, b);\n", theirs: "f(a, d);\n" };
    expect(merger.settle(...given(swapped))).toBeNull();
    expect(merger.settle(...given(disjoint))).toBeNull();
  });
});
