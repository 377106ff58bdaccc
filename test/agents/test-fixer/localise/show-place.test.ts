// What a model is shown of places, and of what they call.
import { describe, expect, it } from "@jest/globals";
import {
  calleesOf,
  importBlock,
  isClear,
  skeleton,
} from "../../../../src/agents/test-fixer/localise/show-place.ts";
import type { Place } from "../../../../src/agents/test-fixer/types.ts";
import { functionsIn } from "../../../../src/syntax/functions.ts";
import { treesOf } from "./trees.ts";

async function placeOf(path: string, text: string, name: string | null, score = 1): Promise<Place> {
  const span = (await functionsIn(path, text)).find((one) => one.name === name) ?? null;
  return { path, text, span, why: "", score };
}

describe("skeleton", () => {
  it("gives path, signature and the first line of the documentation", async () => {
    const text =
      "/**\n * Adds two numbers.\n * And more.\n */\nexport function add(a, b) {\n  return a + b;\n}\n";
    expect(skeleton(await placeOf("src/a.js", text, "add"))).toBe(
      "src/a.js:5\nexport function add(a, b)\nAdds two numbers.",
    );
    const python = '@dec\ndef add(a):\n    """Adds one."""\n    return a\n';
    expect(skeleton(await placeOf("a.py", python, "add"))).toBe("a.py:2\ndef add(a):\nAdds one.");
    expect(skeleton(await placeOf("a.js", "function f() {}\n", "f"))).toBe("a.js:1\nfunction f()");
    expect(skeleton(await placeOf("a.js", "// Codes of answers.\nexport const a = 1;\n", null))).toBe(
      "a.js (whole file)\nCodes of answers.",
    );
  });

  it("stays short for hostile text", async () => {
    const text = `// ${"x".repeat(9_000)}\nfunction f(${"a, ".repeat(5_000)}b) {\n  return 1;\n}\n`;
    expect(skeleton(await placeOf("a.js", text, "f")).length).toBeLessThan(700);
  });
});

describe("isClear", () => {
  const places = (...scores: readonly number[]) =>
    scores.map((score): Place => ({ path: "a", text: "", span: null, why: "", score }));
  it("asks where the first is not far ahead", () => {
    expect(isClear(places(15, 4))).toBe(true);
    expect(isClear(places(15, 14))).toBe(false);
    expect(isClear(places(5, 1))).toBe(false);
    expect(isClear(places(1))).toBe(true);
    expect(isClear([])).toBe(false);
  });
});

describe("calleesOf", () => {
  it("signs what a function calls, in its file and in those that it imports from", async () => {
    const files = {
      "src/a.js":
        'import { far } from "./b.js";\nimport { other } from "./c.js";\nfunction near(x) {\n  return x;\n}\nfunction not(x) {\n  return x;\n}\nexport function f(a) {\n  return near(far(a)) + missing(f);\n}\nother();\n',
      "src/b.js": "export function far(y) {\n  return y;\n}\nexport function unused() {}\n",
      "src/c.js": "export function other() {}\n",
    };
    const { trees, reads } = treesOf(files);
    const place = await placeOf("src/a.js", files["src/a.js"], "f");
    expect(await calleesOf(place, trees, "head")).toBe(
      "src/a.js: function near(x)\nsrc/b.js: export function far(y)",
    );
    expect(reads).not.toContain("src/c.js");
    expect(await calleesOf({ ...place, span: null }, trees, "head")).toBe("");
  });

  it("signs twenty at most", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
    const text = `${names.map((name) => `function ${name}() {}`).join("\n")}\nfunction f() {\n${names.map((name) => `  ${name}();`).join("\n")}\n}\n`;
    const callees = await calleesOf(
      await placeOf("a.js", text, "f"),
      treesOf({ "a.js": text }).trees,
      "head",
    );
    expect(callees.split("\n")).toHaveLength(20);
  });
});

describe("importBlock", () => {
  it("gives the import lines alone", async () => {
    expect(await importBlock("import a\nx = 1\nfrom b import c\n", "a.py")).toBe(
      "import a\nfrom b import c\n",
    );
    expect(await importBlock("x", "a.txt")).toBe("");
  });
});
