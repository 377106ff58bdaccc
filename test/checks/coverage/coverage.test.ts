// Which lines ran, from what the tools really wrote (Node 20, jest 30 with babel-plugin-istanbul, Go 1.26), and from hostile bytes.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readCoverage, type CoverageKind, type CoverageRequest } from "../../../src/checks/coverage/index.ts";

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

const shopModule =
  '// A shop.\nexport function price(count) {\n  if (count > 10) {\n    return count * 2;\n  }\n  return count * 3;\n}\n\nexport function never() {\n  return "n\u00e9ver";\n}\n';
const twiceModule =
  '"use strict";\nconst twice = (n) => {\n  return n * 2;\n};\nconst unused = () => {\n  return 1;\n};\nmodule.exports = { twice, unused };\n';
const shopScript =
  'const fs = require("fs");\n\nfunction price(count) {\n  if (count > 10) {\n    return count * 2;\n  }\n  return count * 3;\n}\n\nconst names = [\n  "one",\n  "two",\n];\n\nfunction never(list) {\n  return list.map((each) => {\n    return each + 1;\n  });\n}\n\nmodule.exports = { price, never, names, fs };\n';
const goFile =
  'package calc\n\n// Add adds.\nfunc Add(a, b int) int {\n\tif a == 0 {\n\t\treturn b\n\t}\n\treturn a + b\n}\n\nfunc Never() string {\n\treturn "never"\n}\n';

/** Lines by path, or null. */
function lines(
  kind: CoverageKind,
  text: string,
  sources: Readonly<Record<string, string>>,
  more: Partial<CoverageRequest> = {},
): Readonly<Record<string, readonly number[]>> | null {
  const read = readCoverage({
    kind,
    bytes: Buffer.from(text),
    sources: new Map(Object.entries(sources)),
    ...more,
  });
  return read === null
    ? null
    : Object.fromEntries([...read].map(([path, ran]) => [path, [...ran].sort((a, b) => a - b)]));
}

describe("v8", () => {
  const sources = {
    "shop.mjs": shopModule,
    "twice.cjs": twiceModule,
    "absent.js": "x();\n",
    "absent.ts": "x();\n",
  };

  test("blocks and functions that did not run, scripts that were not loaded, and what Node would have transformed", () => {
    expect(lines("v8", fixture("v8.jsonl"), sources)).toEqual({
      "shop.mjs": [1, 2, 3, 6, 9],
      "twice.cjs": [1, 2, 3, 5, 8],
      "absent.js": [],
    });
  });

  test("of several processes what any of them ran, in an array or one a line", () => {
    const script = (ranges: readonly unknown[]) => ({
      result: [
        {
          url: "file:///project/a%20b.js",
          functions: [{ ranges: [{ startOffset: 0, endOffset: 10, count: 1 }, ...ranges] }],
        },
      ],
    });
    const source = { "a b.js": "aaaa\nbbbb\n" };
    const first = script([{ startOffset: 0, endOffset: 5, count: 0 }]);
    const second = script([{ startOffset: 5, endOffset: 10, count: 0 }]);
    expect(lines("v8", JSON.stringify(first), source)).toEqual({ "a b.js": [2] });
    expect(lines("v8", JSON.stringify([first, second]), source)).toEqual({ "a b.js": [1, 2] });
    expect(lines("v8", `${JSON.stringify(first)}\n\n${JSON.stringify(second)}\n`, source)).toEqual({
      "a b.js": [1, 2],
    });
  });

  test("a script that was compiled on the way, or is not the source that was given, is left out", () => {
    const compiled = fixture("v8.jsonl").replace(
      '{"result"',
      '{"source-map-cache":{"file:///project/shop.mjs":{}},"result"',
    );
    expect(lines("v8", compiled, { "shop.mjs": shopModule })).toEqual({});
    expect(lines("v8", fixture("v8.jsonl"), { "shop.mjs": `${shopModule}// more\n` })).toEqual({});
    expect(
      lines("v8", fixture("v8.jsonl").replaceAll("file:///project/", "file:///elsewhere/"), sources),
    ).toEqual({
      "shop.mjs": [],
      "twice.cjs": [],
      "absent.js": [],
    });
  });
});

