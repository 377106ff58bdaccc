// Errors of type checkers in a form that two trees can be compared by.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readTypeErrors } from "../../src/checks/type-errors.ts";

const escape = "\u001b";

test.each([
  [
    "tsc",
    "a.ts(2,7): error TS2322: Type 'string' is not\u0020assignable.\n  because\na.ts(1,7): error TS2322: Type 'string' is not assignable.\nerror TS18003: No inputs.\n",
    [
      "a.ts: error TS2322: Type 'string' is not assignable.",
      "a.ts: error TS2322: Type 'string' is not assignable.",
      "error TS18003: No inputs.",
    ],
  ],
  [
    "tsc",
    `${escape}[96ma.ts${escape}[0m:${escape}[93m1${escape}[0m:${escape}[93m7${escape}[0m - ${escape}[91merror${escape}[0m${escape}[90m TS2322: ${escape}[0mNo.\n\n1 const a\n`,
    ["a.ts: error TS2322: No."],
  ],
  [
    "vue-tsc",
    "/project/src/A.vue(3,1): error TS1005: ';' expected.\n",
    ["src/A.vue: error TS1005: ';' expected."],
  ],
  [
    "mypy",
    'src/a.py:3: error: Name "x" is not defined  [name-defined]\nsrc/a.py:3: note: see line 4\nFound 1 error in 1 file (checked 2 source files)\n',
    ['src/a.py: Name "x" is not defined [name-defined]'],
  ],
  [
    "pyright",
    '/project/a.py\n  /project/a.py:1:5 - error: "b" is unknown (reportUndefined)\n  /project/a.py:2:5 - warning: meh\n1 error\n',
    ['a.py: "b" is unknown (reportUndefined)'],
  ],
  [
    "go",
    "# example.com/shop\n./calc/bad.go:3:31: undefined: y\nvet: broken/b_test.go:5:28: undefined: undefined\n",
    ["broken/b_test.go: undefined: undefined", "calc/bad.go: undefined: y"],
  ],
  [
    "cargo",
    "warning: unused\n --> src/lib.rs:1:1\nerror[E0277]: cannot add `&str` to `i32`\n --> src/lib.rs:6:39\n  |\nerror: could not compile `shop` (lib) due to 1 previous error\n",
    ["src/lib.rs: error[E0277]: cannot add `&str` to `i32`"],
  ],
] as const)("%s, %#", (tool, output, errors) => {
  expect(readTypeErrors(tool, output)).toEqual(errors);
});

test("an error that only moved is the same error", () => {
  const at = (line: number): string =>
    `/project/a.ts(${line},7): error TS2304: Cannot find name 'x' (see line ${line + 3}).\n`;
  expect(readTypeErrors("tsc", at(4))).toEqual(readTypeErrors("tsc", at(400)));
});

test("another tool, and one of whose errors none is found: the last lines, without places and durations", () => {
  const output = `${"earlier\n".repeat(50)}\nFile "/project/a.rb", line 12: oops\nfailed in 3.21s\n`;
  for (const tool of ["sorbet", "tsc", "__proto__"]) {
    const read = readTypeErrors(tool, output);
    expect(read).toHaveLength(20);
    expect(read.slice(0, 1)).toEqual(['File "a.rb", line: oops']);
    expect(read.at(-1)).toBe("failed in");
  }
});

test("one long line costs no more than its length", () => {
  expect(readTypeErrors("mypy", `a${":1".repeat(1_000_000)}`)).toHaveLength(1);
  expect(readTypeErrors("pyright", `${" ".repeat(2_000_000)}x`)).toHaveLength(1);
});

test("sorted, bounded, total", () => {
  const tools = fc.constantFrom("tsc", "mypy", "pyright", "go", "cargo", "other");
  fc.assert(
    fc.property(tools, fc.string({ unit: "binary", maxLength: 2_000 }), (tool, output) => {
      const read = readTypeErrors(tool, output);
      expect(read).toEqual([...read].sort());
      expect(read.every((error) => error.length <= 300)).toBe(true);
    }),
  );
  expect(readTypeErrors("tsc", "a.ts(1,1): error TS1: x\n".repeat(20_000))).toHaveLength(5_000);
});
