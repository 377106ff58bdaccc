// What outcomes of answers are worth: one case a conflict and pull request, however often it was asked about.
import { describe, expect, it } from "@jest/globals";
import { countOutcomes } from "../../src/core/call-changes.ts";
import type { CountedCall } from "../../src/core/call-changes.ts";

let at = 0;
const accepted = (change: Partial<CountedCall> = {}): CountedCall => ({
  id: `call-${++at}`,
  at,
  runId: "run-1",
  number: 7,
  agent: "conflict-resolver",
  subject: "src/a.ts#1",
  slot: "pick",
  model: "openai:small",
  kind: "code",
  accepted: true,
  outcome: "accepted",
  ...change,
});
const counts = (calls: readonly CountedCall[]) => countOutcomes(calls)["pick"]?.["openai:small/code"];

describe("countOutcomes", () => {
  it("counts the same conflict of a pull request once, whatever number of runs asked about it", () => {
    const runs = ["run-1", "run-2", "run-3"].map((runId) => accepted({ runId }));
    expect(counts(runs)).toEqual({ n: 1, right: 1 });
    expect(counts([...runs, accepted({ number: 8 })])).toEqual({ n: 2, right: 2 });
  });

  it("lets the newest outcome of a conflict speak", () => {
    expect(counts([accepted(), accepted({ runId: "run-2", outcome: "edited" })])).toEqual({ n: 1, right: 0 });
    expect(counts([accepted({ outcome: "edited" }), accepted({ runId: "run-2", outcome: null })])).toEqual({
      n: 1,
      right: 0,
    });
  });

  it("takes five right answers of one pull request at most, and every wrong one", () => {
    const right = Array.from({ length: 20 }, (_, index) => accepted({ subject: `src/a.ts#${index + 1}` }));
    expect(counts(right)).toEqual({ n: 5, right: 5 });
    const wrong = Array.from({ length: 20 }, (_, index) =>
      accepted({ subject: `src/b.ts#${index + 1}`, outcome: "reverted" }),
    );
    expect(counts([...right, ...wrong])).toEqual({ n: 25, right: 5 });
  });

  it("does not count answers that settled nothing, or of which nothing is known", () => {
    expect(
      countOutcomes([
        accepted({ accepted: false }),
        accepted({ outcome: null }),
        accepted({ outcome: "abstained" }),
      ]),
    ).toEqual({});
  });

  it("does not count other agents' answers, whose slots have the same names", () => {
    expect(countOutcomes([accepted({ agent: "test-fixer", slot: "consult" })])).toEqual({});
  });

  it("keeps runs without a pull request apart", () => {
    expect(counts([accepted({ number: 0 }), accepted({ number: 0, runId: "run-2" })])).toEqual({
      n: 2,
      right: 2,
    });
  });
});
