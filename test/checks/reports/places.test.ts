// Which file a failed test is in, and all that it said.
import { describe, expect, test } from "@jest/globals";
import { readReport } from "../../../src/checks/reports/index.ts";
import { fixture, places } from "./fixtures.ts";

const detailOf = (format: Parameters<typeof readReport>[0], text: string) =>
  (readReport(format, Buffer.from(text)) ?? []).find(({ detail }) => detail !== undefined)?.detail ?? "";

describe("file and detail of a failed test", () => {
  test.each([
    [
      "jest-json",
      "jest.json",
      [
        "a.test.js: Error: expect(received).toBe(expected) // Object.is equality",
        "b.test.js: ● Test suite failed to run",
      ],
    ],
    ["mocha-json", "mocha.txt", ["m.test.js: Error: bad", "m.test.js: Error: hook"]],
    [
      "junit",
      "pytest.xml",
      [
        "tests/test_b.py: collection failure",
        "tests/test_a.py: self = <test_a.TestSum object at 0x7f86a2b86ad0>, n = 2",
        'tests/test_a.py: failed on setup with "RuntimeError: fixture"',
      ],
    ],
    [
      "tap",
      "node-test.tap",
      ["a.test.mjs: location: 'a.test.mjs:5:3'", "crash.test.mjs: location: 'crash.test.mjs:1:1'"],
    ],
    ["cargo-text", "cargo.txt", ["src/lib.rs: test fake ... ok"]],
  ] as const)("%s of %s", (format, name, expected) => {
    expect(places(format, fixture(name))).toEqual(expected);
  });

  test("node:test: the file of the test's own frame, and of a file that broke off its path", () => {
    expect(places("junit", fixture("node-test.xml")).map((place) => place.split(":")[0])).toEqual([
      "a.test.mjs",
      "crash.test.mjs",
    ]);
    expect(detailOf("junit", fixture("node-test.xml"))).toContain(
      "at TestContext.<anonymous> (a.test.mjs:5:29)",
    );
  });

  test("go: by import path for a test, by the compiler's path for a package", () => {
    expect(places("go-json", fixture("go.jsonl")).slice(0, 2)).toEqual([
      "broken/b_test.go: broken/b_test.go:5:28: undefined: undefined",
      "example.com/shop/calc/calc_test.go: calc_test.go:11: got 3",
    ]);
  });

  test("tap: tape's place, and tap's outermost suite", () => {
    const tape =
      "TAP version 13\nnot ok 1 sum\n  ---\n    operator: equal\n    expected: 3\n    at: Test.<anonymous> (/project/test/x.js:5:7)\n  ...\n1..1\n";
    expect(places("tap", tape)).toEqual(["test/x.js: operator: equal"]);
    expect(detailOf("tap", tape)).toBe(
      "  operator: equal\n  expected: 3\n  at: Test.<anonymous> (test/x.js:5:7)",
    );
    const tap =
      "TAP version 14\n# Subtest: test/y.js\n    not ok 1 - sum\n    1..1\nnot ok 1 - test/y.js\n1..1\n";
    expect(places("tap", tap)).toEqual(["test/y.js: -"]);
  });

  test("a detail is bounded, has its beginning and its end, no colours, and is not kept for every failure of very many", () => {
    const failure = `\u001b[31mbegin\u001b[39m\u0000${"x".repeat(20_000)}end`;
    const assertionResults = Array.from({ length: 1_200 }, (_, number) => ({
      title: `t${number}`,
      status: "failed",
      failureMessages: [number === 0 ? failure : "no"],
    }));
    const results =
      readReport(
        "jest-json",
        Buffer.from(JSON.stringify({ testResults: [{ name: "/project/a.js", assertionResults }] })),
      ) ?? [];
    expect(results[0]?.detail).toMatch(/^begin x+\n\[…\]\nx+end$/);
    expect(results[0]?.detail?.length).toBeLessThanOrEqual(8_000);
    expect(results.filter(({ detail }) => detail !== undefined)).toHaveLength(1_000);
    expect(results.every(({ file }) => file === "a.js")).toBe(true);
  });
});
