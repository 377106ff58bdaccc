// Reports of the test fixer and the test writer as Markdown: what a person needs to see, and hostile names that stay text.
import { describe, expect, test } from "@jest/globals";
import type { FixReport, WritingReport } from "../../src/core/fix.ts";
import type { Report } from "../../src/core/report.ts";
import { renderer } from "../../src/github/render/index.ts";
import { report, sha, view } from "./reports.ts";

const fix = (change: Partial<FixReport> = {}): FixReport => ({
  kind: "test",
  ending: "fixed",
  edits: "source",
  words: "Fixed `total`.",
  steps: [{ name: "reproduce", detail: "3 runs: 1 test fails each time" }],
  rows: [{ id: "cart > adds up", base: "passed", head: "failed", result: "passed" }],
  more: { passed: 41, other: 0 },
  places: [{ path: "src/cart.js", line: 3, name: "total", why: "It is on the stack." }],
  doubts: [],
  bestPatch: null,
  tried: 2,
  runs: 6,
  ...change,
});

function fixed(change: Partial<FixReport> = {}, of: Partial<Report> = {}): Report {
  const made = fix(change);
  return report({
    errand: "fix-tests",
    summary: made.words,
    tasks: [
      {
        task: { agent: "test-fixer", goal: "Fix", paths: [] },
        outcome: { status: "changed", summary: "", hunks: [], fix: made },
        verdicts: [],
      },
    ],
    ...of,
  });
}

const comment = (made: Report): string => renderer.comment(view({ report: made }));

