// Names that a merge declares twice: what counts as the same scope, and what may stand twice.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { newlyRedeclared } from "../../src/agents/conflict-resolver/redeclared.ts";

/** What is found when both sides stand one after the other. */
const both = (path: string, ours: string, theirs: string) =>
  newlyRedeclared(path, `${ours}${theirs}`, [ours, theirs]);

describe("a name is declared twice", () => {
  it.each([
    ["a.js", "export const total = 1;\n", "export const total = 2;\n", "total"],
    ["a.mjs", "let total = 1;\n", "var total = 2;\n", "total"],
    ["a.js", "class Shop {\n}\n", "export default class Shop {\n}\n", "Shop"],
    ["a.ts", "function sell() {\n}\n", "async function sell(a: { b: string }): Promise<void> {\n}\n", "sell"],
    ["a.ts", "interface Shop {\n}\n", "export type Shop = string;\n", "Shop"],
    ["a.tsx", "export const enum Kind {\n}\n", "enum Kind {\n}\n", "Kind"],
    ["a.py", "def sell():\n    pass\n", "async def sell():\n    pass\n", "sell"],
    ["a.py", "class Shop:\n    pass\n", "class Shop(Base):\n    pass\n", "Shop"],
    ["a.go", "func Sell() {\n}\n", "func Sell[T any](t T) {\n}\n", "Sell"],
    ["a.go", "func (s *Shop) Sell() {\n}\n", "func (s *Shop) Sell(a int) {\n}\n", "(s *Shop) Sell"],
    ["a.go", "type Shop struct {\n}\n", "type Shop int\n", "Shop"],
    ["a.rs", "pub fn sell() {\n}\n", "pub(crate) async fn sell() {\n}\n", "sell"],
    ["a.rs", "struct Shop;\n", "enum Shop {\n}\n", "Shop"],
    ["A.java", "  public class Shop {\n  }\n", "  interface Shop {\n  }\n", "Shop"],
  ])("in %s: %j and %j", (path, ours, theirs, name) => {
    expect(both(path, ours, theirs)).toEqual([name]);
    expect(both(path, ours.replaceAll("\n", "\r\n"), theirs)).toEqual([name]);
  });

  it("inside a body as at the top, but not in two bodies, nor further in", () => {
    const one = "  const total = 1;\n";
    expect(both("a.js", `f(() => {\n${one}`, `${one}});\n`)).toEqual(["total"]);
    expect(both("a.js", `f(() => {\n${one}});\n`, `g(() => {\n${one}});\n`)).toEqual([]);
    expect(both("a.js", "const total = 1;\n", `f(() => {\n${one}});\n`)).toEqual([]);
    expect(both("a.py", "if a:\n    def f(): pass\n", "else:\n    def f(): pass\n")).toEqual([]);
  });
});

describe("it is not counted", () => {
  it.each([
    ["a type beside a value", "a.ts", "export const Shop = 1;\n", "export type Shop = number;\n"],
    [
      "overloads",
      "a.ts",
      "export function sell(a: string): void;\n",
      "export function sell(\n  a: { b: string },\n): void;\nexport function sell(a: unknown) {\n}\n",
    ],
    ["methods of two types", "a.go", "func (s *Shop) Sell() {\n}\n", "func (c *Cart) Sell() {\n}\n"],
    ["what Go runs first", "a.go", "func init() {\n}\n", "func init() {\n}\n"],
    ["a blank name", "a.go", "func _() {\n}\n", "func _() {\n}\n"],
    [
      "what is decorated",
      "a.py",
      "class A:\n    @property\n    def b(self): pass\n",
      "    @b.setter\n    def b(self, c): pass\n",
    ],
    [
      "one for each system",
      "a.rs",
      "#[cfg(unix)]\n/// Sells.\nfn sell() {\n}\n",
      "#[cfg(windows)]\nfn sell() {\n}\n",
    ],
    ["a language that is not read", "a.rb", "class Shop\nend\n", "class Shop\nend\n"],
    ["a use", "a.js", "total = 1;\n", "total = 2;\n"],
    ["a class without a name", "a.js", "export default class extends A {\n}\n", "class extends B {\n}\n"],
  ])("%s", (_name, path, ours, theirs) => {
    expect(both(path, ours, theirs)).toEqual([]);
  });

  it("where a side does so as often", () => {
    const twice = "var a = 1;\nvar a = 2;\n";
    expect(newlyRedeclared("a.js", twice, [twice, "var a = 1;\n"])).toEqual([]);
    expect(newlyRedeclared("a.js", `${twice}var a = 3;\n`, [twice, "var a = 1;\n"])).toEqual(["a"]);
  });

  it("in a side itself, whatever it is", () => {
    const line = fc.constantFrom(
      "const a = 1;",
      "  function a(",
      "class a {",
      "}",
      "  type a = {",
      "",
      "\t@a",
      "def a():",
    );
    const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((one) => `${one}\n`).join(""));
    fc.assert(
      fc.property(
        text,
        text,
        fc.constantFrom("a.ts", "a.py", "a.go", "a.rs", "a.java"),
        (ours, theirs, path) => {
          expect(newlyRedeclared(path, ours, [ours, theirs])).toEqual([]);
        },
      ),
    );
  });
});
