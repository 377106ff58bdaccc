// Mutants by the real grammars: what is made, what is left alone, and what holds for each of any text.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mutantsOf } from "../../../src/agents/test-writer/mutants/index.ts";
import { countGrammarErrors } from "../../../src/syntax/tree-sitter.ts";

const allLines = (text: string) => new Set(text.split("\n").map((_, index) => index + 1));
const made = async (path: string, text: string) => {
  const mutants = await mutantsOf(path, text, allLines(text));
  return mutants.map(
    ({ text: mutated, line, kind }) => `${line} ${kind} ${mutated.split("\n")[line - 1]?.trim() ?? ""}`,
  );
};

describe("mutantsOf", () => {
  test("changes comparisons, conditions, logic, constants, returns and arithmetic of TypeScript", async () => {
    const text =
      "export function f(a: number, b: boolean) {\n  if (a < 10 && b) {\n    return a + 1;\n  }\n  done(a);\n  return false;\n}\n";
    expect(await made("src/f.ts", text)).toEqual([
      "2 condition if (!(a < 10 && b)) {",
      "2 comparison if (a <= 10 && b) {",
      "2 constant if (a < 11 && b) {",
      "2 logic if (a < 10 || b) {",
      "3 statement return undefined;",
      "3 arithmetic return a - 1;",
      "3 constant return a + 2;",
      "5 statement ;",
      "6 constant return true;",
      "6 statement return undefined;",
    ]);
  });

  test("changes Python", async () => {
    const text =
      'def f(a, b):\n    """Words."""\n    if a is not None and b != "x":\n        b.append(1)\n        return a * 2\n    return True\n';
    const found = await made("f.py", text);
    expect(found).toContain('3 comparison if a is None and b != "x":');
    expect(found).toContain('3 comparison if a is not None and b == "x":');
    expect(found).toContain('3 logic if a is not None or b != "x":');
    expect(found).toContain('3 condition if (not (a is not None and b != "x")):');
    expect(found).toContain("4 statement pass");
    expect(found).toContain("5 statement return None");
    expect(found).toContain("6 constant return False");
    expect(found.filter((one) => one.startsWith("2"))).toEqual([]);
  });

  test("changes Go", async () => {
    const text =
      "package f\n\nfunc F(a int) bool {\n\tif a >= 3 || G(a) {\n\t\tstore(a)\n\t\treturn true\n\t}\n\treturn a+1 == 2\n}\n";
    const found = await made("f.go", text);
    expect(found).toContain("4 comparison if a > 3 || G(a) {");
    expect(found).toContain("4 condition if !(a >= 3 || G(a)) {");
    expect(found).toContain("5 statement {}");
    expect(found).toContain("6 constant return false");
  });

  test("leaves logs, types, imports, thrown words and the steps of loops alone", async () => {
    const text = [
      'import x from "y";',
      'type T = "a" | 1;',
      "export function f(n: 1 | 2) {",
      '  console.log("start", n + 1);',
      '  for (let i = n; i; i += 2) logger.info("x", 3);',
      '  throw new Error("words");',
      "  // a < b",
      "}",
      "",
    ].join("\n");
    expect(await made("f.ts", text)).toEqual([]);
  });

  test("looks at the lines that are asked for, and at no other", async () => {
    const text = "const a = (x) => x > 1;\nconst b = (x) => x > 2;\n";
    const mutants = await mutantsOf("f.js", text, new Set([2]));
    expect(mutants.map(({ line }) => line)).toEqual([2, 2]);
  });

  test("makes at most twelve, of many lines and kinds", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `  if (x < ${index} && y) return x + ${index};`);
    const text = `function f(x, y) {\n${lines.join("\n")}\n}\n`;
    const mutants = await mutantsOf("f.js", text, allLines(text));
    expect(mutants).toHaveLength(12);
    expect(new Set(mutants.map(({ line }) => line)).size).toBe(12);
    expect(new Set(mutants.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(5);
  });

  test("makes none where the text does not parse, or no grammar is known", async () => {
    expect(await made("f.js", "function f( { return 1 < 2; }")).toEqual([]);
    expect(await made("f.txt", "1 < 2")).toEqual([]);
  });
});

const atom = fc.constantFrom("a", "b", "1", "0.5", '""', '"x"', "true", "call(a)");
const operator = fc.constantFrom("<", "<=", "===", "!==", "&&", "||", "+", "-", "*", "%");
const expression = fc.tuple(atom, operator, atom).map((parts) => parts.join(" "));
const statement = fc.oneof(
  expression.map((one) => `return ${one};`),
  expression.map((one) => `if (${one}) { call(${one}); }`),
  expression.map((one) => `x = ${one};`),
  expression.map((one) => `while (${one}) { x += 1; }`),
  expression.map((one) => `const c = ${one} ? a : b;`),
);
const program = fc
  .array(statement, { minLength: 1, maxLength: 12 })
  .map((body) => `function f(a, b) {\n  let x;\n${body.map((one) => `  { ${one} }`).join("\n")}\n}\n`);

test("each mutant is the text with one place changed, parses, and comes again", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (text) => {
      const mutants = await mutantsOf("f.js", text, allLines(text));
      expect(mutants.length).toBeLessThanOrEqual(12);
      expect(await mutantsOf("f.js", text, allLines(text))).toEqual(mutants);
      expect(new Set(mutants.map((one) => one.text)).size).toBe(mutants.length);
      for (const { start, end, replacement, text: mutated, line } of mutants) {
        expect(mutated).not.toBe(text);
        expect(mutated).toBe(text.slice(0, start) + replacement + text.slice(end));
        expect(text.slice(0, start).split("\n")).toHaveLength(line);
        expect(await countGrammarErrors("javascript", mutated)).toBe(0);
      }
    }),
    { numRuns: 60 },
  );
});
