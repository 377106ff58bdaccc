// A fix of types or style that is applied later: the type checker and the linter say it again, and the tests beside them.
import { describe, expect, it } from "@jest/globals";
import { proveAgain } from "../../../src/agents/test-fixer/prove-again.ts";
import type { Complaint } from "../../../src/core/suite.ts";
import { fenced } from "./models.ts";
import { check, fix, repository, rightMax } from "./support.ts";
import type { FixOptions } from "./support.ts";
import { worldOf } from "./world.ts";
import type { WorldOptions } from "./world.ts";

/** Complaints of lines that hold the word. */
const complaining =
  (word: string, message: string) =>
  (files: ReadonlyMap<string, string>): Complaint[] =>
    [...files].flatMap(([path, text]) =>
      text
        .split("\n")
        .flatMap((line, index) => (line.includes(word) ? [{ path, line: index + 1, message }] : [])),
    );

const silent = () => undefined;

/** The fix as it was found, judged anew in another world. */
async function again(options: WorldOptions, given: FixOptions, later: WorldOptions) {
  const first = await fix(options, given);
  expect(first.report.ending).toBe("fixed");
  const { trees, suite, requests } = worldOf(later);
  const kept = { fix: first.report, edits: [...first.edits].map(([path, text]) => ({ path, text })) };
  const base = options.base === null ? null : "base";
  const result = await proveAgain(kept, { head: "head", base }, { trees, suite, record: silent });
  return { ...result, requests };
}

describe("a fix of types", () => {
  const options: WorldOptions = {
    base: repository(rightMax),
    head: repository(rightMax.replace("best = one;", "best = (one);")),
    typecheck: complaining("(one);", "TS2322: Type 'string' is not assignable."),
  };
  const given: FixOptions = {
    checks: [
      check({
        name: "types",
        step: "Run tsc",
        log: "src/list.js(5,3): error TS2322: Type 'string' is not assignable to type 'number'.",
      }),
    ],
    script: { small: () => fenced(rightMax) },
  };

  it("is applied where the type check passes with it, and the tests end as on the head", async () => {
    const { report, edits, requests } = await again(options, given, options);
    expect(report).toMatchObject({ ending: "fixed", edits: "source" });
    expect([...edits.keys()]).toEqual(["src/list.js"]);
    expect(requests.length).toBeGreaterThan(0);
  });

  const untyped: WorldOptions = { base: options.base, head: options.head };

  it.each([
    [
      "the type checker has a new complaint of it",
      { ...options, typecheck: complaining("best = one;", "TS9: No.") },
    ],
    ["there is no type check any more", untyped],
    ["the tests cannot be run", { ...options, stopped: true }],
  ])("is not, where %s", async (_why, later) => {
    const { report, edits } = await again(options, given, later);
    expect(report).toMatchObject({ ending: "unfixed", edits: null });
    expect(edits.size).toBe(0);
  });

  it("is not, where a test passes on the head that does not pass with it", async () => {
    const first = await fix(options, given);
    const { trees, suite } = worldOf(options);
    const edits = [...first.edits].map(([path, text]) => ({
      path,
      text: text.replace("one > best", "one < best"),
    }));
    const result = await proveAgain(
      { fix: first.report, edits },
      { head: "head", base: "base" },
      { trees, suite, record: silent },
    );
    expect(result.report.ending).toBe("unfixed");
    expect(result.report.words).toContain("does not pass with it");
  });
});

describe("a fix of style", () => {
  const unkempt = repository(rightMax.replace("list[0];", "list[0]"));
  const options: WorldOptions = {
    base: null,
    head: unkempt,
    lint: complaining("list[0]\n".trim(), "Missing semicolon"),
    format: (_path, text) => text.replace("list[0]\n", "list.at(0);\n"),
  };
  const given: FixOptions = {
    checks: [
      check({
        name: "lint",
        step: "Run npx eslint .",
        log: "> eslint .\n\n/home/runner/src/list.js\n  1:1  error  Missing semicolon  semi\n\n✖ 1 problem (1 error, 0 warnings)",
      }),
    ],
    changed: ["src/list.js"],
  };

  it("is applied where the linter has fewer complaints with it", async () => {
    const { report, edits } = await again(options, given, options);
    expect(report).toMatchObject({ ending: "fixed", edits: "format" });
    expect(edits.size).toBe(1);
  });

  it("is not, where the linter complains of it now, or the tests cannot be run", async () => {
    const stricter = await again(options, given, {
      ...options,
      lint: complaining("list.at(", "Prefer an index"),
    });
    expect(stricter.report.ending).toBe("unfixed");
    expect(stricter.report.words).toContain("Prefer an index");
    const stopped = await again(options, given, { ...options, stopped: true });
    expect(stopped.report.ending).toBe("unfixed");
  });
});
