// What holds for every input: nothing made up, nothing lost, never a throw, and an end in bounded time.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { loadGrammar } from "../../../src/syntax/tree-sitter.ts";
import { structuralLanguageOf } from "../../../src/merge/structural/languages.ts";
import { mergeTrees } from "../../../src/merge/structural/merge.ts";
import { readSides } from "../../../src/merge/structural/parsing.ts";
import type { Merging, Triple } from "../../../src/merge/structural/pieces.ts";
import { layOut } from "../../../src/merge/structural/lay-out.ts";
import { given, mergerFor } from "./support.ts";

const language = structuralLanguageOf("typescript");
if (language === null) throw new Error("TypeScript is not known.");
const parsing = { grammar: await loadGrammar("typescript"), language };
const merge = (texts: Triple<string>): Merging | null =>
  readSides(texts, parsing, (roots) => mergeTrees(roots, { language, texts, first: "ours" }));

const statement = fc.constantFrom(
  "import a from 'a';",
  "f(a, b);",
  "f(a, c, d);",
  "const x = { a: 1, b: 2 };",
  "const x = { a: 1, b: 3, c };",
  "class A { m() { return 1; } n = 2; }",
  "class A { m() { return 2; } o() {} }",
  "if (a) { b(); } else { c(); }",
  "// why",
  "enum E { A, B }",
);
const program = fc
  .array(statement, { maxLength: 5 })
  .map((lines) => lines.map((line) => `${line}\n`).join(""));
const scrap = fc.constantFrom(
  "{",
  "}",
  "(",
  ")",
  '"',
  "`",
  "/*",
  "*/",
  "a",
  ",",
  ";",
  "\n",
  "=>",
  "\\",
  "\u2028",
  "class ",
);
const garbage = fc
  .array(fc.oneof(scrap, fc.string({ maxLength: 3 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

describe("structural merge", () => {
  it("is the changed side where the other is the base, and either where both agree", () => {
    fc.assert(
      fc.property(fc.oneof(program, garbage), fc.oneof(program, garbage), (base, side) => {
        for (const texts of [
          { base, ours: base, theirs: side },
          { base, ours: side, theirs: base },
          { base, ours: side, theirs: side },
        ]) {
          const merging = merge(texts);
          expect(merging && layOut(merging)).toBe(side);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is made of spans of the three texts", () => {
    fc.assert(
      fc.property(program, program, program, (base, ours, theirs) => {
        const merging = merge({ base, ours, theirs });
        if (merging === null) return;
        const spans = merging.pieces.flatMap((piece) => (piece.kind === "span" ? [piece.span] : []));
        const text = spans.map(({ side, start, end }) => merging.texts[side].slice(start, end)).join("");
        expect(layOut(merging)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it("loses no word that a side added, unless a conflict says so", () => {
    const words = (text: string) => new Set(text.match(/\w+/g));
    fc.assert(
      fc.property(program, program, program, (base, ours, theirs) => {
        const merging = merge({ base, ours, theirs });
        if (!merging || merging.pieces.some(({ kind }) => kind === "conflict")) return;
        const [known, result] = [words(base), words(layOut(merging))];
        for (const word of words(ours + theirs)) if (!known.has(word)) expect(result).toContain(word);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps the same members whichever side is ours", async () => {
    const merger = await mergerFor("a.ts");
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, fc.nat(), (all, cut) => {
        const line = (name: string) => `  ${name}() { return ${name.codePointAt(0) ?? 0}; }\n`;
        const at = 1 + (cut % (all.length - 1));
        const [one, other] = [all.slice(0, at), all.slice(at)];
        const sides = { path: "a.ts", before: "class A {\n", after: "}\n", base: "" };
        const text = (ours: string[], theirs: string[]) =>
          merger.candidates(
            ...given({ ...sides, ours: ours.map(line).join(""), theirs: theirs.map(line).join("") }),
          )[0]?.text;
        expect(text(one, other)?.split("\n").sort()).toEqual(text(other, one)?.split("\n").sort());
        expect(text(one, other)).toBe(all.map(line).join(""));
      }),
      { numRuns: 30 },
    );
  });

  it.each(["a.ts", "a.py", "A.java", "a.go", "a.rs"])("%s: never throws on garbage", async (path) => {
    const merger = await mergerFor(path);
    fc.assert(
      fc.property(garbage, garbage, garbage, garbage, (before, base, ours, theirs) => {
        const test = given({ path, before, base, ours, theirs, after: before });
        merger.settle(...test);
        merger.candidates(...test);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["brackets 100,000 deep", (side: string) => "(".repeat(100_000) + side],
    ["one line of 150,000 units", (side: string) => `f(${"a,".repeat(75_000)}${side});`],
    ["one line of a million units", (side: string) => `f(${"a,".repeat(500_000)}${side});`],
    ["20,000 comments never closed", (side: string) => "/*".repeat(20_000) + side],
    ["10,000 statements that are all alike", (side: string) => "f(a);\n".repeat(10_000) + side],
  ])("comes to an end on %s", async (_, textOf) => {
    const merger = await mergerFor("a.js");
    const [hunk, context] = given({
      path: "a.js",
      base: textOf("a"),
      ours: textOf("b"),
      theirs: textOf("c"),
    });
    expect(merger.settle(hunk, context)).toBeNull();
  });
});
