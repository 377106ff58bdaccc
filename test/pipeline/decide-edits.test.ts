// The push rule for edits of the test fixer and the test writer, as a table.
import { describe, expect, test } from "@jest/globals";
import type { FixReport, WritingReport } from "../../src/core/fix.ts";
import type { TaskReport } from "../../src/core/report.ts";
import { decideEdits } from "../../src/pipeline/decide-edits.ts";
import { policy } from "../verifiers/support.ts";

const fix = (change: Partial<FixReport> = {}): FixReport => ({
  kind: "test",
  ending: "fixed",
  edits: "source",
  words: "Fixed it.",
  steps: [],
  rows: [],
  more: { passed: 0, other: 0 },
  places: [],
  doubts: [],
  bestPatch: null,
  tried: 1,
  runs: 1,
  ...change,
});
const written: WritingReport = {
  words: "Wrote 2 tests.",
  steps: [],
  functions: [
    {
      path: "a.js",
      name: "f",
      testPath: "a.test.js",
      kept: ["x"],
      dropped: [],
      mutants: 3,
      killedBefore: 0,
      killedAfter: 2,
      lines: 3,
      coveredBefore: 0,
      coveredAfter: 3,
    },
  ],
};
const task = (status: "changed" | "unchanged" | "gave-up", parts: object): TaskReport => ({
  task: { agent: "test-fixer", goal: "", paths: [] },
  outcome:
    status === "changed"
      ? { status, summary: "", hunks: [], ...parts }
      : { status, reason: "`no-weakened-tests` found: a skip.", hunks: [], ...parts },
  verdicts: [{ verifier: "no-weakened-tests", passed: status !== "gave-up", evidence: [] }],
});

const tree = "d".repeat(40);
const asked = { automatic: false, approved: false, checksFailed: 1 };
const automatic = { automatic: true, approved: false, checksFailed: 1 };
const approved = { automatic: false, approved: true, checksFailed: 1 };
const auto = (checks: "propose" | "push") => ({ ...policy, auto: { ...policy.auto, checks } });
const mode = (push: "asked" | "proven" | "never") => ({ ...policy, push: { mode: push, bar: 0.9 } });

describe("what passed every gate", () => {
  test.each([
    { name: "a person asked: pushed", report: fix(), given: policy, asking: asked, ending: "pushed" },
    {
      name: "push mode proven: pushed, for its tests prove it",
      report: fix(),
      given: mode("proven"),
      asking: asked,
      ending: "pushed",
    },
    {
      name: "push mode never: proposed",
      report: fix(),
      given: mode("never"),
      asking: asked,
      ending: "proposed",
    },
    {
      name: "begun by itself: proposed",
      report: fix(),
      given: policy,
      asking: automatic,
      ending: "proposed",
    },
    {
      name: "begun by itself where the repository chose push: pushed",
      report: fix(),
      given: auto("push"),
      asking: automatic,
      ending: "pushed",
    },
    {
      name: "edits of tests: proposed",
      report: fix({ ending: "test-edit", edits: "tests" }),
      given: policy,
      asking: asked,
      ending: "proposed",
    },
    {
      name: "edits of tests, auto push: proposed",
      report: fix({ ending: "test-edit", edits: "tests" }),
      given: auto("push"),
      asking: automatic,
      ending: "proposed",
    },
    {
      name: "a doubt against it: proposed",
      report: fix({ ending: "doubtful" }),
      given: auto("push"),
      asking: automatic,
      ending: "proposed",
    },
    {
      name: "a doubt, and a person's word: pushed",
      report: fix({ ending: "doubtful" }),
      given: policy,
      asking: approved,
      ending: "pushed",
    },
    {
      name: "edits of tests, and a person's word: pushed",
      report: fix({ ending: "test-edit", edits: "tests" }),
      given: policy,
      asking: approved,
      ending: "pushed",
    },
  ])("$name", ({ report, given, asking, ending }) => {
    expect(decideEdits([task("changed", { fix: report })], given, tree, asking).ending).toBe(ending);
  });

  test("proposed, it says why; what to do stands below it", () => {
    const { summary } = decideEdits([task("changed", { fix: fix() })], policy, tree, automatic);
    expect(summary).toBe(
      'Fixed it. Not pushed because nobody asked for it, and this repository\'s settings say "auto.checks: propose".',
    );
  });

  test("written tests are pushed where a person asked, and proposed where only proof is", () => {
    const tasks = [task("changed", { written })];
    expect(decideEdits(tasks, policy, tree, asked).ending).toBe("pushed");
    expect(decideEdits(tasks, mode("proven"), tree, asked).ending).toBe("proposed");
  });
});

describe("the tree that was judged", () => {
  test("is the one that is pushed, or proposed", () => {
    const tasks = [task("changed", { fix: fix(), judged: tree })];
    expect(decideEdits(tasks, policy, tree, asked).ending).toBe("pushed");
    expect(decideEdits(tasks, policy, tree, automatic).ending).toBe("proposed");
  });

  test("is another than the result: nothing is pushed, whoever asks, and the words say why", () => {
    const tasks = [task("changed", { fix: fix(), judged: "e".repeat(40) })];
    for (const asking of [asked, automatic, approved]) {
      const { ending, summary } = decideEdits(tasks, auto("push"), tree, asking);
      expect(ending).toBe("partial");
      expect(summary).toContain("not the tree that the checks were run on");
    }
  });

  test("of several tasks may be any one's: each is written over the ones before", () => {
    const tasks = [
      task("changed", { fix: fix(), judged: "e".repeat(40) }),
      task("changed", { written, judged: tree }),
    ];
    expect(decideEdits(tasks, policy, tree, asked).ending).toBe("pushed");
  });
});

describe("what did not", () => {
  test.each(["flaky", "red-on-base", "not-reproduced", "unfixed", "not-run"] as const)(
    "%s is left for a person, in the fixer's words",
    (ending) => {
      const tasks = [task("unchanged", { fix: fix({ ending, edits: null, words: "Words." }) })];
      expect(decideEdits(tasks, auto("push"), tree, asked)).toEqual({ ending: "partial", summary: "Words." });
    },
  );

  test("nothing fails here and no check has failed: there is nothing to fix, and the words say both", () => {
    const green = fix({ ending: "not-reproduced", edits: null, words: "Words." });
    const decide = (report: FixReport, checksFailed: number) =>
      decideEdits([task("unchanged", { fix: report })], policy, tree, { ...asked, checksFailed });
    expect(decide(green, 0)).toEqual({
      ending: "nothing",
      summary: "No check of this commit has failed. Words.",
    });
    expect(decide(green, 1).ending).toBe("partial");
    const rows = [{ id: "t", base: "passed", head: "flaky", result: "not-run" } as const];
    expect(decide({ ...green, rows }, 0).ending).toBe("partial");
  });

  test("a job that was started again leaves nothing to do", () => {
    const tasks = [task("unchanged", { fix: fix({ ending: "rerun", edits: null }) })];
    expect(decideEdits(tasks, policy, tree, asked).ending).toBe("nothing");
  });

  test("what a verifier refused is not pushed, although the fixer says fixed", () => {
    const decided = decideEdits([task("gave-up", { fix: fix() })], auto("push"), tree, approved);
    expect(decided.ending).toBe("partial");
    expect(decided.summary).toContain("no-weakened-tests");
  });

  test("nothing is pushed without a tree", () => {
    expect(decideEdits([task("changed", { fix: fix() })], policy, null, asked).ending).toBe("partial");
  });
});
