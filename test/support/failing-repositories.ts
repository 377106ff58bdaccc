// Small repositories with a pull request whose checks are red, each in its own way and for each test runner: what the base has, what the head changes, and the fix.

export type Files = Readonly<Record<string, string>>;

export type Situation = "failing" | "flaky" | "base-red" | "stale" | "type-error" | "lint-error";
type RunnerName = "node" | "jest" | "mocha" | "vitest" | "pytest" | "go";

export interface FailingRepository {
  readonly base: Files;
  /** What the pull request changes. */
  readonly head: Files;
  /** The function that a right fix writes anew, as a model would answer; `null` where there is none to write. */
  readonly answer: string | null;
  /** Path of the file that a right fix changes; `null` where nothing is to be changed. */
  readonly fixes: string | null;
  /** Part of the id of the test that fails. */
  readonly test: string;
}

interface Dialect {
  readonly source: string;
  readonly testPath: string;
  /** Files that do not differ between situations. */
  readonly setting: Files;
  readonly right: string;
  readonly wrong: string;
  /** Passes and fails by turns: a coin that each process throws anew. */
  readonly coin: string;
  readonly testOf: (title: string, expected: number) => string;
}

/** A function that adds up lines of a receipt: every dialect has the same one. */
const script = (body: string, exported: string): string =>
  `${exported} total(lines) {\n  let sum = 0;\n  for (const line of lines) {\n    ${body}\n  }\n  return sum;\n}\n`;

const manifest = (name: string, scripts: Readonly<Record<string, string>>, more: object = {}): string =>
  `${JSON.stringify({ name, version: "1.0.0", private: true, type: "module", scripts, ...more }, null, 2)}\n`;

function scriptDialect(
  header: readonly string[],
  equal: (actual: string, expected: string) => string,
  setting: Files,
): Dialect {
  const title = (text: string) => JSON.stringify(text);
  return {
    source: "src/receipt.js",
    testPath: "test/receipt.test.js",
    setting,
    right: script("sum += line.cents * line.count;", "export function"),
    wrong: script("sum += line.cents;", "export function"),
    coin: "Date.now() % 2",
    testOf: (name, expected) =>
      [
        ...header,
        'import { total } from "../src/receipt.js";',
        "",
        `test(${title("an empty receipt costs nothing")}, () => {`,
        `  ${equal("total([])", "0")};`,
        "});",
        "",
        `test(${title(name)}, () => {`,
        `  ${equal("total([{ cents: 250, count: 3 }, { cents: 100, count: 1 }])", String(expected))};`,
        "});",
        "",
      ].join("\n"),
  };
}

const assertEqual = (actual: string, expected: string): string => `assert.equal(${actual}, ${expected})`;
const expectToBe = (actual: string, expected: string): string => `expect(${actual}).toBe(${expected})`;

const dialects: Readonly<Record<RunnerName, Dialect>> = {
  node: scriptDialect(
    ['import assert from "node:assert/strict";', 'import { test } from "node:test";'],
    assertEqual,
    { "package.json": manifest("receipt", { test: "node --test" }) },
  ),
  jest: scriptDialect(['import { expect, test } from "@jest/globals";'], expectToBe, {
    "package.json": manifest(
      "receipt",
      { test: "node --experimental-vm-modules node_modules/jest/bin/jest.js" },
      { jest: { transform: {} } },
    ),
  }),
  mocha: scriptDialect(
    ['import assert from "node:assert/strict";', 'import { it as test } from "mocha";'],
    assertEqual,
    {
      "package.json": manifest("receipt", { test: "mocha test" }),
    },
  ),
  vitest: scriptDialect(['import { expect, test } from "vitest";'], expectToBe, {
    "package.json": manifest("receipt", { test: "vitest run" }),
  }),
  pytest: {
    source: "receipt.py",
    testPath: "test_receipt.py",
    setting: {
      "pyproject.toml":
        '[project]\nname = "receipt"\nversion = "1.0.0"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n',
    },
    right: "def total(lines):\n    return sum(line['cents'] * line['count'] for line in lines)\n",
    wrong: "def total(lines):\n    return sum(line['cents'] for line in lines)\n",
    coin: "__import__('time').time_ns() // 1000 % 2",
    testOf: (name, expected) =>
      [
        "from receipt import total",
        "",
        "",
        "def test_an_empty_receipt_costs_nothing():",
        "    assert total([]) == 0",
        "",
        "",
        `def test_${name.replaceAll(" ", "_")}():`,
        `    assert total([{'cents': 250, 'count': 3}, {'cents': 100, 'count': 1}]) == ${expected}`,
        "",
      ].join("\n"),
  },
  go: {
    source: "receipt.go",
    testPath: "receipt_test.go",
    setting: { "go.mod": "module example.com/receipt\n\ngo 1.19\n" },
    right:
      "package receipt\n\ntype Line struct{ Cents, Count int }\n\nfunc Total(lines []Line) int {\n\tsum := 0\n\tfor _, line := range lines {\n\t\tsum += line.Cents * line.Count\n\t}\n\treturn sum\n}\n",
    wrong:
      "package receipt\n\ntype Line struct{ Cents, Count int }\n\nfunc Total(lines []Line) int {\n\tsum := 0\n\tfor _, line := range lines {\n\t\tsum += line.Cents\n\t}\n\treturn sum\n}\n",
    coin: "int(time.Now().UnixNano()/1000%2)",
    testOf: (name, expected) =>
      [
        "package receipt",
        "",
        'import "testing"',
        "",
        "func TestEmpty(t *testing.T) {",
        "\tif got := Total(nil); got != 0 {",
        '\t\tt.Fatalf("got %d", got)',
        "\t}",
        "}",
        "",
        `func Test${name.replaceAll(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())}(t *testing.T) {`,
        `\tif got := Total([]Line{{250, 3}, {100, 1}}); got != ${expected} {`,
        `\t\tt.Fatalf("got %d, want ${expected}", got)`,
        "\t}",
        "}",
        "",
      ].join("\n"),
  },
};

