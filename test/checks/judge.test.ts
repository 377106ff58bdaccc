// The rule of proof: what may be called proved, what is broken, and what is not known.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { judge, type Judgement, type SettledHunk } from "../../src/checks/judge.ts";
import { hunkInWords, judgementInWords } from "../../src/checks/judge-words.ts";
import type { Trial } from "../../src/checks/judge-runs.ts";
import type { CheckRun, CommandName, CommandRun, TestResult } from "../../src/core/checks.ts";

const hunk: SettledHunk = { path: "a.ts", lines: { first: 5, last: 7 } };

function command(name: CommandName, status: CommandRun["status"], trouble = ""): CommandRun {
  return { name, command: name, status, trouble, output: "", wallMs: 1 };
}

const lines = (...ran: number[]): CheckRun["coverage"] => new Map([["a.ts", new Set(ran)]]);

type Tests = Readonly<Record<string, TestResult["status"]>>;

/** A run of a test command; it failed where a test did. */
function run(tests: Tests | null, more: Partial<CheckRun> = {}): CheckRun {
  const failed = Object.values(tests ?? {}).includes("failed");
  const list = Object.entries(tests ?? {}).map(([id, status]) => ({ id, status, message: "" }));
  return {
    commands: [command("test", failed ? "failed" : "passed")],
    typeErrors: [],
    tests: tests === null ? null : list,
    coverage: tests === null ? null : lines(6),
    ...more,
  };
}

function trial(merged: CheckRun, head: CheckRun, base: CheckRun, more: Partial<Trial> = {}): Trial {
  return { merged, again: null, parents: { head, base }, before: null, ...more };
}

const said = (judgement: Judgement): string => judgementInWords(judgement);

describe("tests", () => {
  const good = run({ a: "passed", b: "passed" });

  test("what both parents passed passes: proven, and it says by how many", () => {
    const measured = judge(trial(run({ a: "passed", b: "passed" }, { coverage: lines(6) }), good, good), [
      hunk,
    ]);
    expect(measured.verdict).toBe("proven");
    expect(said(measured)).toBe("proved by 2 tests");
    const one = run({ a: "passed" }, { coverage: null });
    const unmeasured = judge(trial(one, one, one), [hunk]);
    expect(unmeasured.verdict).toBe("not-proven");
    expect(said(unmeasured)).toBe("not proved: 1 test passes, and which lines it runs could not be measured");
  });

  test.each([
    ["fails", { a: "passed", b: "failed" }],
    ["is skipped", { a: "passed", b: "skipped" }],
    ["is gone", { a: "passed" }],
  ] as const)("a test of both parents that %s breaks the merge", (_, tests) => {
    const judgement = judge(trial(run(tests), good, good), [hunk]);
    expect(judgement).toMatchObject({
      verdict: "broken",
      brokenTests: { names: ["b"], total: 1 },
      rerun: ["b"],
    });
    expect(said(judgement)).toBe("broken: 1 test that passed before no longer does");
    expect(judgement.hunks[0]?.proven).toBe(false);
  });

  test("a test of one parent that fails or is skipped breaks it, too; one that failed on a parent does not", () => {
    const head = run({ a: "passed", fresh: "passed" });
    const old = run({ a: "passed" });
    expect(judge(trial(run({ a: "passed", fresh: "failed" }), head, old), [hunk]).verdict).toBe("broken");
    expect(judge(trial(run({ a: "passed", fresh: "skipped" }), head, old), [hunk]).verdict).toBe("broken");
    const red = run({ a: "passed", b: "failed" });
    expect(judge(trial(red, red, good), [hunk]).verdict).toBe("proven");
    expect(
      judge(trial(run({ a: "passed", b: "skipped" }), run({ a: "passed", b: "skipped" }), good), [hunk])
        .verdict,
    ).toBe("proven");
  });

  test("gone where one parent alone has it: the merge base tells deleted from lost", () => {
    const head = run({ a: "passed" });
    const merged = run({ a: "passed" });
    const unknown = judge(trial(merged, head, good), [hunk]);
    expect(unknown).toMatchObject({ verdict: "not-proven", lostTests: { names: ["b"] } });
    expect(said(unknown)).toBe("not proved: 1 test that one of the branches has is gone");
    expect(judge(trial(merged, head, good, { before: good }), [hunk]).verdict).toBe("proven");
    expect(judge(trial(merged, head, good, { before: head }), [hunk]).verdict).toBe("broken");
  });

  test("a failure that no parent has is no proof where the parents fail anyway, and breaks what was green", () => {
    const red = run({ a: "passed", old: "failed" });
    const merged = run({ a: "passed", old: "failed", fresh: "failed" });
    expect(said(judge(trial(merged, red, red), [hunk]))).toBe(
      "not proved: 1 test that neither branch has fails",
    );
    const judgement = judge(trial(run({ a: "passed", b: "passed", fresh: "failed" }), good, good), [hunk]);
    expect(judgement).toMatchObject({ verdict: "broken", rerun: ["fresh"] });
    expect(said(judgement)).toBe("broken: `test` passes on both branches and fails on the merge");
  });

  test("flaky: what passed in either run of the merge is neither broken nor proof", () => {
    const merged = run({ a: "passed", b: "failed" });
    const judgement = judge(trial(merged, good, good, { again: good }), [hunk]);
    expect(judgement).toMatchObject({
      verdict: "proven",
      passed: 1,
      flakyTests: { names: ["b"] },
      rerun: null,
    });
    expect(judge(trial(merged, good, good, { again: merged }), [hunk]).verdict).toBe("broken");
    const only = run({ b: "passed" });
    expect(said(judge(trial(run({ b: "failed" }), only, only, { again: only }), [hunk]))).toBe(
      "not proved: no test passed",
    );
  });

  test("flaky by turns: the tests fail each time, so nothing is proved and nothing known to be broken", () => {
    const again = run({ a: "failed", b: "passed" });
    const judgement = judge(trial(run({ a: "passed", b: "failed" }), good, good, { again }), []);
    expect(judgement).toMatchObject({ verdict: "not-proven", failedCommands: [] });
  });

  test("no test at all proves nothing", () => {
    const none = run({});
    expect(said(judge(trial(none, none, none), [hunk]))).toBe("not proved: no test passed");
    expect(judge(trial(none, none, none), []).verdict).toBe("not-proven");
  });
});

