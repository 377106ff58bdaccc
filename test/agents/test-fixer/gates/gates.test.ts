// The gates that a candidate passes before and after its tests are run, and what is made of it afterwards.
import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  changedCount,
  cheapGate,
  mostChangedLines,
  triedKey,
  type CheapContext,
} from "../../../../src/agents/test-fixer/gates/cheap-gate.ts";
import { minimise } from "../../../../src/agents/test-fixer/gates/minimise.ts";
import { testGate } from "../../../../src/agents/test-fixer/gates/test-gate.ts";
import { unifiedDiff } from "../../../../src/agents/test-fixer/gates/unified-diff.ts";
import type { TestResult } from "../../../../src/core/checks.ts";
import { noReportId, type SuiteRun } from "../../../../src/core/suite.ts";

const context: CheapContext = { scope: "source", protectedPaths: ["secrets/**"], tried: new Set() };
const edit = (path: string, before = "a();\n", after = "b();\n") => ({ path, before, after });

describe("the cheap gate", () => {
  test("lets a small edit of source through", async () => {
    expect(await cheapGate([edit("src/a.js")], context)).toEqual({ passed: true, why: "" });
  });

  test.each([
    "test/a.test.js",
    "package.json",
    "jest.config.ts",
    "node_modules/x/index.js",
    "dist/a.js",
    "package-lock.json",
    "yarn.lock",
    ".github/workflows/ci.yml",
    "secrets/key.ts",
    "../a.js",
    "/etc/passwd",
    "a//b.js",
    "conftest.py",
    "src/setupTests.ts",
    "setup-jest.js",
    "karma.conf.js",
    "mypy.ini",
    "tools/pyrightconfig.json",
    "eslint.config.mjs",
    "requirements-dev.txt",
    "web/.env.test",
    "sitecustomize.py",
    "Dockerfile",
  ])("%s is never touched by a fix of source", async (path) => {
    const { passed, why } = await cheapGate([edit(path)], context);
    expect([passed, why]).toEqual([false, expect.stringContaining(".")]);
  });

  test("a fix of tests touches tests alone", async () => {
    const tests = { ...context, scope: "tests" as const };
    expect((await cheapGate([edit("test/a.test.js")], tests)).passed).toBe(true);
    expect((await cheapGate([edit("test/a.test.js"), edit("src/a.js")], tests)).passed).toBe(false);
  });

  test.each([
    ["nothing", "a();\n", "a();\n"],
    ["a comment", "a();\n", "// why\na();\n"],
    ["spaces", "a();\n", "a( );\n\n"],
    ["broken syntax", "a();\n", "a(;\n"],
  ])("refuses %s", async (_name, before, after) => {
    expect((await cheapGate([edit("src/a.js", before, after)], context)).passed).toBe(false);
  });

  test("bounds lines and files, and counts no line that only moved", async () => {
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `call(${from + i});\n`).join("");
    expect((await cheapGate([edit("src/a.js", "", lines(0, mostChangedLines))], context)).passed).toBe(true);
    expect((await cheapGate([edit("src/a.js", "", lines(0, mostChangedLines + 1))], context)).passed).toBe(
      false,
    );
    expect(
      (
        await cheapGate(
          ["a", "b", "c", "d"].map((name) => edit(`src/${name}.js`)),
          context,
        )
      ).passed,
    ).toBe(false);
    expect(
      changedCount({ before: lines(0, 30) + lines(100, 30), after: lines(100, 30) + lines(0, 30) }),
    ).toBe(0);
  });

  test("knows what was tried, however it is laid out", async () => {
    const tried = new Set([triedKey([edit("src/a.js")])]);
    expect(
      (await cheapGate([edit("src/a.js", "a();\n", "b( ) ; // again\n")], { ...context, tried })).why,
    ).toContain("tried");
    expect(triedKey([edit("a.js", "", `b(" ");`)])).not.toBe(triedKey([edit("a.js", "", `b("");`)]));
  });
});

const run = (tests: readonly TestResult[], status: SuiteRun["status"] = "reported"): SuiteRun => ({
  status,
  tests,
  trouble: "",
  output: "",
  coverage: null,
  shuffled: false,
  wallMs: 1,
});
const result = (id: string, status: TestResult["status"], file?: string): TestResult => ({
  id,
  status,
  message: "",
  ...(file === undefined ? {} : { file }),
});
const before = run([result("a", "passed"), result("b", "failed"), result("c", "skipped")]);
const ask = (after: SuiteRun, flaky: readonly string[] = []) =>
  testGate({ wanted: ["b"], before, after, flaky });

