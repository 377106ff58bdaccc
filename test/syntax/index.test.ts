// Every language the tool claims to parse: right text has no errors, broken text has some.
import { describe, expect, it } from "@jest/globals";
import { syntaxOf } from "../../src/syntax/index.ts";

const samples: readonly [path: string, right: string, broken: string][] = [
  [
    "a.ts",
    "export const a = (b: number): string => `${b}`;\n",
    "export const a = (b: number): string => {\n",
  ],
  ["a.tsx", "const a = <p>{b as string}</p>;\n", "const a = <p>{b as string}</q;\n"],
  ["a.js", "import a from 'a';\nclass B { #c = a; }\n", "import a from 'a'\nclass B { #c = a; \n"],
  ["a.py", "def a(b: int) -> int:\n    return b\n", "def a(b: int -> int:\n    return b\n"],
  ["A.java", "class A { int b() { return 1; } }\n", "class A { int b() { return 1; }\n"],
  ["a.go", "package a\n\nfunc b() int { return 1 }\n", "package a\n\nfunc b() int { return 1 \n"],
  ["a.rs", "fn a() -> u8 { match 1 { _ => 2 } }\n", "fn a() -> u8 { match 1 { _ => 2 }\n"],
  ["a.rb", "def a\n  1\nend\n", "def a(\n  1\nend\n"],
  ["a.php", "<?php function a() { return 1; }\n", "<?php function a( { return 1; }\n"],
  ["a.cpp", "int a() { return 1; }\n", "int a( { return 1; }\n"],
  ["A.cs", "class A { int B() => 1; }\n", "class A { int B( => 1; }\n"],
  ["a.sh", 'if [ -f a ]; then echo "b"; fi\n', 'if [ -f a ]; then echo "b"\n'],
  ["a.css", "a { color: red }\n", "a { color: red \n"],
  ["a.json", '{ "a": 1 }\n', '{ "a": 1 "b": 2 }\n'],
  ["a.yaml", "a:\n  - b\n", "a:\n  - b\n c: [\n"],
  ["a.toml", 'a = "b"\n', 'a = "b\n'],
];

describe("syntaxOf", () => {
  it.each(samples)(
    "%s: finds nothing wrong in right text, and something in broken text",
    async (path, right, broken) => {
      const syntax = syntaxOf(path);
      expect(await syntax?.countErrors(right)).toBe(0);
      expect(await syntax?.countErrors(broken)).toBeGreaterThan(0);
    },
  );

  it("finds conflict markers wrong in code", async () => {
    const text = "<<<<<<< ours\nconst a = 1;\n=======\nconst a = 2;\n>>>>>>> theirs\n";
    expect(await syntaxOf("src/a.ts")?.countErrors(text)).toBeGreaterThan(0);
  });

  it("counts more errors where more is broken", async () => {
    const syntax = syntaxOf("a.py");
    const one = await syntax?.countErrors("a = )\nb = 1\nc = 1\n");
    const three = await syntax?.countErrors("a = )\nb = 1\nc = )\nd = 1\ne = )\n");
    expect(three).toBeGreaterThan(one ?? 0);
  });

  it("knows a language by the name only, whatever its case, and files by their whole name", () => {
    expect(syntaxOf("deep/er/A.TS")?.language).toBe("typescript");
    expect(syntaxOf("Cargo.lock")?.language).toBe("toml");
    expect(syntaxOf("README")).toBeNull();
    expect(syntaxOf("a.constructor")).toBeNull();
    expect(syntaxOf("constructor")).toBeNull();
  });

  it("says nothing against text that is too long to parse, and parses on afterwards", async () => {
    const syntax = syntaxOf("a.js");
    expect(await syntax?.countErrors("(".repeat(2_000_001))).toBe(0);
    expect(await syntax?.countErrors("(".repeat(20_000))).toBeGreaterThan(0);
    expect(await syntax?.countErrors("a();\n")).toBe(0);
  });

  it("parses several texts at once", async () => {
    const syntax = syntaxOf("a.rs");
    if (!syntax) throw new Error("Rust is not known.");
    const texts = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? "fn a() {}\n" : "fn a( {}\n"));
    const counts = await Promise.all(texts.map((text) => syntax.countErrors(text)));
    expect(counts.map((count) => count > 0)).toEqual(texts.map((_, index) => index % 2 === 1));
  });
});