describe("lines", () => {
  const good = run({ a: "passed" });
  const other = { path: "a.ts", lines: { first: 20, last: 21 } };

  test("each hunk by itself, and all of them for the whole", () => {
    const merged = run({ a: "passed" }, { coverage: lines(5, 30) });
    const judgement = judge(trial(merged, good, good), [hunk, other]);
    expect(judgement.verdict).toBe("not-proven");
    expect(judgement.hunks.map((each) => hunkInWords(each, judgement))).toEqual([
      "proved by 1 test",
      "not proved: no test touches these lines",
    ]);
    expect(said(judgement)).toBe("not proved: no test touches 1 of 2 conflicts");
    expect(said(judge(trial(merged, good, good), [other]))).toBe("not proved: no test touches these lines");
  });

  test("a hunk that left no line is seen by the lines on its sides", () => {
    const merged = run({ a: "passed" }, { coverage: lines(4) });
    const gone = (first: number): SettledHunk => ({ path: "a.ts", lines: { first, last: first - 1 } });
    expect(judge(trial(merged, good, good), [gone(5)]).verdict).toBe("proven");
    expect(judge(trial(merged, good, good), [gone(6)]).verdict).toBe("not-proven");
  });
});

describe("exit statuses alone", () => {
  const passed = run(null);
  const failed = run(null, { commands: [command("test", "failed")] });

  test("all pass: not proved, for nobody sees whether a test is gone, even where the lines are known to have run", () => {
    expect(said(judge(trial(passed, passed, passed), [hunk]))).toBe(
      "not proved: the tests pass, and nothing shows that one of them runs these lines",
    );
    const measured = judge(trial(run(null, { coverage: lines(5) }), passed, passed), [hunk]);
    expect([measured.verdict, measured.hunks[0]?.proven]).toEqual(["not-proven", false]);
  });

  test("the merge alone fails: broken, after a second run; a parent that fails: not known", () => {
    const judgement = judge(trial(failed, passed, passed), [hunk]);
    expect(judgement).toMatchObject({ verdict: "broken", failedCommands: ["test"], rerun: [] });
    expect(judge(trial(failed, passed, passed, { again: passed }), [hunk]).verdict).toBe("not-proven");
    expect(judge(trial(failed, failed, passed), [hunk]).verdict).toBe("unknown");
    expect(judge(trial(passed, failed, passed), [hunk]).verdict).toBe("unknown");
  });
});

