// Candidates that merge inside lines: by words, by letters, line with line, words apart from blanks.
import { describe, expect, it } from "@jest/globals";
import { blankMerge } from "../../../src/merge/candidates/blank-merge.ts";
import { charMerge } from "../../../src/merge/candidates/char-merge.ts";
import { pairMerge } from "../../../src/merge/candidates/pair-merge.ts";
import { lineDiff3, tokenDiff3 } from "../../../src/merge/candidates/token-diff3.ts";
import { mergeTokens } from "../../../src/merge/candidates/token-merge.ts";
import { answersOf } from "./support.ts";

describe("word by word", () => {
  it("merges changes of different words cleanly", () => {
    const merged = "export function load(path: URL): Promise<Rules> {\n";
    expect(
      answersOf(tokenDiff3, {
        base: "function load(path: string) {\n",
        ours: "export function load(path: string): Promise<Rules> {\n",
        theirs: "function load(path: URL) {\n",
      }),
    ).toMatchObject({ "token-merge": merged, "token-merge-ours": merged, "token-merge-reversed": merged });
  });

  it("has one answer for each way to decide, and no clean one, where both change a word", () => {
    expect(
      answersOf(tokenDiff3, { base: "run(old);\n", ours: "run(mine);\n", theirs: "await run(yours);\n" }),
    ).toEqual({
      "token-merge-ours": "await run(mine);\n",
      "token-merge-theirs": "await run(yours);\n",
      "token-merge-both": "await run(mineyours);\n",
      "token-merge-reversed": "await run(yoursmine);\n",
    });
  });

  it("takes once what both changed alike", () => {
    expect(
      answersOf(tokenDiff3, { base: "a(b, c)\n", ours: "x(b, d)\n", theirs: "x(b, c)!\n" }),
    ).toMatchObject({ "token-merge": "x(b, d)!\n", "token-merge-both": "x(b, d)!\n" });
  });

  it("keeps the side's line endings", () => {
    expect(answersOf(tokenDiff3, { base: "a(b)\r\n", ours: "a(c)\r\n", theirs: "x.a(b)\r\n" })).toMatchObject(
      { "token-merge": "x.a(c)\r\n" },
    );
  });

  it("ends every answer with a line ending, whatever the merge leaves at the end", () => {
    const answers = answersOf(tokenDiff3, { base: "a\n", ours: "b\nc\n", theirs: "d" });
    for (const text of Object.values(answers)) expect(text).toMatch(/\n$/);
  });
});

describe("line by line", () => {
  it("decides the conflicts, and keeps what only one side changed", () => {
    expect(
      answersOf(lineDiff3, { base: "a\nkeep\nb\n", ours: "a1\nkeep\nb\n", theirs: "a2\nkeep\nb2\n" }),
    ).toEqual({
      "line-merge-ours": "a1\nkeep\nb2\n",
      "line-merge-theirs": "a2\nkeep\nb2\n",
      "line-merge-both": "a1\na2\nkeep\nb2\n",
      "line-merge-reversed": "a2\na1\nkeep\nb2\n",
    });
  });
});

describe("letter by letter", () => {
  it("merges two changes within one word", () => {
    const given = { base: "colours\n", ours: "Colours\n", theirs: "colour\n" };
    expect(answersOf(charMerge, given)).toEqual({ "char-merge": "Colour\n" });
    expect(answersOf(tokenDiff3, given)).not.toHaveProperty("token-merge");
  });

  it("answers nothing where two changes meet", () => {
    expect(answersOf(charMerge, { base: "a1z\n", ours: "a2z\n", theirs: "a3z\n" })).toEqual({});
  });

  it("never cuts a letter in two", () => {
    // The two faces share their first UTF-16 unit.
    const answers = answersOf(charMerge, { base: "😀 a b\n", ours: "😃 a b\n", theirs: "😀 a c\n" });
    expect(answers).toEqual({ "char-merge": "😃 a c\n" });
  });
});

describe("line with line", () => {
  it("merges the words of each line with those of its counterpart", () => {
    expect(
      answersOf(pairMerge, {
        base: "f(a);\nf(a);\n",
        ours: "g(a);\nf(a);\n",
        theirs: "f(b);\nf(c);\n",
      }),
    ).toEqual({
      "pair-merge-ours": "g(b);\nf(c);\n",
      "pair-merge-theirs": "g(b);\nf(c);\n",
      "pair-merge-both": "g(b);\nf(c);\n",
    });
  });

  it("answers nothing where a side has more lines", () => {
    expect(answersOf(pairMerge, { base: "a\n", ours: "b\n", theirs: "c\nd\n" })).toEqual({});
  });
});

describe("words apart from blanks", () => {
  it("takes one side's layout and the other's word", () => {
    const given = { base: "f(a, b);\n", ours: "f(\n  a,\n  b,\n);\n", theirs: "g(a, b);\n" };
    expect(answersOf(blankMerge, given)["blank-merge-ours"]).toBe("g(\n  a,\n  b,\n);\n");
  });

  it("decides blanks that both changed as it decides words, but never takes both", () => {
    expect(answersOf(blankMerge, { base: "a b\n", ours: "a  b\n", theirs: "a\tb\n" })).toEqual({
      "blank-merge-ours": "a  b\n",
      "blank-merge-theirs": "a\tb\n",
      "blank-merge-both": "a  b\n",
      "blank-merge-reversed": "a\tb\n",
    });
  });
});

describe("two texts of one old text", () => {
  it("lets what a side left as it was give way", () => {
    expect(mergeTokens("see also: get(key)", "get(name)", "set(key)", "ours")).toBe("set(name)");
  });

  it("leaves out what each removed and the other kept", () => {
    expect(mergeTokens("a b", "a", "b", "both")).toBe("");
  });

  it.each([
    ["ours", "x1"],
    ["theirs", "x2"],
    ["both", "x1x2"],
    ["reversed", "x2x1"],
  ] as const)("decides by the mode: %s", (mode, merged) => {
    expect(mergeTokens("x", "x1", "x2", mode)).toBe(merged);
  });

  it("says nothing about long texts", () => {
    expect(mergeTokens("", "a ".repeat(5_000), "b ".repeat(5_000), "ours")).toBeNull();
  });
});