describe("istanbul-json", () => {
  test("statements over several lines, functions that did not run, files that were not loaded, tests", () => {
    const sources = {
      "shop.js": shopScript,
      "unloaded.ts": "x();\n",
      "shop.test.js": "x();\n",
      "README.md": "# x\n",
    };
    expect(lines("istanbul-json", fixture("istanbul.json"), sources)).toEqual({
      "shop.js": [1, 3, 4, 7, 10, 11, 12, 21],
      "unloaded.ts": [],
    });
  });

  test("imports, which are no statements, ran where anything did", () => {
    const source = 'import type { T } from "t";\nimport {\n  a,\n} from "a";\nrun(a);\n';
    const at = (line: number) => ({ start: { line, column: 0 }, end: { line, column: 7 } });
    const report = (hit: number) =>
      JSON.stringify({ "/project/x.ts": { statementMap: { 0: at(5) }, s: { 0: hit }, fnMap: {}, f: {} } });
    expect(lines("istanbul-json", report(1), { "x.ts": source })).toEqual({ "x.ts": [2, 3, 4, 5] });
    expect(lines("istanbul-json", report(0), { "x.ts": source })).toEqual({ "x.ts": [] });
  });

  test("positions of a transformed file, or outside the source, are not guessed at", () => {
    const mapped = fixture("istanbul.json").replace('"path"', '"inputSourceMap": {}, "path"');
    expect(lines("istanbul-json", mapped, { "shop.js": shopScript })).toEqual({});
    expect(lines("istanbul-json", fixture("istanbul.json"), { "shop.js": "one line\n" })).toEqual({});
  });
});

describe("go-cover", () => {
  const goModules = new Map([["example.com/shop", ""]]);

  test("blocks by the module's folder; a file that is not in the profile was not measured", () => {
    const sources = { "calc/calc.go": goFile, "calc/other.go": goFile };
    expect(lines("go-cover", fixture("go-cover.out"), sources, { goModules })).toEqual({
      "calc/calc.go": [4, 5, 8],
    });
    const nested = new Map([...goModules, ["example.com/shop/calc", "elsewhere"]]);
    expect(
      lines("go-cover", fixture("go-cover.out"), { "elsewhere/calc.go": goFile }, { goModules: nested }),
    ).toEqual({
      "elsewhere/calc.go": [4, 5, 8],
    });
    expect(lines("go-cover", "no profile", sources, { goModules })).toBeNull();
  });
});

test("lines-json: lines that hold a word, of the paths that are asked for", () => {
  const text = JSON.stringify({ "/project/a.py": [1, 2, 3, 99, "4"], "b.py": [], "c.py": [1] });
  expect(
    lines("lines-json", text, { "a.py": "one\n)\nthree\nfour\n", "b.py": "x\n", "d.py": "x\n" }),
  ).toEqual({
    "a.py": [1, 3],
    "b.py": [],
  });
});

describe("hostile bytes", () => {
  const kinds: readonly CoverageKind[] = ["istanbul-json", "v8", "go-cover", "lines-json"];
  const names = ["v8.jsonl", "istanbul.json", "go-cover.out"];
  const sources = new Map([
    ["shop.mjs", shopModule],
    ["shop.js", shopScript],
    ["calc/calc.go", goFile],
  ]);

  test("cut out, cut off and garbled: lines of the source or nothing", () => {
    const garbled = fc.tuple(
      fc.constantFrom(...names),
      fc.nat(),
      fc.nat(40),
      fc.string({ unit: "binary" }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), garbled, (kind, [name, at, gone, garbage, ends]) => {
        const text = fixture(name);
        const start = at % text.length;
        const bytes = Buffer.from(text.slice(0, start) + garbage + (ends ? "" : text.slice(start + gone)));
        for (const [path, ran] of readCoverage({ kind, bytes, sources }) ?? []) {
          const count = (sources.get(path) ?? "").split("\n").length;
          for (const line of ran) expect(line >= 1 && line <= count).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("regions that all lie over each other are given up", () => {
    const source = "x".repeat(400_000);
    const range = { startOffset: 0, endOffset: source.length, count: 1 };
    const script = {
      url: "file:///project/a.js",
      functions: [{ ranges: Array.from({ length: 20_000 }, () => range) }],
    };
    expect(lines("v8", JSON.stringify({ result: [script] }), { "a.js": source })).toEqual({});
    expect(
      lines(
        "go-cover",
        `mode: set\n${"m/a.go:1.1,999999999.1 1 1\n".repeat(300)}`,
        { "a.go": "x\n".repeat(100_000) },
        { goModules: new Map([["m", ""]]) },
      ),
    ).toBeNull();
  });

  test("a long line costs no more than its length", () => {
    const url = `file:///project/a.js${"?".repeat(3_000_000)}\n`;
    expect(lines("v8", JSON.stringify({ result: [{ url, functions: [] }] }), { "a.js": "x" })).toEqual({});
    const source = `import 'a'${" ".repeat(2_000_000)}x`;
    const place = { start: { line: 1, column: 0 }, end: { line: 1, column: 9 } };
    const report = { "/project/a.js": { statementMap: { 0: place }, s: { 0: 1 }, fnMap: {}, f: {} } };
    expect(lines("istanbul-json", JSON.stringify(report), { "a.js": source })).toEqual({ "a.js": [1] });
  });

  test("a block has no more lines than its file", () => {
    const profile = "mode: set\nm/a.go:1.1,999999999.1 1 1\n";
    const modules = { goModules: new Map([["m", ""]]) };
    expect(lines("go-cover", profile, { "a.go": "x\ny" }, modules)).toEqual({ "a.go": [1, 2] });
  });
});