describe("the gate of the tests", () => {
  test("judges a report of 100,000 failures, of tests and of files that are not there", () => {
    const many = 100_000;
    const ids = (name: string) => Array.from({ length: many }, (_, index) => `${name}${index}.test.js`);
    const [tests, files] = [ids("t "), ids("f")];
    const red = run([
      ...tests.map((id) => result(id, "failed")),
      ...files.map((id) => result(id, "failed", id)),
    ]);
    const green = run(tests.map((id) => result(id, "passed")));
    const ask = (wanted: readonly string[]) => testGate({ wanted, before: red, after: green, flaky: [] });
    expect(ask(tests).fixed).toBe(many);
    expect(ask(files)).toMatchObject({ passed: false, fixed: 0 });
  });

  test("passes where the failing test passes and nothing else is worse", () => {
    expect(ask(run([result("a", "passed"), result("b", "passed"), result("c", "skipped")]))).toMatchObject({
      passed: true,
      fixed: 1,
      worse: [],
    });
  });

  test.each<[string, readonly TestResult[]]>([
    ["still fails", [result("a", "passed"), result("b", "failed")]],
    ["is gone", [result("a", "passed")]],
    ["is skipped", [result("a", "passed"), result("b", "skipped")]],
    ["another fails", [result("a", "failed"), result("b", "passed")]],
    ["another is gone", [result("b", "passed"), result("d", "passed")]],
    ["another is skipped", [result("a", "skipped"), result("b", "passed")]],
    ["a new one fails", [result("a", "passed"), result("b", "passed"), result("d", "failed")]],
    ["both, twice over", [result("a", "passed"), result("b", "passed"), result("b", "failed")]],
  ])("does not pass where it: %s", (_name, tests) => {
    const word = ask(run(tests));
    expect(word.passed).toBe(false);
    expect(word.why).not.toBe("");
  });

  test("passes where a test is skipped that was never come to before: a source cannot take it from anybody", () => {
    const reached = [
      result("a", "passed"),
      result("b", "passed"),
      result("c", "skipped"),
      result("d", "skipped"),
    ];
    expect(ask(run(reached)).passed).toBe(true);
  });

  test("compares repeated ids by how often they end in which way: numbers shift where more is run, or less", () => {
    const numbered = run([
      result("t", "passed"),
      result("t (2)", "failed"),
      result("t (3)", "skipped"),
      result("a", "passed"),
    ]);
    const gate = (tests: readonly TestResult[]) =>
      testGate({ wanted: ["t (2)"], before: numbered, after: run(tests), flaky: [] });
    const mended = [
      result("t", "skipped"),
      result("t (2)", "passed"),
      result("t (3)", "passed"),
      result("t (4)", "passed"),
      result("t (5)", "skipped"),
      result("a", "passed"),
    ];
    expect(gate(mended)).toMatchObject({ passed: true, fixed: 1 });
    expect(gate(mended.map((one, index) => (index === 1 ? { ...one, status: "failed" } : one))).passed).toBe(
      false,
    );
    expect(
      gate([
        result("t", "skipped"),
        result("t (2)", "passed"),
        result("t (3)", "skipped"),
        result("a", "passed"),
      ]).passed,
    ).toBe(false);
    expect(gate([result("t", "passed"), result("a", "passed")])).toMatchObject({ passed: false, fixed: 0 });
    expect(gate([result("t", "passed"), result("t (2)", "passed")]).worse).toEqual(["a"]);
  });

  test("a flaky test says nothing", () => {
    expect(ask(run([result("a", "failed"), result("b", "passed")]), ["a"]).passed).toBe(true);
  });

  test("what stood for a file that could not be loaded is mended by that file's tests", () => {
    const broken = run([result("x.test.js", "failed", "x.test.js")]);
    const wanted = ["x.test.js"];
    const after = (status: TestResult["status"]) => run([result("x.test.js > y", status, "x.test.js")]);
    expect(testGate({ wanted, before: broken, after: after("passed"), flaky: [] }).passed).toBe(true);
    expect(testGate({ wanted, before: broken, after: after("failed"), flaky: [] }).passed).toBe(false);
    expect(testGate({ wanted, before: broken, after: run([]), flaky: [] }).passed).toBe(false);
    const bare = run([result("x.test.js", "failed"), result("a", "passed")]);
    const unnamed = (status: TestResult["status"]) => run([result("y", status), result("a", "passed")]);
    expect(testGate({ wanted, before: bare, after: unnamed("passed"), flaky: [] }).passed).toBe(true);
    expect(testGate({ wanted, before: bare, after: unnamed("failed"), flaky: [] }).passed).toBe(false);
    expect(testGate({ wanted, before: bare, after: run([result("a", "passed")]), flaky: [] }).passed).toBe(
      false,
    );
    const none = noReportId("npm test");
    expect(
      testGate({
        wanted: [none],
        before: run([result(none, "failed")], "unreadable"),
        after: after("passed"),
        flaky: [],
      }).passed,
    ).toBe(true);
  });

  const statuses = fc.constantFrom("passed" as const, "failed" as const, "skipped" as const);
  const tests = fc
    .dictionary(fc.constantFrom("a", "b", "c", "d", "e"), statuses)
    .map((found) => Object.entries(found).map(([id, status]) => result(id, status)));

  test("never passes on a run that is not whole", () => {
    fc.assert(
      fc.property(
        tests,
        tests,
        fc.constantFrom("unreadable" as const, "stopped" as const),
        (old, now, status) => {
          expect(
            testGate({ wanted: ["a"], before: run(old), after: run(now, status), flaky: [] }).passed,
          ).toBe(false);
        },
      ),
    );
  });

  test("passes only if every wanted id passes and every id that passed still does", () => {
    fc.assert(
      fc.property(tests, tests, fc.subarray(["a", "b", "c"], { minLength: 1 }), (old, now, wanted) => {
        const { passed } = testGate({ wanted, before: run(old), after: run(now), flaky: [] });
        const is = new Map(now.map(({ id, status }) => [id, status]));
        const must = [...wanted, ...old.filter(({ status }) => status === "passed").map(({ id }) => id)];
        if (passed) expect(must.filter((id) => is.get(id) !== "passed")).toEqual([]);
        if (must.some((id) => is.get(id) !== "passed")) expect(passed).toBe(false);
      }),
    );
  });
});

