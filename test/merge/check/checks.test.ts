import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { droppedAdditions } from "../../../src/merge/check/dropped.ts";
import { newMarkers } from "../../../src/merge/check/markers.ts";
import { tokensFromNowhere } from "../../../src/merge/check/provenance.ts";

describe("newMarkers", () => {
  it("finds what git leaves behind, of any length, with CRLF too", () => {
    const text = "a\r\n<<<<<<< ours\r\nb\r\n=======\r\nc\r\n>>>>>>> theirs\r\n|||||||||| base\n";
    expect(newMarkers(text, ["a\n", "c\n"])).toEqual([
      "<<<<<<< ours",
      "=======",
      ">>>>>>> theirs",
      "|||||||||| base",
    ]);
  });

  it("leaves a parent's own headings alone", () => {
    expect(newMarkers("Title\n=======\n", ["Title\n=======\n", ""])).toEqual([]);
  });

  it("does not take operators and quotes for markers", () => {
    expect(newMarkers("<<<<<<\n>>>>>>>x\n======= =\n  <<<<<<< no\n", [])).toEqual(["======= ="]);
  });
});

describe("tokensFromNowhere", () => {
  it("names a word that no side has, once", () => {
    expect(tokensFromNowhere("const a = evil(evil)", ["const a = 1", "const b = 2"])).toEqual(["evil"]);
  });

  it("accepts every interleaving of the sides' own lines", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (ours, theirs) => {
        const result = ours.flatMap((line, index) => [line, theirs[index] ?? ""]).join("\n");
        return tokensFromNowhere(result, [ours.join("\n"), theirs.join("\n")]).length === 0;
      }),
    );
  });
});

describe("droppedAdditions", () => {
  it("lists what a side added and the result lacks, with the side's name", () => {
    const sides = { base: "a\n", ours: "a\nb\n", theirs: "a\nc\n}\n", result: "a\nb\n" };
    expect(droppedAdditions(sides)).toEqual([{ side: "theirs", line: "c" }]);
  });

  it("does not count a change of indentation as a loss", () => {
    expect(droppedAdditions({ base: "", ours: "  b\n", theirs: "", result: "\tb\n" })).toEqual([]);
  });
});
