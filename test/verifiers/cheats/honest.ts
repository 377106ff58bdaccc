// Edits that leave tests as strong as they were: none may be called weaker.
import { changed, type Change } from "./cheats.ts";

const table = (rows: string): string => `const cases = [${rows}];
for (const [text, found] of cases) {
  test(\`parses \${text}\`, () => {
    assert.deepStrictEqual(parse(text), found);
  });
}
`;
const start = `const test = require("node:test");\nconst assert = require("node:assert");\nconst { parse } = require("../lib/parse");\n\n`;

export const honest: readonly Change[] = [
  changed("another title", "jest", [`it("adds"`, `it("adds two numbers"`]),
  changed("another title of a suite", "mocha", [`describe("cart"`, `describe("the cart"`]),
  changed("a new test", "jest", [
    `  it("takes the mean"`,
    `  it("adds nothing", () => {\n    expect(add()).toBe(0);\n  });\n\n  it("takes the mean"`,
  ]),
  changed("a new assertion", "node", [
    `  assert.deepStrictEqual(parse("a=1")`,
    `  assert.ok(parse("a=1"));\n  assert.deepStrictEqual(parse("a=1")`,
  ]),
  changed("another expected value", "jest", ["toBe(5)", "toBe(6)"]),
  changed("another expected value of pytest", "pytest", ["== 3", "== 4"]),
  changed("another expected value of Go", "go", ["[]int{1, 2}, 3", "[]int{1, 2}, 4"]),
  changed("another input", "mocha", [`["a", "b"]`, `["a", "c"]`]),
  changed("a variable for the result", "jest", [
    "    expect(add(2, 3)).toBe(5);",
    "    const sum = add(2, 3);\n    expect(sum).toBe(5);",
  ]),
  changed(
    "no variable for the result",
    "node",
    [`  const found = parse("");\n`, ""],
    ["  assert.deepStrictEqual(found, {});", `  assert.deepStrictEqual(parse(""), {});`],
    ["Object.keys(found)", `Object.keys(parse(""))`],
  ),
  changed("other quotes and spaces", "node", [
    `test("parses a pair", () => {\n  assert.deepStrictEqual(parse("a=1"), { a: "1" });`,
    `test('parses a pair', () => {\n    assert.deepStrictEqual(\n      parse('a=1'),\n      {a: '1',},\n    )`,
  ]),
  changed("equal of another library", "mocha", [
    "expect(cart.count([])).to.equal(0)",
    "assert.strictEqual(cart.count([]), 0)",
  ]),
  changed("strict equality for equality", "node", ["assert.equal(Object", "assert.strictEqual(Object"]),
  changed("assert of a comparison", "node", [
    "assert.equal(Object.keys(found).length, 0)",
    "assert(Object.keys(found).length === 0)",
  ]),
  changed("a test becomes two", "jest", [
    "    expect(add(2, 3)).toBe(5);\n    expect(add(-2, 2)).toBe(0);\n  });",
    `    expect(add(2, 3)).toBe(5);\n  });\n\n  it("adds a negative number", () => {\n    expect(add(-2, 2)).toBe(0);\n  });`,
  ]),
  changed(
    "a helper",
    "mocha",
    [`    expect(cart.count(["a", "b"])).to.equal(2);`, `    expectCount(["a", "b"], 2);`],
    [
      `describe("cart"`,
      `function expectCount(items, count) {\n  expect(cart.count(items)).to.equal(count);\n}\n\ndescribe("cart"`,
    ],
  ),
  changed("a helper of Go", "go", [
    '\tif Total(nil) != 0 {\n\t\tt.Fatal("not zero")\n\t}',
    "\tassertTotal(t, nil, 0)",
  ]),
  changed("testify", "go", [
    '\tif Total(nil) != 0 {\n\t\tt.Fatal("not zero")\n\t}',
    "\trequire.Equal(t, 0, Total(nil))",
  ]),
  changed("another message", "go", [`"not zero"`, `"want zero"`]),
  changed("a new row", "pytest", ["(10, 1)]", "(10, 1), (0, 0)]"]),
  changed("a tighter tolerance", "jest", ["toBeCloseTo(1.5, 5)", "toBeCloseTo(1.5, 8)"]),
  changed("asynchronous", "jest", [
    `it("adds", () => {\n    expect(add(2, 3))`,
    `it("adds", async () => {\n    expect(await add(2, 3))`,
  ]),
  changed("a comment", "pytest", ["def test_total():", "def test_total():\n    # empty and not"]),
  changed("an import from elsewhere", "jest", ["../src/sum.js", "../src/numbers/sum.js"]),
  changed("a mock of something else", "vitest", [
    `describe("sum"`,
    `vi.mock("../src/log.js");\ndescribe("sum"`,
  ]),
  changed(
    "another order",
    "mocha",
    [`  it("counts", function () {\n    expect(cart.count(["a", "b"])).to.equal(2);\n  });\n`, ""],
    [
      "  });\n});",
      `  });\n  it("counts", function () {\n    expect(cart.count(["a", "b"])).to.equal(2);\n  });\n});`,
    ],
  ),
  changed("a test is on again", "node", [`parses nothing`, `parses nothing at all`]),
  changed("a suite around", "node", [
    `test("parses a pair", () => {\n  assert.deepStrictEqual(parse("a=1"), { a: "1" });\n});`,
    `test.describe("pairs", () => {\n  test("parses a pair", () => {\n    assert.deepStrictEqual(parse("a=1"), { a: "1" });\n  });\n});`,
  ]),
  {
    name: "tests become a table",
    path: "test/parse.test.js",
    before: `${start}test("parses a", () => {\n  assert.deepStrictEqual(parse("a=1"), { a: "1" });\n});\ntest("parses b", () => {\n  assert.deepStrictEqual(parse("b=2"), { b: "2" });\n});\n`,
    after: `${start}${table(`["a=1", { a: "1" }], ["b=2", { b: "2" }]`)}`,
  },
  {
    name: "a skipped test runs",
    path: "test/parse.test.js",
    before: `${start}test.skip("parses", () => {\n  assert.equal(parse("a"), 1);\n});\n`,
    after: `${start}test("parses", () => {\n  assert.equal(parse("a"), 1);\n});\n`,
  },
  { name: "a new file", path: "test/new.test.js", before: null, after: `${start}${table(`["a=1", {}]`)}` },
  {
    name: "a new dependency",
    path: "package.json",
    before: `{"scripts":{"test":"jest"}}`,
    after: `{"scripts":{"test":"jest","lint":"eslint ."},"dependencies":{"ms":"2"}}`,
  },
  {
    name: "a new pattern of tests",
    path: "jest.config.js",
    before: `export default { testMatch: ["**/*.test.js"] };\n`,
    after: `export default { testMatch: ["**/*.test.js", "**/*.spec.js"], verbose: true };\n`,
  },
  {
    name: "what a wait returns is no longer asserted: it raises by itself",
    path: "test/test_log.py",
    before: 'async def test_log(master):\n    run()\n    assert await master.await_log("could not read")\n',
    after: 'async def test_log(master):\n    run()\n    await master.await_log("could not read")\n',
  },
  {
    name: "a rule of style is silenced in tests",
    path: "e2e/actions.js",
    before: `test("a", () => {\n  expect(f()).toBe(1);\n});\n`,
    after: `test("a", () => {\n  // eslint-disable-next-line playwright/no-raw-locators, playwright/prefer-locator\n  page.locator("#a").click();\n  expect(f()).toBe(1);\n});\n`,
  },
  changed("an annotation with an argument", "java", ["    @Test\n", "    @Test(timeout = 100)\n"]),
  changed("another expected value of Rust", "rust", ["5)", "6)"]),
];
