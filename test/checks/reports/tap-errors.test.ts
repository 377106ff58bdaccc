// A test that throws, in node-tap's reports: the failure is its subtest's, under an id that is there as well once it is mended.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readReport } from "../../../src/checks/reports/index.ts";
import { outline, places } from "./fixtures.ts";
import { fail, pass, subtest, tap, threw, type List } from "./tap-texts.ts";

const bad = { ok: false };
const red = (...list: List) => tap(subtest("sums", list, bad), subtest("other", [pass("x")]));
const read = (text: string) => readReport("tap", Buffer.from(text)) ?? [];

describe("tap's tests that throw", () => {
  test.each(["testFunctionThrow", "returnedPromiseRejection", "uncaughtException", "unhandledRejection"])(
    "%s is the subtest's failure, beside what passed before it",
    (caught) => {
      expect(outline("tap", red(pass("one"), threw("cannot add", caught)))).toEqual([
        "passed sums > one",
        "failed sums",
        "passed other > x",
        "passed other",
      ]);
    },
  );

  test("mended, the same id passes", () => {
    expect(outline("tap", tap(subtest("sums", [pass("one"), pass("two")])))).toEqual([
      "passed sums > one",
      "passed sums > two",
      "passed sums",
    ]);
  });

  test("the error's words are told, and the file is the test's, not where the error came from", () => {
    const [, failed] = read(red(pass("one"), threw("cannot add")));
    expect(failed).toMatchObject({ suite: "threw", file: "test/total.test.js" });
    expect(failed?.message).toMatch(/^cannot add\n/);
    expect(failed?.detail).toContain("total (lib/total.js:3:11)");
    const whole = tap(subtest("test/a.js", [subtest("sums", [threw("no")], bad)], bad));
    expect(places("tap", whole)).toEqual(["test/a.js: no"]);
  });

  test("several errors in one subtest, and the plan that they kept from being kept, are one failure", () => {
    const count = fail("test count(2) != plan(7)");
    const text = tap(
      subtest("sums", [pass("a"), threw("first"), threw("second"), count], { ...bad, plan: 7 }),
    );
    expect(outline("tap", text)).toEqual(["passed sums > a", "failed sums"]);
    expect(read(text)[1]?.message).toMatch(/^first\n/);
  });

  test("an assertion that fails beside an error keeps its own result", () => {
    expect(outline("tap", red(fail("two"), threw("no")))?.slice(0, 2)).toEqual([
      "failed sums > two",
      "failed sums",
    ]);
    expect(outline("tap", red(fail("two")))?.slice(0, 1)).toEqual(["failed sums > two"]);
  });

  test("of subtests of one name each is told by itself", () => {
    const text = tap(subtest("s", [pass("a")]), subtest("s", [threw("no")], bad));
    expect(outline("tap", text)).toEqual(["passed s > a", "passed s", "failed s (2)"]);
  });

  test("a subtest without a name has no time in its id", () => {
    const lines = [
      "# Subtest",
      ...threw("no").map((line) => `    ${line}`),
      "    1..1",
      "not ok 1 # time=5.5ms",
    ];
    expect(outline("tap", tap(lines))).toEqual(["failed (no name)"]);
  });

  test("nothing is claimed where it is not certain: no subtest, another field, an assertion's own words, a todo", () => {
    expect(outline("tap", tap(threw("no", "uncaughtException")))).toEqual(["failed no"]);
    expect(outline("tap", red(threw("no", "teardown")))?.[0]).toBe("failed sums > no");
    const quoted = ["not ok 1 - q", "  ---", "  wanted: |", "    tapCaught: testFunctionThrow", "  ..."];
    expect(outline("tap", red(quoted))?.[0]).toBe("failed sums > q");
    const todo = subtest("later # TODO", [threw("no")], bad);
    expect(outline("tap", tap(todo.with(-1, "not ok 1 - later # TODO")))).toEqual(["skipped later > no"]);
  });

  test("a plan that no error explains is one that broke off", () => {
    const text = tap(subtest("sums", [pass("a")], { ...bad, plan: 3 }));
    expect(outline("tap", text)).toContain("failed sums > (end of the run)");
  });

  test("the first subtest of a file keeps what is in it, which comes before any test point of the file", () => {
    const text = tap(subtest("test/a.js", [subtest("first", [pass("a")]), subtest("second", [pass("b")])]));
    expect(outline("tap", text)).toEqual([
      "passed test/a.js > first > a",
      "passed test/a.js > first",
      "passed test/a.js > second > b",
      "passed test/a.js > second",
      "passed test/a.js",
    ]);
    expect(outline("tap", "    # Subtest: only said\nok 1 - a\n1..1\n")).toEqual(["passed a"]);
  });

  test("lines that are lost, doubled or torn never make it throw, nor an id twice, nor a suite that threw pass", () => {
    const lines = tap(
      subtest(
        "test/a.js",
        [subtest("s", [pass("a"), threw("no")], { ...bad, plan: 3 }), subtest("t", [])],
        bad,
      ),
      subtest("u", [fail("test count(1) != plan(2)"), threw("x", "unhandledRejection")], bad),
    ).split("\n");
    const change = fc.record({
      at: fc.nat(lines.length - 1),
      from: fc.nat(40),
      put: fc.string({ unit: "binary" }),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 8 }),
        fc.array(fc.nat(lines.length - 1)),
        (changes, doubled) => {
          const mutated = [...lines];
          for (const { at, from, put } of changes) mutated[at] = `${lines[at]?.slice(from) ?? ""}${put}`;
          const text = [...mutated, ...doubled.map((at) => mutated[at])].join("\n");
          const results = read(text);
          expect(new Set(results.map(({ id }) => id)).size).toBe(results.length);
          for (const { suite, status } of results) {
            if (suite !== undefined) expect(status).toBe(suite === "threw" ? "failed" : "passed");
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