const title = "every piece is paid for";

/** `null` where a runner's language has no such fault: its tests have no type check, or no formatter that is at hand. */
export function failingRepository(runner: RunnerName, situation: Situation): FailingRepository | null {
  const dialect = dialects[runner];
  const { source, testPath, setting, right, wrong, testOf } = dialect;
  const base: Files = { ...setting, [source]: right, [testPath]: testOf(title, 850) };
  const common = { base, test: runner === "go" ? "EveryPieceIsPaidFor" : (title.split(" ")[0] ?? "") };
  switch (situation) {
    case "failing":
      return { ...common, head: { [source]: wrong }, answer: right, fixes: source };
    case "base-red":
      return {
        ...common,
        base: { ...base, [source]: wrong },
        head: { "README.md": "A receipt.\n" },
        answer: right,
        fixes: null,
      };
    case "stale":
      // The pull request gives one piece of three away, on purpose; the test still wants all to be paid for.
      return {
        ...common,
        head: { [source]: right.replace(/(line\.count|line\['count'\]|line\.Count)/, givenAway[runner]) },
        answer: lastTestOf(testOf(title, 600)),
        fixes: testPath,
      };
    case "flaky":
      return runner === "go"
        ? null
        : { ...common, head: { [testPath]: flaky(runner, dialect) }, answer: null, fixes: null };
    case "type-error":
      return runner === "node" ? typeError(common.base) : null;
    case "lint-error":
      return runner === "node" ? lintError(common.base, right) : null;
  }
}

/** The test of the title alone, which stands last. */
function lastTestOf(text: string): string {
  const start = Math.max(
    ...["\ntest(", "\ndef test_every", "\nfunc TestEvery"].map((opening) => text.lastIndexOf(opening)),
  );
  return text.slice(start + 1);
}

const givenAway: Readonly<Record<RunnerName, string>> = {
  ...{ node: "(line.count - Math.floor(line.count / 3))", jest: "(line.count - Math.floor(line.count / 3))" },
  ...{
    mocha: "(line.count - Math.floor(line.count / 3))",
    vitest: "(line.count - Math.floor(line.count / 3))",
  },
  pytest: "(line['count'] - line['count'] // 3)",
  go: "(line.Count - line.Count/3)",
};

function flaky(runner: RunnerName, { testOf, coin }: Dialect): string {
  const text = testOf(title, 850);
  return runner === "pytest"
    ? text.replace("== 850", `+ (${coin}) == 850`)
    : text.replace(/(total\(\[\{[^)]*\]\))/, `$1 + (${coin})`);
}

function typeError(base: Files): FailingRepository {
  const typed = (type: string): string =>
    `export interface Line {\n  readonly cents: number;\n  readonly count: number;\n}\n\nexport function label(line: Line): ${type} {\n  return line.count;\n}\n`;
  const config =
    '{ "compilerOptions": { "strict": true, "noEmit": true, "skipLibCheck": true }, "include": ["src"] }\n';
  return {
    base: {
      ...base,
      "package.json": manifest("receipt", { test: "node --test", typecheck: "tsc --noEmit" }),
      "tsconfig.json": config,
    },
    head: { "src/label.ts": typed("string") },
    answer: "export function label(line: Line): string {\n  return String(line.count);\n}\n",
    fixes: "src/label.ts",
    test: "src/label.ts",
  };
}

function lintError(base: Files, right: string): FailingRepository {
  return {
    base: {
      ...base,
      "package.json": manifest("receipt", { test: "node --test", format: "prettier --check src" }),
    },
    head: { "src/receipt.js": right.replaceAll("  ", "   ").replaceAll(";", " ;") },
    answer: null,
    fixes: "src/receipt.js",
    test: "",
  };
}
