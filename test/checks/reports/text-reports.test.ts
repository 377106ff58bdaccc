// Reports that are not JSON: JUnit's XML, TAP, cargo's output.
import { describe, expect, test } from "@jest/globals";
import { fixture, messages, outline } from "./fixtures.ts";

const nodeTest = [
  "passed sum > adds",
  "failed sum > adds (2)",
  "passed sum > deep # one > nested",
  "passed top",
  "skipped later",
  "skipped wanted",
  "passed with subtests > one",
  "failed crash.test.mjs",
];

describe("junit", () => {
  test("node:test of Node 20, with a test to do and a file that does not load", () => {
    expect(outline("junit", fixture("node-test.xml"))).toEqual(nodeTest);
    expect(messages("junit", fixture("node-test.xml"))[0]).toMatch(
      /^Expected values to be strictly equal:2 !== 3/,
    );
  });

  test("pytest 9 with xunit1: file, class, parameters; a file that is not collected goes by its path", () => {
    expect(outline("junit", fixture("pytest.xml"))).toEqual([
      "failed tests/test_b.py",
      "passed tests/test_a.py > TestSum > test_adds",
      "passed tests/test_a.py > TestSum > test_each[1]",
      "failed tests/test_a.py > TestSum > test_each[2]",
      "passed tests/test_a.py > test_top",
      "skipped tests/test_a.py > test_skipped",
      "skipped tests/test_a.py > test_xfail",
      "failed tests/test_a.py > test_fixture",
    ]);
  });

  test("suite and class of the same name are told once, as nextest and Gradle write them", () => {
    const xml = `<testsuites name="nextest-run"><testsuite name="shop::it"><testcase name="a::b" classname="shop::it"/>
      <testcase name="c" classname="shop::it"><flakyFailure message="once"/></testcase></testsuite></testsuites>`;
    expect(outline("junit", xml)).toEqual(["passed shop::it > a::b", "passed shop::it > c"]);
  });

  test("XML's entities and raw text are read; a document type, which could define others, is refused", () => {
    const xml = `<testsuite name="s"><testcase name='a &lt;b&gt; &#65;&#x42; &e1;'><failure><![CDATA[<p>&lt;]]></failure></testcase></testsuite>`;
    expect(outline("junit", xml)).toEqual(["failed s > a <b> AB &e1;"]);
    expect(messages("junit", xml)).toEqual(["<p><"]);
    expect(outline("junit", `<!DOCTYPE x [<!ENTITY e1 "ha">]>${xml}`)).toBeNull();
  });

  test("a document that breaks off, or is no report, is none", () => {
    const xml = fixture("node-test.xml");
    for (const text of [
      xml.slice(0, xml.indexOf("</testsuites>")),
      xml.slice(0, 900),
      "",
      "<html></html>",
      "{}",
    ]) {
      expect(outline("junit", text)).toBeNull();
    }
    expect(outline("junit", "<testsuites></testsuites>")).toEqual([]);
    expect(outline("junit", '<?xml version="1.0"?><testsuites tests="0" />')).toEqual([]);
    expect(outline("junit", `${"<testsuite>".repeat(5_000)}${"</testsuite>".repeat(5_000)}`)).toBeNull();
  });
});

