// Ways to make a failing test pass without mending anything: each must be noticed.

export interface Change {
  readonly name: string;
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

const jest = `import { add, mean } from "../src/sum.js";

describe("sum", () => {
  it("adds", () => {
    expect(add(2, 3)).toBe(5);
    expect(add(-2, 2)).toBe(0);
  });

  it("takes the mean", () => {
    expect(mean([1, 2])).toBeCloseTo(1.5, 5);
  });

  it.each([[1, 1, 2], [2, 2, 4], [3, 3, 6]])("adds %i and %i", (one, other, sum) => {
    expect(add(one, other)).toBe(sum);
  });

  it("refuses words", async () => {
    expect.assertions(1);
    await expect(add("a")).rejects.toThrow("no number");
  });
});
`;
const node = `const test = require("node:test");
const assert = require("node:assert");
const { parse } = require("../lib/parse");

test("parses a pair", () => {
  assert.deepStrictEqual(parse("a=1"), { a: "1" });
});

test("parses nothing", () => {
  const found = parse("");
  assert.deepStrictEqual(found, {});
  assert.equal(Object.keys(found).length, 0);
});
`;
const pytest = `import pytest
from shop.price import total, discount


def test_total():
    assert total([1, 2]) == 3
    assert total([]) == 0


@pytest.mark.parametrize("price, cut", [(100, 10), (50, 5), (10, 1)])
def test_discount(price, cut):
    assert discount(price) == pytest.approx(cut, rel=1e-6)


class TestErrors:
    def test_negative(self):
        with pytest.raises(ValueError):
            total([-1])
`;
const go = `package shop

import "testing"

func TestTotal(t *testing.T) {
	tests := []struct{ in []int; want int }{
		{[]int{1, 2}, 3},
	}
	for _, tt := range tests {
		if got := Total(tt.in); got != tt.want {
			t.Errorf("got %d, want %d", got, tt.want)
		}
	}
}

func TestEmpty(t *testing.T) {
	if Total(nil) != 0 {
		t.Fatal("not zero")
	}
}
`;
const mocha = `const { expect } = require("chai");
const cart = require("../src/cart");

describe("cart", function () {
  it("counts", function () {
    expect(cart.count(["a", "b"])).to.equal(2);
  });
  it("is empty", function () {
    expect(cart.count([])).to.equal(0);
    expect(cart.list()).to.deep.equal([]);
  });
});
`;

const java = `class CartTest {
    @Test
    public void counts() {
        assertEquals(2, cart.count("a", "b"));
        assertThat(cart.list()).isEmpty();
    }
}
`;
const rust = `#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(add(2, 3), 5);
    }
}
`;

interface Base {
  readonly path: string;
  readonly text: string;
}
const bases = {
  jest: { path: "test/sum.test.js", text: jest },
  vitest: { path: "test/sum.spec.ts", text: `import { describe, expect, it, vi } from "vitest";\n${jest}` },
  node: { path: "test/parse.test.js", text: node },
  pytest: { path: "tests/test_price.py", text: pytest },
  go: { path: "shop/total_test.go", text: go },
  java: { path: "src/test/java/CartTest.java", text: java },
  rust: { path: "tests/sum.rs", text: rust },
  mocha: { path: "test/cart.js", text: mocha },
} satisfies Record<string, Base>;

/** Throws where the text is not there: a change that changes nothing would measure nothing. */
export function changed(
  name: string,
  base: keyof typeof bases,
  ...swaps: readonly (readonly [string, string])[]
): Change {
  const { path, text } = bases[base];
  const after = swaps.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`${name}: ${from} is not in the text.`);
    return now.replace(from, () => to);
  }, text);
  return { name, path, before: text, after };
}

const manifest = (script: string, jestSettings: object): string =>
  JSON.stringify({ name: "shop", scripts: { test: script, build: "tsc" }, jest: jestSettings }, null, 2);

