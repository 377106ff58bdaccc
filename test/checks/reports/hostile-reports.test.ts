// Whatever bytes a report holds, reading it ends, does not throw, and gives bounded results.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readReport, type ReportFormat } from "../../../src/checks/reports/index.ts";
import { mostReportBytes } from "../../../src/core/sandbox.ts";
import { fixture } from "./fixtures.ts";

const formats: readonly ReportFormat[] = ["jest-json", "mocha-json", "junit", "tap", "go-json", "cargo-text"];
const fixtures = [
  "jest.json",
  "vitest.json",
  "mocha.txt",
  "node-test.xml",
  "pytest.xml",
  "node-test.tap",
  "go.jsonl",
  "cargo.txt",
];

function sound(format: ReportFormat, text: string): void {
  const results = readReport(format, Buffer.from(text));
  if (results === null) return;
  expect(new Set(results.map(({ id }) => id)).size).toBe(results.length);
  for (const { id, message, file, detail } of results) {
    expect(file ?? "").toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{0,4096}$/u);
    expect(detail ?? "").toMatch(/^(?:[^\p{C}\p{Zl}\p{Zp}]|[\n\t]){0,8000}$/u);
    expect(id).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,420}$/u);
    expect(message).toMatch(/^(?:[^\p{C}\p{Zl}\p{Zp}]|\n){0,600}$/u);
  }
}

const spliced = fc
  .tuple(fc.constantFrom(...fixtures), fc.nat(), fc.nat(60), fc.string({ unit: "binary" }))
  .map(([name, at, gone, garbage]) => {
    const text = fixture(name);
    const start = at % text.length;
    return text.slice(0, start) + garbage + text.slice(start + gone);
  });

describe("readReport on hostile input", () => {
  test("fixtures with parts cut out and garbage put in, in every format", () => {
    fc.assert(fc.property(fc.constantFrom(...formats), spliced, sound), { numRuns: 400 });
  });

  test("fixtures that are cut off", () => {
    const cut = fc.tuple(fc.constantFrom(...fixtures), fc.nat()).map(([name, at]) => {
      const text = fixture(name);
      return text.slice(0, at % text.length);
    });
    fc.assert(fc.property(fc.constantFrom(...formats), cut, sound), { numRuns: 400 });
  });

  test("JSON of the right names and the wrong kinds", () => {
    const key = fc.constantFrom(
      "testResults",
      "assertionResults",
      "status",
      "title",
      "tests",
      "err",
      "failures",
      "Action",
      "Package",
      "Test",
      "Output",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "medium" },
        fc.constantFrom<unknown>("pass", "fail", "run", "failed", "output", "__proto__", 1, null, true),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...formats), tree, (format, value) => {
        sound(format, JSON.stringify(value));
        sound(
          format,
          JSON.stringify({ testResults: [value], tests: [value], failures: value, pending: value }),
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["tap", "ok\n".repeat(200_000)],
    ["tap", Array.from({ length: 2_000 }, (_, n) => `${" ".repeat(4 * (n % 80))}ok ${n} - x {`).join("\n")],
    ["tap", `ok 1\n  ---\n${"  &a [*a, *a]: !re /x/\n".repeat(50_000)}`],
    ["junit", `<testsuite>${'<testcase name="x"/>'.repeat(120_000)}</testsuite>`],
    ["junit", `${"<a ".repeat(100_000)}</testsuite>`],
    ["junit", `<testsuite>${"<!--".repeat(100_000)}</testsuite>`],
    ["junit", `<testsuite>${"<![CDATA[".repeat(100_000)}</testsuite>`],
    ["mocha-json", '{"stats":'.repeat(100_000)],
    ["mocha-json", `{"stats":"${'{"stats":\\"'.repeat(100_000)}`],
    ["jest-json", `${"[".repeat(200_000)}${"]".repeat(200_000)}`],
    ["jest-json", `{"numX":1,${'"'.repeat(300_001)}`],
    ["go-json", '{"Action":"run","Package":"p","Test":"t"}\n'.repeat(50_000)],
    ["cargo-text", "running 999999999 tests\n".repeat(50_000)],
    ["cargo-text", `running 9 tests\n${"test a ... b ... ".repeat(100_000)}`],
    ["cargo-text", `${"\u001b]".repeat(200_000)}${"\u001b[0;".repeat(200_000)}`],
    ["junit", `<testsuite ${"a".repeat(6_000_000)}><testcase name="x"/></testsuite>`],
    [
      "go-json",
      JSON.stringify({ Action: "build-output", ImportPath: `${" [".repeat(3_000_000)}\n`, Output: "x" }),
    ],
  ] as const)("%s: many or deep, %#", (format, text) => {
    const results = readReport(format, Buffer.from(text));
    expect(results === null || results.length <= 100_000).toBe(true);
  });

  test("at most 100,000 results, and no report that is larger than one may be", () => {
    const many = `${"ok same\n".repeat(100_500)}1..100500\n`;
    expect(readReport("tap", Buffer.from(many))).toHaveLength(100_000);
    expect(readReport("tap", new Uint8Array(mostReportBytes + 1))).toBeNull();
  });
});