describe("the report of a fix", () => {
  test("shows the proof test by test, the places and the steps, under its own heading", () => {
    const text = comment(fixed());
    expect(text).toContain("### Fix pushed");
    expect(text).toContain("| `cart > adds up` | ✅ passed | ❌ failed | ✅ passed |");
    expect(text).toContain("41 more tests passed.");
    expect(text).toContain("- `total` in `src/cart.js`, line 3: It is on the stack.");
    expect(text).toContain("| reproduce | 3 runs: 1 test fails each time |");
  });

  test("has a check run of its own name, with the Apply button while it is proposed, never a failure", () => {
    const check = renderer.check(fixed({}, { ending: "proposed" }), { sha, number: 7 });
    expect(check.name).toBe("agent / tests");
    expect(check.actions.map(({ identifier }) => identifier)).toEqual(["apply#7"]);
    expect(check.conclusion).toBe("action_required");
    const left = renderer.check(fixed({ ending: "unfixed" }, { ending: "partial" }), { sha, number: 7 });
    expect([left.conclusion, left.actions]).toEqual(["neutral", []]);
  });

  test.each([
    ["flaky", "A flaky test, not a broken one"],
    ["red-on-base", "The base branch fails as well"],
    ["not-reproduced", "Nothing to fix could be found here"],
    ["unfixed", "The failing checks are left for you"],
  ] as const)("left as %s it says so in its heading", (ending, heading) => {
    expect(comment(fixed({ ending, edits: null }, { ending: "partial" }))).toContain(`### ${heading}`);
  });

  test("leaves out columns in which nothing was run, and counts the tests beyond the rows as one or several", () => {
    const rows = [{ id: "a", base: "not-run", head: "flaky", result: "not-run" }] as const;
    const one = comment(fixed({ ending: "flaky", rows: [...rows], more: { passed: 1, other: 0 } }));
    expect(one).toContain("| test | this branch |\n| --- | --- |\n| `a` | ⚠️ flaky |");
    expect(one).toContain("1 more test passed.");
    const several = comment(fixed({ more: { passed: 2, other: 1 } }));
    expect(several).toContain("| test | base | this branch | with the change |");
    expect(several).toContain("3 more tests: 2 passed, 1 did not.");
    const none = comment(fixed({ rows: [{ ...rows[0], head: "not-run" }], more: { passed: 0, other: 0 } }));
    expect(none).not.toContain("| test |");
  });

  test("proposed, its heading says what a person is asked to look at", () => {
    const headed = (ending: FixReport["ending"]) => comment(fixed({ ending }, { ending: "proposed" }));
    expect(headed("test-edit")).toContain("### A test looks out of date: its change waits for your word");
    expect(headed("doubtful")).toContain("### Fix with a doubt, waiting for your word");
    expect(headed("fixed")).toContain("### Fix ready, waiting for your word");
  });

  test.each([
    ["flaky", "partial", "looks again"],
    ["red-on-base", "partial", "Once the base is right"],
    ["not-reproduced", "partial", "If a check still fails"],
    ["not-run", "partial", "tries again once that is put right"],
    ["rerun", "nothing", "the job runs again"],
    ["unfixed", "partial", "Push a fix"],
  ] as const)("ended as %s it says what a person can do", (ending, run, next) => {
    expect(comment(fixed({ ending, edits: null }, { ending: run }))).toContain(next);
  });

  test("says a doubt once", () => {
    const doubt = "It compares with a literal.";
    const text = comment(fixed({ ending: "doubtful", doubts: [doubt], words: `Fixed. ${doubt}` }));
    expect(text.split(doubt)).toHaveLength(2);
    expect(text).not.toContain("**What speaks against it**");
  });

  test("says what speaks against it, and shows the best that was tried and the patch to paste", () => {
    const doubtful = comment(
      fixed(
        { ending: "doubtful", doubts: ["It compares with the test's own literal."], bestPatch: "-a\n+b\n" },
        { ending: "proposed", patch: "--- a/src/cart.js\n+++ b/src/cart.js\n@@ -1 +1 @@\n-a\n+b\n" },
      ),
    );
    expect(doubtful).toContain("- It compares with the test's own literal.");
    expect(doubtful).toContain("```diff\n-a\n+b\n```");
    expect(doubtful).toMatch(
      /git fetch origin && git switch topic\ngit apply <<'ERRAND_PATCH'\n--- a\/src\/cart\.js/,
    );
    expect(doubtful).not.toContain("git merge");
  });

  test("keeps hostile names, steps and places text, within GitHub's limit", () => {
    const evil = "</details>|`@everyone` ![x](http://evil.example/x.png) <img src=x>\n### fixed #1";
    const rows = Array.from({ length: 50 }, (_, n) => ({
      id: `${evil} ${n} ${"x".repeat(900)}`,
      base: "failed" as const,
      head: "failed" as const,
      result: "failed" as const,
    }));
    const text = comment(
      fixed({
        rows,
        words: evil,
        doubts: [evil],
        steps: Array.from({ length: 200 }, () => ({ name: evil, detail: evil.repeat(9) })),
        places: [{ path: evil, line: 1, name: evil, why: evil }],
        bestPatch: `${"`".repeat(9)}\n${evil}\n`.repeat(2_000),
      }),
    );
    expect(text.length).toBeLessThanOrEqual(60_000);
    const outside = text
      .replaceAll(/(`{3,})[^\n]*\n[\s\S]*?\n\1/g, "")
      .replaceAll(/(`+)[^`\n](?:[^\n]*?[^`\n])?\1(?!`)/g, "");
    expect(outside).not.toMatch(/<img|!\[x\]\(|@everyone/);
    expect(text).toContain("The best that was tried is too large for a comment.");
    expect(text).toMatch(/more (rows|steps) are left out/);
  });
});

describe("the report of written tests", () => {
  const written: WritingReport = {
    words: "Wrote 2 tests.",
    steps: [{ name: "write", detail: "2 of 3 kept" }],
    functions: [
      {
        path: "src/cart.js",
        name: "total",
        testPath: "test/cart.test.js",
        kept: ["adds up", "is 0 for nothing"],
        dropped: [{ title: "works", why: "it notices no planted fault" }],
        mutants: 6,
        killedBefore: 1,
        killedAfter: 5,
        lines: 4,
        coveredBefore: 1,
        coveredAfter: 4,
      },
    ],
  };

  test("shows what the tests notice before and after, and what was not kept and why", () => {
    const text = comment(
      report({
        errand: "write-tests",
        tasks: [
          {
            task: { agent: "test-writer", goal: "Write", paths: [] },
            outcome: { status: "changed", summary: "", hunks: [], written },
            verdicts: [],
          },
        ],
      }),
    );
    expect(text).toContain("### Tests written and pushed");
    expect(text).toContain(
      "| `total` in `src/cart.js` | 2 | `test/cart.test.js` | 1 → 5 of 6 | 1 → 4 of 4 |",
    );
    expect(text).toContain("- `works`: it notices no planted fault");
  });
});
