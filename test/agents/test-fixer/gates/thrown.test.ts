// What the gate of the tests says where a subtest of tap threw: only what goes on from there is mended.
import { describe, expect, test } from "@jest/globals";
import { testGate } from "../../../../src/agents/test-fixer/gates/test-gate.ts";
import { readReport } from "../../../../src/checks/reports/index.ts";
import { noReportId, type SuiteRun } from "../../../../src/core/suite.ts";
import { fail, pass, subtest, tap, threw, type List } from "../../../checks/reports/tap-texts.ts";

const bad = { ok: false };

function runOf(text: string): SuiteRun {
  const tests = readReport("tap", Buffer.from(text)) ?? [];
  const rest = { trouble: "", output: "", coverage: null, shuffled: false, wallMs: 1 };
  return { status: "reported", tests, ...rest };
}

/** A file with the subtest that is judged, and one that always passes. */
const file = (list: List, ending = {}) =>
  runOf(
    tap(
      subtest("test/a.js", [subtest("sums", list, ending), subtest("other", [pass("x"), pass("y")])], ending),
    ),
  );
const id = "test/a.js > sums";
const gate = (before: SuiteRun, after: SuiteRun, wanted: readonly string[] = [id]) =>
  testGate({ wanted, before, after, flaky: [] });

const atOnce = file([threw("no")], bad);
const halfway = file([pass("one"), threw("no"), fail("test count(2) != plan(3)")], { ...bad, plan: 3 });

describe("a subtest that threw", () => {
  test("passes where what it stood for is there and passes", () => {
    expect(gate(atOnce, file([pass("one")]))).toMatchObject({ passed: true, fixed: 1, worse: [] });
    expect(gate(halfway, file([pass("one"), pass("two"), pass("three")]))).toMatchObject({ passed: true });
  });

  test("counts tests with tests: what stands for others did not run", () => {
    const stood = (what: string) => ({ id: what, status: "failed" as const, message: "" });
    const commands = [noReportId("tap a"), noReportId("tap b")];
    const after = file([pass("one"), pass("two")]);
    const ends = ["(end of the run)", `${id} > (end of the run)`];
    const gated = (more: readonly string[]) =>
      gate({ ...halfway, tests: [...halfway.tests, ...more.map(stood)] }, after, [id, ...commands]);
    expect(gated(commands)).toMatchObject({ passed: true, fixed: 3 });
    expect(gated([...commands, ...ends])).toMatchObject({ passed: true, fixed: 3 });
    expect(gated([...commands, "test/b.js > b", "test/b.js > c"]).why).toBe(
      "Only 4 tests ran; 5 ran before.",
    );
  });

  test("is not mended where it goes further and fails there", () => {
    expect(gate(atOnce, file([pass("one"), fail("two")], bad)).fixed).toBe(0);
  });

  test.each<[string, SuiteRun, SuiteRun]>([
    ["it throws at the same place", halfway, file([pass("one"), threw("no")], bad)],
    ["it throws further on", halfway, file([pass("one"), pass("two"), threw("else")], bad)],
    ["the error comes out as another assertion", halfway, file([pass("one"), fail("two")], bad)],
    ["an assertion passes and the next fails", atOnce, file([pass("one"), fail("two")], bad)],
    ["all of its assertions were taken out", atOnce, file([])],
    ["the rest of its assertions was taken out, or the error swallowed", halfway, file([pass("one")])],
    ["what passed before it is gone", halfway, file([pass("two"), pass("three")])],
    ["what comes is skipped", atOnce, file([["ok 0 - one # SKIP not now"]])],
    [
      "it is skipped whole",
      atOnce,
      runOf(tap(subtest("test/a.js", [["ok 0 - sums # SKIP"], subtest("other", [pass("x"), pass("y")])]))),
    ],
    ["it is gone", atOnce, runOf(tap(subtest("test/a.js", [subtest("other", [pass("x"), pass("y")])])))],
    [
      "another test of the file goes further instead",
      atOnce,
      runOf(tap(subtest("test/a.js", [subtest("other", [pass("x"), pass("y"), pass("z")])]))),
    ],
    ["the process ends in it", halfway, file([pass("one"), fail("test unfinished")], bad)],
    [
      "it became one assertion of that name",
      atOnce,
      runOf(tap(subtest("test/a.js", [pass("sums"), subtest("other", [pass("x"), pass("y")])]))),
    ],
  ])("does not pass where %s", (_name, before, after) => {
    expect(gate(before, after)).toMatchObject({ passed: false });
  });

  test("one that threw on other runs alone, and ends now, is no test that did not run", () => {
    const both = (sums: readonly string[], b: readonly string[], ending = {}) =>
      runOf(tap(sums, subtest("test/b.js", [b], ending)));
    const before = both(subtest("sums", [pass("one"), threw("no")], bad), fail("b"), bad);
    const after = both(subtest("sums", [pass("one")]), pass("b"));
    const wanted = ["test/b.js > b"];
    expect(testGate({ wanted, before, after, flaky: ["sums"] })).toMatchObject({ passed: true, why: "" });
  });

  test("of two of one name that threw, each has to go on", () => {
    const two = (first: List, second: List, ending = {}) =>
      runOf(tap(subtest("s", first, ending), subtest("s", second, ending)));
    const before = two([threw("a")], [threw("b")], bad);
    const wanted = ["s", "s (2)"];
    expect(gate(before, two([pass("a")], [pass("b")]), wanted)).toMatchObject({ passed: true, fixed: 2 });
    expect(gate(before, two([pass("a")], []), wanted)).toMatchObject({ passed: false });
    expect(
      gate(before, runOf(tap(subtest("s", [pass("a")]), subtest("s", [threw("b")], bad))), wanted).passed,
    ).toBe(false);
  });

  test("one that passed and throws now is worse", () => {
    const green = file([pass("one"), pass("two")]);
    const red = runOf(tap(subtest("test/b.js", [fail("b")], bad)));
    const both = (first: SuiteRun, second: SuiteRun) => ({
      ...first,
      tests: [...first.tests, ...second.tests],
    });
    const mended = runOf(tap(subtest("test/b.js", [pass("b")])));
    const wanted = ["test/b.js > b"];
    expect(gate(both(green, red), both(green, mended), wanted).passed).toBe(true);
    expect(gate(both(green, red), both(file([pass("one"), threw("no")], bad), mended), wanted).passed).toBe(
      false,
    );
    expect(
      gate(both(file([pass("one")]), red), both(file([pass("one"), threw("no")], bad), mended), wanted).why,
    ).toContain("fails that did not before");
  });
});