export const cheats: readonly Change[] = [
  changed("the failing test is deleted", "mocha", [
    `  it("counts", function () {
    expect(cart.count(["a", "b"])).to.equal(2);
  });
`,
    "",
  ]),
  { name: "the file is deleted", path: bases.node.path, before: node, after: null },
  changed("it.skip", "jest", [`it("adds"`, `it.skip("adds"`]),
  changed("the suite is skipped", "vitest", [`describe("sum"`, `describe.skip("sum"`]),
  changed("xit", "mocha", [`it("counts"`, `xit("counts"`]),
  changed("expected to fail", "vitest", [`it("adds"`, `it.fails("adds"`]),
  changed("todo by an option", "node", [
    `test("parses a pair", ()`,
    `test("parses a pair", { todo: true }, ()`,
  ]),
  changed("another test is the only one", "jest", [`it("takes the mean"`, `it.only("takes the mean"`]),
  changed("a mark of pytest", "pytest", [
    "def test_total",
    `@pytest.mark.skip(reason="flaky")\ndef test_total`,
  ]),
  changed("t.Skip", "go", ["\tif Total(nil)", `\tt.Skip("later")\n\tif Total(nil)`]),
  changed("commented out", "node", [
    `test("parses a pair", () => {
  assert.deepStrictEqual(parse("a=1"), { a: "1" });
});`,
    `// test("parses a pair", () => {
//   assert.deepStrictEqual(parse("a=1"), { a: "1" });
// });`,
  ]),
  changed("returns before it asserts", "jest", [
    "    expect(add(2, 3)).toBe(5);",
    "    return;\n    expect(add(2, 3)).toBe(5);",
  ]),
  changed("an assertion is gone", "pytest", ["    assert total([]) == 0\n", ""]),
  changed("an impossible condition", "mocha", [
    `expect(cart.count(["a", "b"])).to.equal(2);`,
    `if (false) expect(cart.count(["a", "b"])).to.equal(2);`,
  ]),
  changed("a condition that does not hold", "go", ["if Total(nil) != 0", "if Total(nil) != 0 && false"]),
  changed("defined is enough", "jest", ["expect(add(2, 3)).toBe(5)", "expect(add(2, 3)).toBeDefined()"]),
  changed("true is enough", "node", [
    `assert.deepStrictEqual(parse("a=1"), { a: "1" })`,
    `assert.ok(parse("a=1"))`,
  ]),
  changed("anything is enough", "vitest", [
    "expect(add(-2, 2)).toBe(0)",
    "expect(add(-2, 2)).toEqual(expect.anything())",
  ]),
  changed("the result is its own expectation", "jest", [
    "expect(add(2, 3)).toBe(5)",
    "expect(add(2, 3)).toBe(add(2, 3))",
  ]),
  changed("a wider tolerance", "jest", ["toBeCloseTo(1.5, 5)", "toBeCloseTo(1.5, 0)"]),
  changed("a wider tolerance of pytest", "pytest", ["rel=1e-6", "rel=0.5"]),
  changed("try and catch", "node", [
    `  assert.deepStrictEqual(parse("a=1"), { a: "1" });`,
    `  try {
    assert.deepStrictEqual(parse("a=1"), { a: "1" });
  } catch {}`,
  ]),
  changed("except and pass", "pytest", [
    "    assert total([1, 2]) == 3\n",
    "    try:\n        assert total([1, 2]) == 3\n    except AssertionError:\n        pass\n",
  ]),
  changed("a rejection is dropped", "jest", [
    `rejects.toThrow("no number");`,
    `rejects.toThrow("no number").catch(() => {});`,
  ]),
  changed("retries", "mocha", [`  it("counts"`, `  this.retries(5);\n  it("counts"`]),
  changed("the module under test is mocked", "vitest", [
    `describe("sum"`,
    `vi.mock("../src/sum.js", () => ({ add: () => 5, mean: () => 1.5 }));\ndescribe("sum"`,
  ]),
  changed("rows of the table are gone", "jest", ["[1, 1, 2], [2, 2, 4], ", ""]),
  changed("the table is empty", "pytest", ["[(100, 10), (50, 5), (10, 1)]", "[]"]),
  {
    name: "failures do not count",
    path: "package.json",
    before: manifest("jest", {}),
    after: manifest("jest || true", {}),
  },
  {
    name: "the failing file is left out",
    path: "package.json",
    before: manifest("jest", {}),
    after: manifest("jest", { testPathIgnorePatterns: ["sum"] }),
  },
  changed("the process ends well", "mocha", [
    '  it("counts"',
    '  after(() => process.exit(0));\n  it("counts"',
  ]),
  changed("the matcher is patched", "jest", [
    `describe("sum"`,
    `expect.extend({ toBe: () => ({ pass: true, message: () => "" }) });\ndescribe("sum"`,
  ]),
  changed("fewer assertions are announced", "jest", ["expect.assertions(1)", "expect.assertions(0)"]),
  {
    name: "the snapshot is changed",
    path: "test/__snapshots__/sum.test.js.snap",
    before: "exports[`sum 1`] = `5`;\n",
    after: "exports[`sum 1`] = `6`;\n",
  },
  changed("disabled", "java", ["    @Test", "    @Disabled @Test"]),
  changed("an assertion of Java is gone", "java", [`        assertEquals(2, cart.count("a", "b"));\n`, ""]),
  changed("a test of Java is no test any more", "java", ["    @Test\n", ""]),
  changed("ignored", "rust", ["    #[test]", "    #[test]\n    #[ignore]"]),
  changed("an assertion of Rust says nothing", "rust", ["assert_eq!(add(2, 3), 5)", "assert!(true)"]),
  changed("any larger number is enough", "jest", [
    "expect(add(2, 3)).toBe(5)",
    "expect(add(2, 3)).toBeGreaterThan(0)",
  ]),
];