describe("commands and types", () => {
  const good = run({ a: "passed" });
  const typed = (typeErrors: readonly string[]): CheckRun =>
    run(
      { a: "passed" },
      {
        typeErrors,
        commands: [
          command("typecheck", typeErrors.length > 0 ? "failed" : "passed"),
          command("test", "passed"),
        ],
      },
    );

  test("a type error that neither parent has, counted as often as it is there", () => {
    const judgement = judge(trial(typed(["e", "e", "f"]), typed(["e"]), typed(["f"])), [hunk]);
    expect(judgement).toMatchObject({
      verdict: "broken",
      typeErrors: { names: ["e"], total: 1 },
      rerun: null,
    });
    expect(said(judgement)).toBe("broken: 1 type error that neither branch has");
    expect(judge(trial(typed(["e", "f"]), typed(["e"]), typed(["f"])), [hunk]).verdict).toBe("proven");
    expect(said(judge(trial(typed(["e", "f"]), typed([]), typed([])), [hunk]))).toBe(
      "broken: 2 type errors that neither branch has",
    );
  });

  test.each(["merged", "head", "base", "again"] as const)(
    "a run that was stopped (%s) tells nothing",
    (which) => {
      const stopped = run(
        {},
        { commands: [command("test", "stopped", "The test ran longer than 10 minutes.")] },
      );
      const runs = { merged: good, head: good, base: good, again: null, [which]: stopped };
      const judgement = judge(trial(runs.merged, runs.head, runs.base, { again: runs.again }), [hunk]);
      expect(judgement.verdict).toBe("unknown");
      expect(said(judgement)).toMatch(
        /^not proved: on .*(?:merge|run again|head|base) the test ran longer than 10 minutes$/,
      );
    },
  );

  test("preparations: broken where they fail on the merge alone, not known where on a parent", () => {
    const unprepared = run(null, { commands: [command("setup", "failed")] });
    const prepared = run(
      { a: "passed" },
      { commands: [command("setup", "passed"), command("test", "passed")] },
    );
    expect(said(judge(trial(unprepared, prepared, prepared), [hunk]))).toBe(
      "broken: `setup` passes on both branches and fails on the merge",
    );
    expect(judge(trial(unprepared, unprepared, prepared), [hunk]).verdict).toBe("unknown");
  });

  test("a type check that one parent lacks cannot be compared", () => {
    expect(judge(trial(typed(["e"]), typed([]), good), [hunk]).verdict).toBe("broken");
    expect(judge(trial(typed(["e"]), typed(["x"]), good), [hunk]).verdict).toBe("unknown");
  });
});

describe("properties", () => {
  const status = fc.constantFrom<TestResult["status"]>("passed", "failed", "skipped");
  const tests = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "__proto__"), status, { maxKeys: 4 });
  const runs = fc
    .tuple(
      fc.oneof({ weight: 6, arbitrary: tests }, fc.constant(null)),
      fc.boolean(),
      fc.array(fc.constantFrom("e", "f"), { maxLength: 3 }),
      fc.option(fc.array(fc.nat(10))),
    )
    .map(([list, stopped, typeErrors, ran]): CheckRun => {
      const base = run(list, { typeErrors, coverage: ran === null ? null : lines(...ran) });
      const typecheck = command("typecheck", typeErrors.length > 0 ? "failed" : "passed");
      return {
        ...base,
        commands: stopped && list === null ? [command("test", "stopped")] : [typecheck, ...base.commands],
      };
    });
  const trials = fc
    .tuple(runs, runs, runs, fc.option(runs), fc.option(runs))
    .map(([merged, head, base, again, before]) => ({ merged, again, parents: { head, base }, before }));
  const order = ["broken", "unknown", "not-proven", "proven"];

  test("the same run of all three trees is never broken", () => {
    fc.assert(fc.property(runs, (each) => judge(trial(each, each, each), [hunk]).verdict !== "broken"));
  });

  test("making a test of the merge fail never makes it better", () => {
    fc.assert(
      fc.property(trials, fc.nat(), (each, at) => {
        const list = each.merged.tests ?? [];
        const worse = list.map((result, index) =>
          index === at % list.length ? { ...result, status: "failed" as const } : result,
        );
        const commands = each.merged.commands.map((one) =>
          one.name === "test" && list.length > 0 ? { ...one, status: "failed" as const } : one,
        );
        const merged = { ...each.merged, tests: each.merged.tests === null ? null : worse, commands };
        const before = judge({ ...each, again: null }, [hunk]).verdict;
        const after = judge({ ...each, again: null, merged }, [hunk]).verdict;
        expect(order.indexOf(after)).toBeLessThanOrEqual(order.indexOf(before));
      }),
      { numRuns: 500 },
    );
  });

  test("proven means that nothing is broken and that every hunk is proven; each verdict has its words", () => {
    fc.assert(
      fc.property(trials, (each) => {
        const judgement = judge(each, [hunk]);
        expect(said(judgement)).toMatch(/^(?:proved by|not proved: |broken: ).+[^.]$/);
        expect(said(judgement)).not.toMatch(/undefined|\b0 \w/);
        if (judgement.verdict !== "proven") return;
        expect(judgement.hunks.every(({ proven }) => proven)).toBe(true);
        expect([judgement.brokenTests.total, judgement.typeErrors.total, judgement.lostTests.total]).toEqual([
          0, 0, 0,
        ]);
      }),
      { numRuns: 500 },
    );
  });
});
