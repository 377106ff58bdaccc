// Hunks that are no conflict once what both sides did, or layout, is left out.
import { describe, expect, it } from "@jest/globals";
import { oneSideTier, sameTier } from "../../src/merge/trivial-tier.ts";
import { hunkOf, settleWith } from "./support.ts";

const settle = (base: string, ours: string, theirs: string) =>
  oneSideTier.settle(hunkOf({ base, ours, theirs }), { path: "a", before: "", after: "", file: null });

describe("the same change", () => {
  it("on both sides is kept", () => {
    expect(settleWith(sameTier, { path: "a", base: "a\n", ours: "b\n", theirs: "b\n" })).toMatchObject({
      tier: "trivial",
      class: "same/exact",
      text: "b\n",
    });
  });

  it("is not seen by the strict tier where a blank differs", () => {
    expect(settleWith(sameTier, { path: "a", base: "a\n", ours: "b\n", theirs: "b \n" })).toBeNull();
  });

  it("but for line endings or indentation names a class of its own", () => {
    expect(settle("a\n", "b\n", "b \n")).toMatchObject({ class: "same/line-ends", text: "b\n" });
    expect(settle("a\n", "  b\n", "b\n")).toMatchObject({ class: "same/blanks", text: "  b\n" });
  });

  it("of the layout by one side only is taken from that side", () => {
    expect(settle("b\n", "b\n", "  b\n")).toMatchObject({ text: "  b\n" });
  });
});

describe("a change by one side", () => {
  it("is taken, whichever side it is", () => {
    expect(settle("a\n", "b\n", "a\n")).toMatchObject({ class: "one-side/edits/exact", text: "b\n" });
    expect(settle("a\n", "a\n", "b\n")).toMatchObject({ class: "one-side/edits/exact", text: "b\n" });
  });

  it("tells additions and removals apart", () => {
    expect(settle("", "b\n", "")?.class).toBe("one-side/adds/exact");
    expect(settle("a\n", "", "a\n")?.class).toBe("one-side/removes/exact");
  });

  it("is taken where the other side only changed layout", () => {
    expect(settle("a\n", "b\n", "a  \n")).toMatchObject({ class: "one-side/edits/line-ends", text: "b\n" });
    expect(settle("a\n", "b\n", "  a\n")).toMatchObject({ class: "one-side/edits/blanks", text: "b\n" });
  });
});

it("abstains where both sides changed something", () => {
  expect(settle("a\n", "b\n", "c\n")).toBeNull();
});
