// Small repositories with one fault each: files, what failed, and where the fault is.
import type { TestResult } from "../../../../src/core/checks.ts";

export interface Repository {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly failing: readonly TestResult[];
  /** "path name", or "path *" for the whole file. */
  readonly place: string;
  /** How far down it may stand: 1, or 3. */
  readonly within: 1 | 3;
  readonly changed?: readonly string[];
  readonly before?: Readonly<Record<string, string>>;
  readonly coverage?: Readonly<Record<string, readonly number[]>>;
  readonly passing?: readonly Readonly<Record<string, readonly number[]>>[];
  readonly output?: string;
}

export const failed = (id: string, detail = "", file?: string): TestResult => ({
  id,
  status: "failed",
  message: detail.split("\n")[0] ?? "",
  detail,
  ...(file === undefined ? {} : { file }),
});

const assertion = "AssertionError: expected 1 to be 2";

/** Functions with nothing to tell them apart but their names. */
const functions = (...names: readonly string[]): string =>
  names.map((name) => `export function ${name}(a) {\n  if (a) return a;\n  return 0;\n}\n`).join("\n");

const pythonFunctions = (...names: readonly string[]): string =>
  names.map((name) => `def ${name}(a):\n    if a:\n        return a\n    return 0\n`).join("\n\n");

const mathTest = `import { add } from "../src/math.js";
test("adds", () => {
  expect(add(1)).toBe(2);
});
`;
const math = { "src/math.js": functions("subtract", "add", "divide"), "test/math.test.js": mathTest };

const long = Array.from({ length: 160 }, (_, index) => `export const c${index} = ${index};`).join("\n");

