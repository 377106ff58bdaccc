import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Segment } from "../../../src/core/conflict.ts";
import { ignoreListDriver } from "../../../src/merge/lists/ignore-driver.ts";
import { listsTier } from "../../../src/merge/lists/tier.ts";
import { fileOf, hunkOf, settleWith } from "../support.ts";

const clean = (text: string): Segment => ({ kind: "clean", text });
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join("");

function settle(segments: readonly Segment[], path = ".gitignore") {
  return ignoreListDriver.merge(fileOf(path, segments))?.settlements ?? [];
}
const settleOne = (base: string, ours: string, theirs: string) =>
  settle([hunkOf({ base, ours, theirs })])[0] ?? null;

describe("which files", () => {
  it.each([".gitignore", "a/.dockerignore", ".prettierignore", ".npmignore", "AUTHORS", ".mailmap"])(
    "%s is one",
    (path) => {
      expect(ignoreListDriver.matches(path)).toBe(true);
    },
  );
  // Attributes and owners are given by the last line that matches; Mercurial's lines say how others are read.
  it.each([".gitattributes", "CODEOWNERS", ".github/CODEOWNERS", ".hgignore", "ignore.ts"])(
    "%s is none",
    (path) => {
      expect(ignoreListDriver.matches(path)).toBe(false);
    },
  );
});

describe("an ignore file", () => {
  it("has what both sides add, ours first, headings with what stands below them", () => {
    const settlement = settleOne("", lines("# logs", "*.log"), lines("# build", "dist/"));
    expect(settlement?.text).toBe(lines("# logs", "*.log", "# build", "dist/"));
    expect(settlement?.class).toBe("lists/both-add/only-conflict/ignore");
  });

  it("has not what one side removes", () => {
    expect(settleOne(lines("a", "b"), lines("a"), lines("a", "b", "c"))?.text).toBe(lines("a", "c"));
  });

  it("stays sorted where it was", () => {
    const [settlement] = settle([
      clean(lines("a")),
      hunkOf({ ours: lines("c"), theirs: lines("b") }),
      clean(lines("d")),
    ]);
    expect(settlement?.text).toBe(lines("b", "c"));
  });

  it("keeps CRLF, and blanks that a pattern ends with", () => {
    expect(settleOne("", "a\\ \r\n", "b\r\n")?.text).toBe("a\\ \r\nb\r\n");
    expect(settleOne("", "a\r\n", "b\n")).toBeNull();
  });

  it("is open where a pattern takes others back, for the tier of single hunks too", () => {
    const [ours, theirs] = [lines("*.log"), lines("!keep.log")];
    expect(settleOne("", ours, theirs)).toBeNull();
    expect(settleWith(listsTier, { path: ".gitignore", ours, theirs })).toBeNull();
  });

  it("is open where a line occurs twice, stands elsewhere already, or was replaced by both", () => {
    expect(settleOne("", lines("a", "b", "a"), lines("c"))).toBeNull();
    const far = clean(lines("dist", ...Array.from({ length: 60 }, (_, index) => `x${String(index)}`)));
    expect(settle([far, hunkOf({ ours: lines("dist"), theirs: lines("out") })])).toEqual([null]);
    expect(settleOne(lines("a"), lines("b"), lines("c"))).toBeNull();
  });

  it("settles each hunk by itself", () => {
    const settled = settle([
      hunkOf({ ours: lines("a"), theirs: lines("b") }),
      clean(lines("m")),
      hunkOf({ ours: lines("!x"), theirs: lines("y") }),
    ]);
    expect(settled.map((settlement) => settlement?.text)).toEqual([lines("a", "b"), undefined]);
  });

  it("loses nothing, makes nothing up and never throws", () => {
    const list = fc.uniqueArray(fc.constantFrom("a", "b", "c", "# d", "e/", "f*"));
    fc.assert(
      fc.property(list, list, list, (base, ours, theirs) => {
        const settlement = settleOne(lines(...base), lines(...ours), lines(...theirs));
        if (settlement === null) return;
        const wanted = [...new Set([...ours, ...theirs])].filter(
          (line) => !base.includes(line) || (ours.includes(line) && theirs.includes(line)),
        );
        expect(settlement.text.split("\n").filter(Boolean).sort()).toEqual(wanted.sort());
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (base, ours, theirs) => {
        expect(() => settleOne(base, ours, theirs)).not.toThrow();
      }),
    );
  });
});