describe("minimise", () => {
  const lines = fc
    .array(fc.constantFrom("a\n", "b\n", "c\n", "d\n"), { maxLength: 12 })
    .map((all) => all.join(""));

  test("drops what is not needed, and asks no more than it may", async () => {
    const start = { path: "a.js", before: "1\n2\n3\n4\n5\n", after: "1\nx\n3\ny\n5\nz\n" };
    const least = await minimise([start], ([one]) => Promise.resolve(one?.after.includes("y") ?? false), 10);
    expect(least).toEqual([{ ...start, after: "1\n2\n3\ny\n5\n" }]);
    let asked = 0;
    await minimise([start], () => Promise.resolve(++asked < 0), 2);
    expect(asked).toBe(2);
  });

  test("what comes back holds", async () => {
    await fc.assert(
      fc.asyncProperty(lines, lines, fc.constantFrom("a", "b"), async (old, now, needed) => {
        const holds = (edits: readonly { after: string }[]) =>
          edits.some(({ after }) => after.includes(needed));
        const given = [{ path: "a", before: old, after: now }];
        fc.pre(old !== now && holds(given));
        expect(holds(await minimise(given, (edits) => Promise.resolve(holds(edits)), 50))).toBe(true);
      }),
    );
  });
});

test("a unified diff is what git applies", async () => {
  const folder = await mkdtemp(join(tmpdir(), "errand-diff-"));
  try {
    const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 25 }).map((all) => all.join("\n"));
    await fc.assert(
      fc.asyncProperty(
        text.filter((before) => before !== ""),
        text.filter((after) => after !== ""),
        async (before, after) => {
          fc.pre(before !== after);
          await writeFile(join(folder, "a.txt"), before);
          await writeFile(join(folder, "a.patch"), unifiedDiff([{ path: "a.txt", before, after }]));
          execFileSync("git", ["-C", folder, "apply", "--whitespace=nowarn", "a.patch"], { stdio: "pipe" });
          expect(await readFile(join(folder, "a.txt"), "utf8")).toBe(after);
        },
      ),
      { numRuns: 40 },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
