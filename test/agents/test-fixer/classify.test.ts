// What a failed check is about, told from what tools really write; and whatever it holds, an answer.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { classify } from "../../../src/agents/test-fixer/classify.ts";
import { failureKinds } from "../../../src/core/failed-check.ts";
import type { FailedCheck } from "../../../src/core/failed-check.ts";
import { logCases } from "./ci-logs.ts";

function check(changes: Partial<FailedCheck> = {}): FailedCheck {
  return {
    ...{ id: 1, name: "ci", app: "github-actions", conclusion: "failure", url: "", jobId: 1 },
    ...{ annotations: [], log: null, step: null, results: [], trouble: "" },
    ...changes,
  };
}

const result = (id: string, status: "passed" | "failed") => ({ id, status, message: "" });

describe("classify", () => {
  it.each(logCases)("$kind: $name", ({ kind, log, tests, files }) => {
    const { hints, ...found } = classify([check({ log })]);
    expect(found.kind).toBe(kind);
    expect(found.why).toMatch(/^The check "ci" .{5,100}\.$/);
    if (tests !== undefined) expect(hints.tests).toEqual(tests);
    if (files !== undefined) expect(hints.files).toEqual(files);
  });

  it("takes a failed test for stronger than a connection that broke on the way, wherever they stand", () => {
    const broken = "npm error code ECONNRESET\n502 Bad Gateway\n";
    for (const log of [`${broken}not ok 1 - sums`, `not ok 1 - sums\n${broken}`])
      expect(classify([check({ log })]).kind).toBe("test");
  });

  it("believes a report before a log, and a report without failures not at all", () => {
    const log = "src/a.ts(1,1): error TS2322: no";
    const results = [result("a.test.ts > sums", "failed"), result("a.test.ts > adds", "passed")];
    expect(classify([check({ log, results })])).toMatchObject({
      kind: "test",
      why: 'The check "ci" left a report with 1 failed tests.',
      hints: { tests: ["a.test.ts > sums"] },
    });
    expect(classify([check({ log, results: results.slice(1) })]).kind).toBe("type");
  });

  it("reads annotations as it reads the log", () => {
    const message = "The hosted runner: x lost communication with the server.";
    const annotations = [{ path: ".github", line: 1, level: "failure" as const, message }];
    expect(classify([check({ annotations })])).toMatchObject({
      kind: "infrastructure",
      hints: { files: [] },
    });
  });

  it("names the files of failure annotations", () => {
    const at = (path: string, level: "failure" | "warning") => ({ path, line: 1, level, message: "no" });
    const annotations = [at("src/a.ts", "failure"), at("src/b.ts", "warning")];
    expect(classify([check({ annotations })]).hints.files).toEqual(["src/a.ts"]);
  });

  it.each([
    ["timed_out", "infrastructure"],
    ["cancelled", "infrastructure"],
    ["startup_failure", "infrastructure"],
    ["action_required", "unknown"],
  ] as const)("goes by how it ended where nothing else speaks: %s", (conclusion, kind) => {
    expect(classify([check({ conclusion })]).kind).toBe(kind);
    expect(classify([check({ conclusion, log: "--- FAIL: TestSum (0.00s)" })]).kind).toBe("test");
  });

  it.each([
    ["build", "Run npm test", "test"],
    ["test (20, ubuntu)", null, "test"],
    ["quality", "Check formatting", "lint"],
    ["typecheck", null, "type"],
    ["ci", "Install dependencies", "install"],
    ["deploy", "Publish", "unknown"],
    ["latest", null, "unknown"],
  ] as const)("goes by names where nothing is written: %s, %s", (name, step, kind) => {
    expect(classify([check({ name, step })]).kind).toBe(kind);
  });

  it("of several checks takes what can be reproduced, and a tool's word before a name", () => {
    const lint = check({ name: "eslint", log: "✖ 2 problems (2 errors, 0 warnings)" });
    const named = check({ name: "unit tests" });
    const tests = check({ name: "unit", log: "Tests: 3 failed, 4 passed, 7 total" });
    const lost = check({ name: "e2e", log: "No space left on device" });
    expect(classify([lint, named]).kind).toBe("lint");
    expect(classify([lost, lint, tests])).toMatchObject({
      kind: "test",
      why: expect.stringContaining('"unit"') as unknown,
    });
    expect(classify([])).toEqual({
      kind: "unknown",
      why: "No check failed.",
      hints: { tests: [], files: [] },
    });
  });

  it("keeps files of others and of the machine out of its hints", () => {
    const log = [
      "at x (/home/runner/work/shop/shop/node_modules/jest/build/index.js:1:2)",
      "at y (node:internal/process.js:1:2)",
      "/usr/lib/python3/site-packages/x.py:3",
      "../../etc/x.py /etc/x.py C:\\x\\y.py",
      "at z (file:///home/runner/work/shop/shop/lib/z.mjs:9:1)",
    ].join("\n");
    expect(classify([check({ log })]).hints.files).toEqual(["lib/z.mjs"]);
  });

  it("always answers, within bounds", () => {
    const words = logCases.flatMap(({ log }) => log.split("\n"));
    const line = fc.oneof(fc.constantFrom(...words), fc.string({ unit: "binary", maxLength: 60 }));
    const text = fc.array(line, { maxLength: 40 }).map((lines) => lines.join("\n"));
    const anyCheck = fc.record({
      name: text,
      step: fc.option(text),
      log: fc.option(text),
      conclusion: fc.constantFrom("failure", "timed_out", "cancelled", "action_required", "startup_failure"),
      results: fc.array(
        text.map((id) => result(id, "failed")),
        { maxLength: 3 },
      ),
      annotations: fc.array(
        fc.record({
          path: text,
          line: fc.integer(),
          level: fc.constantFrom("failure", "warning"),
          message: text,
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(
          anyCheck.map((changes) => check(changes as Partial<FailedCheck>)),
          { maxLength: 4 },
        ),
        (checks) => {
          const { kind, why, hints } = classify(checks);
          expect(failureKinds).toContain(kind);
          expect(why).toMatch(/^[^\p{C}]{1,250}\.$/u);
          expect(Math.max(hints.tests.length, hints.files.length)).toBeLessThanOrEqual(50);
          expect(classify(checks)).toEqual({ kind, why, hints });
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ["digits", "1".repeat(1_000)],
    ["slashes", "a/".repeat(500)],
    ["dots", "a.".repeat(500)],
    ["spaces", " ".repeat(1_000)],
    ["brackets", "x.py:1: error: ".repeat(66)],
    ["counts", "Tests: ".concat("1 a, ".repeat(200))],
    ["bars", "=".repeat(1_000)],
    ["titles", "● › ".repeat(250)],
  ])("reads 200 KB of %s without going back and forth over them", (_what, line) => {
    expect(failureKinds).toContain(classify([check({ log: `${line}\n`.repeat(200) })]).kind);
  });
});