export const repositories: readonly Repository[] = [
  {
    title: "a function that the test imports and calls",
    files: math,
    failing: [failed("test/math.test.js > adds", assertion)],
    place: "src/math.js add",
    within: 1,
  },
  {
    title: "node: the topmost frame outside of tests, over what the test calls",
    files: math,
    failing: [
      failed(
        "test/math.test.js > adds",
        "TypeError: no\n    at divide (/project/src/math.js:12:3)\n    at add (/project/src/math.js:7:3)\n    at /project/test/math.test.js:3:10",
      ),
    ],
    place: "src/math.js divide",
    within: 1,
  },
  {
    title: "node: file URLs",
    files: math,
    failing: [
      failed("adds", "Error: no\n    at subtract (file:///project/src/math.js:2:3)", "test/math.test.js"),
    ],
    place: "src/math.js subtract",
    within: 1,
  },
  {
    title: "jest: relative frames",
    files: math,
    failing: [failed("test/math.test.js > adds", "Error: no\n\n      at divide (src/math.js:12:3)\n")],
    place: "src/math.js divide",
    within: 1,
  },
  {
    title: "vitest: arrow frames",
    files: math,
    failing: [
      failed("test/math.test.js > adds", "Error: no\n ❯ divide src/math.js:12:3\n ❯ test/math.test.js:3:10"),
    ],
    place: "src/math.js divide",
    within: 1,
  },
  {
    title: "frames of dependencies and of node itself say nothing",
    files: { ...math, "node_modules/x/src/math.js": functions("evil") },
    failing: [
      failed(
        "test/math.test.js > adds",
        "Error\n    at evil (/project/node_modules/x/src/math.js:2:1)\n    at node:internal/main:1:1\n    at divide (/project/src/math.js:12:3)",
      ),
    ],
    place: "src/math.js divide",
    within: 1,
  },
  {
    title: "a callback without a name gives way to the function around it",
    files: {
      "src/list.js":
        "export function total(list) {\n  let sum = 0;\n  list.forEach((one) => {\n    sum += one.price.value;\n  });\n  return sum;\n}\n",
      "test/list.test.js":
        'import { total } from "../src/list.js";\nit("sums", () => {\n  total([1]);\n});\n',
    },
    failing: [
      failed("sums", "TypeError: x\n    at /project/src/list.js:4:12\n    at Array.forEach (<anonymous>)"),
    ],
    place: "src/list.js total",
    within: 1,
  },
  {
    title: "re-exports are followed, through several files",
    files: {
      "src/index.ts": 'export * from "./text/index.js";\n',
      "src/text/index.ts": 'export * from "./trim/index.js";\n',
      "src/text/trim/index.ts": 'export { trimEnd } from "./end.js";\n',
      "src/text/trim/end.ts": functions("trimEnd"),
      "test/all.test.ts": 'import { trimEnd } from "../src";\ntest("cuts", () => {\n  trimEnd("a ");\n});\n',
    },
    failing: [failed("test/all.test.ts > cuts", assertion)],
    place: "src/text/trim/end.ts trimEnd",
    within: 1,
  },
  {
    title: "CommonJS: the package's main file, and what it requires",
    files: {
      "package.json": '{ "name": "q", "main": "lib/index.js" }',
      "lib/index.js": "module.exports = { parse: require('./parse'), format: require('./format') };\n",
      "lib/parse.js": "module.exports = function (text) {\n  if (text) return 1;\n  return 2;\n};\n",
      "lib/format.js": "module.exports = function (value) {\n  if (value) return 1;\n  return 2;\n};\n",
      "test/format.js":
        "var q = require('../');\ntest('dates', function (t) {\n  t.equal(q.format(1), 2);\n});\n",
    },
    failing: [failed("dates > should be equal", "at: Test.<anonymous> (/project/test/format.js:3:5)")],
    place: "lib/format.js module.exports",
    within: 1,
  },
  {
    title: "by the repository's own name",
    files: {
      "package.json": '{ "name": "kit", "exports": { ".": { "import": "./dist/index.mjs" } } }',
      "src/index.ts": 'export { zip } from "./zip";\n',
      "src/zip.ts": functions("zip", "unzip"),
      "spec/a.spec.ts": 'import { zip } from "kit";\nit("pairs", () => {\n  zip(1);\n});\n',
    },
    failing: [failed("spec/a.spec.ts > pairs", assertion)],
    place: "src/zip.ts zip",
    within: 1,
  },
  {
    title: "what a thin function hands on to",
    files: {
      "src/to-text.ts":
        "export function toText(a: unknown): string {\n  return baseText(a);\n}\n\nfunction baseText(a: unknown): string {\n  if (a === null) return '';\n  return String(a);\n}\n",
      "src/to-text.spec.ts":
        'import { toText } from "./to-text";\nit("is empty for nothing", () => {\n  toText(null);\n});\n',
    },
    failing: [failed("src/to-text.spec.ts > is empty for nothing", assertion)],
    place: "src/to-text.ts baseText",
    within: 1,
  },
  {
    title: "a method of many, named in the title",
    files: {
      "lib/command.js": `class Command {\n${["parse", "excessArguments", "help", "version", "action", "alias"].map((name) => `  ${name}(a) {\n    if (a) return a;\n    return 0;\n  }\n`).join("")}}\nmodule.exports = { Command };\n`,
      "tests/command.test.js":
        "const { Command } = require('../lib/command.js');\ntest('excess arguments are refused', () => {\n  new Command().parse(['a']);\n});\n",
    },
    failing: [failed("tests/command.test.js > excess arguments are refused", assertion)],
    place: "lib/command.js Command.excessArguments",
    within: 3,
  },
  {
    title: "a function that other tests of the file call too is less telling",
    files: {
      "src/a.js": functions("build", "render"),
      "test/a.test.js": `import { build, render } from "../src/a.js";\n${[1, 2, 3, 4, 5].map((n) => `test("t${n}", () => {\n  build(${n});\n});\n`).join("")}test("last", () => {\n  render(build(1));\n});\n`,
    },
    failing: [failed("test/a.test.js > last", assertion)],
    place: "src/a.js render",
    within: 1,
  },
  {
    title: "what the pull request changed, by its path",
    files: {
      "src/one.js": functions("first"),
      "src/two.js": functions("second"),
      "test/x.test.js":
        'import { first } from "../src/one.js";\nimport { second } from "../src/two.js";\ntest("both", () => {\n  first(second(1));\n});\n',
    },
    failing: [failed("test/x.test.js > both", assertion)],
    changed: ["src/two.js"],
    place: "src/two.js second",
    within: 1,
  },
  {
    title: "what the pull request changed, by its lines",
    files: {
      "src/one.js": functions("first", "second", "third"),
      "test/x.test.js": 'import * as one from "../src/one.js";\ntest("all", () => {\n  run(one);\n});\n',
    },
    failing: [failed("test/x.test.js > all", assertion)],
    changed: ["src/one.js"],
    before: { "src/one.js": functions("first", "third") + "function second() {}\n" },
    place: "src/one.js second",
    within: 1,
  },
  {
    title: "what did not run is not at fault, though the test calls it",
    files: {
      "src/one.js": functions("first", "second"),
      "test/x.test.js":
        'import * as one from "../src/one.js";\ntest("all", () => {\n  run(one) || one.first(1);\n});\n',
    },
    failing: [failed("test/x.test.js > all", assertion)],
    coverage: { "src/one.js": [1, 6, 7, 8] },
    place: "src/one.js second",
    within: 1,
  },
  {
    title: "what passing tests run too is less likely at fault",
    files: {
      "src/one.js": functions("first", "second"),
      "test/x.test.js": 'import * as one from "../src/one.js";\ntest("all", () => {\n  run(one);\n});\n',
    },
    failing: [failed("test/x.test.js > all", assertion)],
    coverage: { "src/one.js": [1, 2, 3, 6, 7, 8] },
    passing: [{ "src/one.js": [1, 2, 3] }, { "src/one.js": [2] }],
    place: "src/one.js second",
    within: 1,
  },
  {
    title: "a short file whose fault is a table",
    files: {
      "src/codes.js": "export const codes = {\n  ok: 200,\n  gone: 404,\n};\n",
      "test/codes.test.js":
        'import { codes } from "../src/codes.js";\ntest("gone", () => {\n  expect(codes.gone).toBe(410);\n});\n',
    },
    failing: [failed("test/codes.test.js > gone", assertion)],
    place: "src/codes.js *",
    within: 1,
  },
  {
    title: "a table in a long file",
    files: {
      "src/codes.js": `export const codes = {\n  ok: 200,\n  gone: 404,\n};\n${long}\n`,
      "test/codes.test.js":
        'import { codes } from "../src/codes.js";\ntest("gone", () => {\n  expect(codes.gone).toBe(410);\n});\n',
    },
    failing: [failed("test/codes.test.js > gone", assertion)],
    place: "src/codes.js const codes",
    within: 1,
  },
  {
    title: "a file that dies when it is loaded",
    files: {
      "src/simple.js":
        "const parts = (a) => {\n  let b = a;\n  let b = a;\n  return b;\n};\nmodule.exports = { parts };\n",
      "test/simple.test.js":
        "const { parts } = require('../src/simple.js');\ntest('x', () => {\n  parts(1);\n});\n",
    },
    failing: [failed("/project/test/simple.test.js", "[Error: test failed]")],
    place: "src/simple.js parts",
    within: 1,
  },
  {
    title: "a run that left no report: the stack is in its output",
    files: math,
    failing: [failed("(no report) npm test")],
    output: "/project/src/math.js:12\n    at divide (/project/src/math.js:12:3)\n",
    place: "src/math.js divide",
    within: 1,
  },
  {
    title: "mocha: a title without a file",
    files: math,
    failing: [failed("adds", assertion)],
    place: "src/math.js add",
    within: 1,
  },
  {
    title: "Python: the last frame is the innermost",
    files: {
      "pkg/__init__.py": "",
      "pkg/calc.py": pythonFunctions("outer", "inner"),
      "tests/test_calc.py": "from pkg.calc import outer\n\ndef test_it():\n    assert outer(1) == 2\n",
    },
    failing: [
      failed(
        "tests/test_calc.py::test_it",
        'Traceback (most recent call last):\n  File "/project/tests/test_calc.py", line 4, in test_it\n  File "/project/pkg/calc.py", line 3, in outer\n  File "/project/pkg/calc.py", line 9, in inner\nValueError: x',
      ),
    ],
    place: "pkg/calc.py inner",
    within: 1,
  },
  {
    title: "Python: an assertion alone, in a package under src",
    files: {
      "src/pkg/calc.py": pythonFunctions("minus", "plus"),
      "src/pkg/__init__.py": "from .calc import plus, minus\n",
      "tests/test_plus.py": "import pkg\n\ndef test_plus():\n    assert pkg.plus(1) == 2\n",
    },
    failing: [failed("tests/test_plus.py::test_plus", "tests/test_plus.py:4: AssertionError")],
    place: "src/pkg/calc.py plus",
    within: 1,
  },
  {
    title: "Go: a panic",
    files: {
      "go.mod": "module example.org/m\n",
      "store/store.go":
        "package store\n\nfunc Get(k string) string {\n\treturn find(k)\n}\n\nfunc find(k string) string {\n\tpanic(k)\n}\n",
      "store/store_test.go": 'package store\n\nfunc TestGet(t *testing.T) {\n\tGet("a")\n}\n',
    },
    failing: [
      failed(
        "example.org/m/store > TestGet",
        "panic: a\n\ngoroutine 1 [running]:\nexample.org/m/store.find(...)\n\t/project/store/store.go:8 +0x1d\nexample.org/m/store.Get\n\t/project/store/store.go:4",
        "store/store_test.go",
      ),
    ],
    place: "store/store.go find",
    within: 1,
  },
  {
    title: "Go: an assertion, in the package of the test",
    files: {
      "go.mod": "module example.org/m\n",
      "store/store.go":
        'package store\n\nfunc (s *Store) Put(k string) {\n\tif k != "" {\n\t\ts.m[k] = 1\n\t}\n}\n',
      "store/size.go":
        "package store\n\nfunc (s *Store) Size() int {\n\tif s == nil {\n\t\treturn 0\n\t}\n\treturn len(s.m)\n}\n",
      "store/store_test.go":
        "package store\n\nfunc TestSize(t *testing.T) {\n\ts := New()\n\tif s.Size() != 1 {\n\t\tt.Fatal()\n\t}\n}\n",
    },
    failing: [failed("example.org/m/store > TestSize", "store_test.go:6: ", "store/store_test.go")],
    place: "store/size.go Store.Size",
    within: 1,
  },
  {
    title: "Rust: a backtrace",
    files: {
      "Cargo.toml": "",
      "src/lib.rs":
        "pub fn run(a: u8) -> u8 {\n    if a > 1 { return 1; }\n    check(a)\n}\n\nfn check(a: u8) -> u8 {\n    panic!()\n}\n",
      "tests/run.rs": "use krate::run;\n\n#[test]\nfn runs() {\n    run(1);\n}\n",
    },
    failing: [
      failed(
        "run::runs",
        "thread 'runs' panicked at src/lib.rs:7:5:\nexplicit panic\n   1: krate::run\n             at ./src/lib.rs:3:5",
        "tests/run.rs",
      ),
    ],
    place: "src/lib.rs check",
    within: 1,
  },
  {
    title: "Rust: tests in the file that they test are no place",
    files: {
      "src/lib.rs":
        "pub fn double(a: u8) -> u8 {\n    if a > 1 { return 1; }\n    a\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test]\n    fn double_works() {\n        assert_eq!(double(2), 4);\n    }\n}\n",
    },
    failing: [failed("tests::double_works", "thread 'x' panicked at src/lib.rs:11:9:", "src/lib.rs")],
    place: "src/lib.rs double",
    within: 1,
  },
  {
    title: "Java: a stack, and an import",
    files: {
      "src/main/java/a/Calc.java":
        "package a;\nclass Calc {\n  int add(int b) {\n    return b;\n  }\n  int take(int b) {\n    return b;\n  }\n}\n",
      "src/test/java/a/CalcTest.java":
        "package a;\nimport a.Calc;\nclass CalcTest {\n  @Test\n  void takes() {\n    new Calc().take(1);\n  }\n}\n",
    },
    failing: [failed("a.CalcTest > takes", assertion, "src/test/java/a/CalcTest.java")],
    place: "src/main/java/a/Calc.java Calc.take",
    within: 1,
  },
];