describe("tap", () => {
  test("node:test of Node 20", () => {
    expect(outline("tap", fixture("node-test.tap"))).toEqual(nodeTest);
    expect(messages("tap", fixture("node-test.tap"))[0]).toMatch(
      /^Expected values to be strictly equal:\n2 !== 3/,
    );
  });

  test("version 14: subtests before and behind their test point, times, a plan that skips all", () => {
    const lines = [
      "TAP version 14",
      "ok 1 - outer # time=5.1ms {",
      "    not ok 1 - inner",
      "    1..1",
      "}",
      "    ok 1 - deep",
      "    1..1",
      "ok 2 - named later",
      "ok 3 - a # SKIP why",
      "not ok - b # TODO soon",
      "1..4",
    ];
    expect(outline("tap", lines.join("\n"))).toEqual([
      "failed outer > inner",
      "passed named later > deep",
      "skipped a",
      "skipped b",
    ]);
    expect(outline("tap", "TAP version 13\n1..0 # skipped\n")).toEqual([]);
  });

  test("assertions of the same name are numbered", () => {
    expect(outline("tap", "ok 1 same\nnot ok 2 same\nok 3 same\n1..3\n")).toEqual([
      "passed same",
      "failed same (2)",
      "passed same (3)",
    ]);
  });

  test.each([
    ["no plan", "TAP version 13\nok 1 - a\n"],
    ["a plan of more", "TAP version 13\n1..2\nok 1 - a\n"],
    ["Bail out!", "TAP version 13\n1..1\nok 1 - a\nBail out! no database\nok 2 - never\n"],
    ["nothing but its first line", "TAP version 13\n"],
  ])("%s is a failure", (_, text) => {
    expect(outline("tap", text)?.at(-1)).toBe("failed (end of the run)");
    expect(outline("tap", text)?.join()).not.toContain("never");
  });

  test("a subtest that breaks off fails with what it had, and a suite that fails by itself is told", () => {
    expect(outline("tap", "TAP version 13\n# Subtest: s\n    ok 1 - in\n")).toEqual([
      "passed (end of the run) > in",
      "failed (end of the run) > (end of the run)",
      "failed (end of the run)",
    ]);
    expect(outline("tap", "    ok 1 - in\n    1..1\nnot ok 1 - hook\n1..1\n")).toEqual([
      "passed hook > in",
      "failed hook",
    ]);
  });

  test("what looks like a test point inside diagnostics is none", () => {
    expect(outline("tap", "not ok 1 - a\n  ---\n  error: |-\n    ok 9 - fake\n  ...\n1..1\n")).toEqual([
      "failed a",
    ]);
  });

  test("other text is no report", () => {
    expect(outline("tap", "all fine\nnothing to see\n")).toBeNull();
  });
});

describe("cargo-text (cargo 1.95)", () => {
  const whole = [
    "passed shop src/lib.rs > tests::adds",
    "skipped shop src/lib.rs > tests::slow",
    "passed shop src/lib.rs > tests::panics - should panic",
    "failed shop src/lib.rs > tests::wrong",
    "passed it tests/it.rs > outside",
    "passed Doc-tests shop > src/lib.rs - add",
  ];

  test("standard error and then standard output: programs, doc tests without their lines, and no test that a test printed", () => {
    expect(outline("cargo-text", fixture("cargo.txt"))).toEqual(whole);
    expect(messages("cargo-text", fixture("cargo.txt"))[0]).toMatch(/left: 2\nright: 3/);
  });

  test("standard output alone: no program's name", () => {
    const output = fixture("cargo.txt").slice(fixture("cargo.txt").indexOf("\nrunning"));
    expect(outline("cargo-text", output)?.slice(-2)).toEqual(["passed outside", "passed src/lib.rs - add"]);
  });

  test("with --nocapture a test's status stands on a later line", () => {
    const text =
      "running 2 tests\ntest a ... noise\nok\ntest b ... test fake ... ok\nFAILED\n\ntest result: FAILED. 1 passed\n";
    expect(outline("cargo-text", text)).toEqual(["passed a", "failed b"]);
  });

  test("a program that breaks off, and one that is not compiled, are failures", () => {
    expect(outline("cargo-text", "running 2 tests\ntest a ... ok\ntest b ... \n")).toEqual([
      "passed a",
      "failed b",
      "failed (end of the run)",
    ]);
    expect(outline("cargo-text", fixture("cargo-check.txt"))).toEqual(["failed shop, lib"]);
    expect(outline("cargo-text", "nothing")).toBeNull();
  });
});
