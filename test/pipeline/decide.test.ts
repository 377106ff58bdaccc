import { describe, expect, it } from "@jest/globals";
import { decide } from "../../src/pipeline/decide.ts";
import type { Policy } from "../../src/core/policy.ts";
import type { TaskReport } from "../../src/core/report.ts";
import type { HunkReport, Proof } from "../../src/core/task.ts";

const policy: Policy = {
  push: { mode: "asked", bar: 0.9 },
  commit: { prefix: "", signOff: false },
  conflicts: { ignore: [] },
  protectedPaths: [],
  commands: {},
  regenerate: [],
  models: { enabled: true, agents: {}, budget: { run: null, pull: null } },
  auto: { checks: "propose", conflicts: "off", ignoreLabels: [], ignoreBranches: [], drafts: false },
  ledger: { contents: false },
};
const hunk = (change: Partial<HunkReport>): HunkReport => ({
  path: "a.txt",
  index: 1,
  tier: "semantic",
  class: "list",
  settled: true,
  precision: 0.95,
  aboveBar: true,
  result: null,
  proof: null,
  why: "",
  line: 1,
  sides: null,
  candidates: [],
  ...change,
});
const report = (...hunks: HunkReport[]): TaskReport => ({
  task: { agent: "conflict-resolver", goal: "", paths: ["a.txt"] },
  outcome: { status: "changed", summary: "", hunks },
  verdicts: [],
});
const tree = "t".repeat(40);
const open = hunk({ settled: false, aboveBar: false, precision: null });
const below = hunk({ aboveBar: false, precision: 0.6 });

describe("decide", () => {
  it("pushes when every hunk is settled above the bar", () => {
    expect(decide([report(hunk({}), hunk({}))], policy, tree).ending).toBe("pushed");
  });

  it("proposes when one hunk is below the bar", () => {
    expect(decide([report(hunk({}), below)], policy, tree).ending).toBe("proposed");
  });

  it("hands over when one hunk is open, however sure the others are", () => {
    expect(decide([report(hunk({}), open)], policy, null)).toMatchObject({
      ending: "partial",
      summary: expect.stringContaining("1 conflict of 2 is left for you"),
    });
  });

  it.each(["proven", "never"] as const)("does not push on a command where the policy says %s", (mode) => {
    expect(decide([report(hunk({}))], { ...policy, push: { mode, bar: 0.9 } }, tree).ending).toBe("proposed");
  });

  it("never pushes what a verifier refused", () => {
    const refused: TaskReport = {
      ...report(),
      outcome: { status: "gave-up", reason: "Not accepted by parses.", hunks: [hunk({})] },
    };
    expect(decide([refused], policy, tree)).toMatchObject({
      ending: "partial",
      summary: expect.stringContaining("parses"),
    });
  });

  it("never pushes without a tree, even if every hunk says settled", () => {
    expect(decide([report(hunk({}))], policy, null).ending).toBe("partial");
  });

  describe("with the repository's own checks", () => {
    const proven = { proven: true, words: "proved by 3 tests" };
    const proof = (verdict: Proof["verdict"], of: string | null = tree): Proof => ({
      verdict,
      words: "Proved by 3 tests.",
      tree: of,
      tests: 3,
      runs: 1,
    });
    const checked = (made: Proof, ...hunks: HunkReport[]): TaskReport => {
      const plain = report(...hunks);
      return { ...plain, outcome: { ...plain.outcome, proof: made } };
    };
    const only: Policy = { ...policy, push: { mode: "proven", bar: 0.9 } };

    it("pushes a hunk below the bar that is proven", () => {
      expect(decide([checked(proof("proven"), hunk({}), { ...below, proof: proven })], policy, tree)).toEqual(
        {
          ending: "pushed",
          summary: "Settled 2 conflicts and pushed one merge commit.",
        },
      );
    });

    it("takes the proof of another tree for none", () => {
      const other = checked(proof("proven", "u".repeat(40)), { ...below, proof: proven });
      expect(decide([other], policy, tree).ending).toBe("proposed");
      expect(decide([checked(proof("proven", null), { ...below, proof: proven })], policy, tree).ending).toBe(
        "proposed",
      );
    });

    it("never pushes what breaks checks that passed on both sides, however sure its classes are", () => {
      const broken = checked(proof("broken"), hunk({}));
      expect(decide([broken], policy, tree)).toMatchObject({
        ending: "proposed",
        summary: expect.stringContaining("own checks fail on it"),
      });
      expect(decide([broken], { ...policy, push: { mode: "asked", bar: 0 } }, tree).ending).toBe("proposed");
    });

    it("takes no hunk for proven where the checks could not be judged", () => {
      for (const verdict of ["broken", "unknown", "not-run"] as const)
        expect(decide([checked(proof(verdict), { ...below, proof: proven })], policy, tree).ending).toBe(
          "proposed",
        );
    });

    it("pushes in the mode proven only where every hunk is", () => {
      const one = { ...hunk({}), proof: proven };
      expect(decide([checked(proof("proven"), one, one)], only, tree).ending).toBe("pushed");
      expect(decide([checked(proof("not-proven"), one, hunk({}))], only, tree)).toMatchObject({
        ending: "proposed",
        summary: expect.stringContaining("1 conflict of 2 is not proven"),
      });
    });
  });
});
