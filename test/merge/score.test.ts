import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { normaliseForScore, scoreTexts, scorerOf } from "../../src/merge/score.ts";

const hunk = { language: "typescript", before: "one();\n", after: "two();\n", resolution: "const a = 1;\n" };

describe("scorerOf", () => {
  const score = scorerOf(hunk);

  it.each([
    ["const a = 1;\n", "exact"],
    ["const  a = 1;\n\n", "normalised"],
    ["const a = 1; // why\n", "normalised"],
    ["/* why\n   not */ const a = 1;\n", "normalised"],
    ["const a = 2;\n", "wrong"],
    ["", "wrong"],
    ["<<<<<<< ours\nconst a = 1;\n=======\n>>>>>>> theirs\n", "abstained"],
    [null, "abstained"],
  ])("takes %j for %s", (answer, expected) => {
    expect(score(answer)).toBe(expected);
  });

  it("compares with the nearest five lines, in which a comment may begin", () => {
    const inComment = scorerOf({ ...hunk, before: "/*\n", after: "*/\n" });
    expect(inComment("anything\n")).toBe("normalised");
    const farAway = scorerOf({ ...hunk, before: `/*\n${"x\n".repeat(5)}`, after: "*/\n" });
    expect(farAway("anything\n")).toBe("wrong");
  });

  it("does not count blanks at the ends of what is compared", () => {
    const alone = scorerOf({ ...hunk, language: "python", before: "", after: "" });
    expect(alone("\n  const a = 1;")).toBe("exact");
  });

  it("takes an answer with markers for right where the developers left the same line", () => {
    const heading = scorerOf({ ...hunk, language: "rst", resolution: "Title\n=======\n" });
    expect(heading("Title\n=======\n")).toBe("exact");
    expect(heading("Other\n=======\n")).toBe("abstained");
  });
});

describe("scoreTexts", () => {
  it.each([
    ["python", "a = 1  # one\nb\n", "a = 1\nb\n", "wrong"],
    ["python", "a = 1# one\nb\n", "a = 1\nb\n", "normalised"],
    ["python", "  a\n", "    a\n", "exact"],
    ["python", "x\n  a\n", "x\n    a\n", "wrong"],
    ["python", 'x\n"""doc"""\n', "x\n", "normalised"],
    ["ruby", "x\n'''doc'''\n", "x\n", "normalised"],
    ["go", "x\n\ta\n", "x\n  a\n", "wrong"],
    ["go", "x // why\n", "x \n", "normalised"],
    ["java", "x\n\ta\n", "x a", "normalised"],
    ["yaml", "a:  1\n", "a: 1\n", "wrong"],
    ["json", '{"a":  1}\n', '{"a": 1}\n', "normalised"],
    ["json", '{"a": 1} // no\n', '{"a": 1}\n', "wrong"],
    ["typescript", 'x("http://one")\n', 'x("http://two")\n', "normalised"],
  ])("in %s, %j for %j is %s", (language, answer, expected, score) => {
    expect(scoreTexts(answer, expected, language)).toBe(score);
  });
});

describe("normaliseForScore", () => {
  /** The rule as it is published: with patterns. */
  const published = (text: string, language: string): string => {
    let code = text;
    if (["javascript", "java", "c", "cpp", "csharp", "rust", "php", "typescript", "go"].includes(language))
      code = code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*/g, "");
    else if (language === "python" || language === "ruby")
      code = code
        .replace(/#.*/g, "")
        .replace(/"""[\s\S]*?"""/g, "")
        .replace(/'''[\s\S]*?'''/g, "");
    if (!["python", "go", "ruby"].includes(language)) code = code.replace(/\s+/g, " ");
    return code.trim();
  };

  it("does what the published patterns do", () => {
    const piece = fc.constantFrom(
      "/*",
      "*/",
      "*",
      "/",
      "//",
      "#",
      '"""',
      '"',
      "'''",
      "\n",
      "\r",
      " ",
      "a",
      "\u2028",
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
    const language = fc.constantFrom("typescript", "go", "python", "ruby", "markdown");
    fc.assert(
      fc.property(text, language, (given, name) => {
        expect(normaliseForScore(given, name)).toBe(published(given, name));
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads a comment that is opened a million times and never closed", () => {
    const hostile = "/*-".repeat(1_000_000);
    expect(normaliseForScore(hostile, "java") === hostile).toBe(true);
  });
});
