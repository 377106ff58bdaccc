// The same receipt, with tests of the same name, as a project of each test runner has it.
export type Files = Readonly<Record<string, string>>;

export type RunnerName = "node" | "jest" | "mocha" | "vitest" | "pytest" | "go";

export interface Dialect {
  readonly source: string;
  readonly testPath: string;
  /** Files that do not differ between situations. */
  readonly setting: Files;
  readonly right: string;
  readonly wrong: string;
  /** Gives one piece of three away. */
  readonly generous: string;
  /** 0 or 1, as it comes; `null` where the language wants an import for it. */
  readonly coin: string | null;
  /** The last test of the file says how much the receipt comes to. */
  readonly testOf: (expected: string) => string;
  /** That test alone, as a model would answer. */
  readonly lastTest: (expected: string) => string;
  /** Part of that test's id. */
  readonly test: string;
}

const title = "every piece is paid for";

/** A package without packages of its own in the lockfile: what it is said to depend on is put there by the tests. */
export const manifest = (
  scripts: Readonly<Record<string, string>>,
  tools: readonly string[] = [],
  more: object = {},
): Files => {
  const named = { name: "receipt", version: "1.0.0", private: true, type: "module", scripts };
  const devDependencies = Object.fromEntries(tools.map((tool) => [tool, "*"]));
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  if (tools.length === 0) return { "package.json": json({ ...named, ...more }) };
  const packages = { "": { name: "receipt", version: "1.0.0", devDependencies } };
  return {
    "package.json": json({ ...named, devDependencies, ...more }),
    "package-lock.json": json({ name: "receipt", version: "1.0.0", lockfileVersion: 3, packages }),
  };
};

/** Adds up the lines of a receipt. */
const script = (amount: string): string =>
  `export function total(lines) {\n  let sum = 0;\n  for (const line of lines) {\n    sum += ${amount};\n  }\n  return sum;\n}\n`;

function scriptDialect(
  header: readonly string[],
  equal: (actual: string, expected: string) => string,
  setting: Files,
): Dialect {
  const lastTest = (expected: string) =>
    `test(${JSON.stringify(title)}, () => {\n  ${equal("total([{ cents: 250, count: 3 }, { cents: 100, count: 1 }])", expected)};\n});\n`;
  return {
    source: "src/receipt.js",
    testPath: "test/receipt.test.js",
    setting,
    right: script("line.cents * line.count"),
    wrong: script("line.cents"),
    generous: script("line.cents * (line.count - Math.floor(line.count / 3))"),
    coin: "(Date.now() % 2)",
    lastTest,
    testOf: (expected) =>
      `${header.join("\n")}\nimport { total } from "../src/receipt.js";\n\ntest("an empty receipt costs nothing", () => {\n  ${equal("total([])", "0")};\n});\n\n${lastTest(expected)}`,
    test: "every",
  };
}

const assertEqual = (actual: string, expected: string): string => `assert.equal(${actual}, ${expected})`;
const expectToBe = (actual: string, expected: string): string => `expect(${actual}).toBe(${expected})`;

const pythonTest = (expected: string): string =>
  `def test_${title.replaceAll(" ", "_")}():\n    assert total([{'cents': 250, 'count': 3}, {'cents': 100, 'count': 1}]) == ${expected}\n`;
const python = (amount: string): string => `def total(lines):\n    return sum(${amount} for line in lines)\n`;

const goTest = (expected: string): string =>
  `func TestEveryPieceIsPaidFor(t *testing.T) {\n\tif got := Total([]Line{{250, 3}, {100, 1}}); got != ${expected} {\n\t\tt.Fatalf("got %d, want ${expected}", got)\n\t}\n}\n`;
const go = (amount: string): string =>
  `package receipt\n\ntype Line struct{ Cents, Count int }\n\n${goTotal(amount)}`;
const goTotal = (amount: string): string =>
  `func Total(lines []Line) int {\n\tsum := 0\n\tfor _, line := range lines {\n\t\tsum += ${amount}\n\t}\n\treturn sum\n}\n`;

export const dialects: Readonly<Record<RunnerName, Dialect>> = {
  node: scriptDialect(
    ['import assert from "node:assert/strict";', 'import { test } from "node:test";'],
    assertEqual,
    manifest({ test: "node --test" }),
  ),
  jest: scriptDialect(
    ['import { expect, test } from "@jest/globals";'],
    expectToBe,
    manifest({ test: "node --experimental-vm-modules node_modules/jest/bin/jest.js" }, ["jest"], {
      jest: { transform: {} },
    }),
  ),
  mocha: scriptDialect(
    ['import assert from "node:assert/strict";', 'import { it as test } from "mocha";'],
    assertEqual,
    manifest({ test: "mocha test" }, ["mocha"]),
  ),
  vitest: scriptDialect(
    ['import { expect, test } from "vitest";'],
    expectToBe,
    manifest({ test: "vitest run" }, ["vitest"]),
  ),
  pytest: {
    source: "receipt.py",
    testPath: "test_receipt.py",
    setting: {
      "pyproject.toml":
        '[project]\nname = "receipt"\nversion = "1.0.0"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n',
    },
    right: python("line['cents'] * line['count']"),
    wrong: python("line['cents']"),
    generous: python("line['cents'] * (line['count'] - line['count'] // 3)"),
    coin: "(__import__('time').time_ns() // 1000 % 2)",
    lastTest: pythonTest,
    testOf: (expected) =>
      `from receipt import total\n\n\ndef test_an_empty_receipt_costs_nothing():\n    assert total([]) == 0\n\n\n${pythonTest(expected)}`,
    test: "every",
  },
  go: {
    source: "receipt.go",
    testPath: "receipt_test.go",
    // The sum of no module: it has a place for what is kept of builds mounted.
    setting: { "go.mod": "module example.com/receipt\n\ngo 1.19\n", "go.sum": "" },
    right: go("line.Cents * line.Count"),
    wrong: go("line.Cents"),
    generous: go("line.Cents * (line.Count - line.Count/3)"),
    coin: null,
    lastTest: goTest,
    testOf: (expected) =>
      `package receipt\n\nimport "testing"\n\nfunc TestEmpty(t *testing.T) {\n\tif got := Total(nil); got != 0 {\n\t\tt.Fatalf("got %d", got)\n\t}\n}\n\n${goTest(expected)}`,
    test: "EveryPieceIsPaidFor",
  },
};

/** The function alone, as a model would answer. */
export const functionOf = (source: string): string => source.slice(source.search(/^(?:export )?func|^def /m));
