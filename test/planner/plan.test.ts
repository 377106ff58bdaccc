import { describe, expect, it } from "@jest/globals";
import type { Agent, PullFacts } from "../../src/core/agent.ts";
import { plan } from "../../src/planner/plan.ts";
import { outcome, policy } from "../verifiers/support.ts";

const facts: PullFacts = {
  errand: "fix-conflicts",
  args: [],
  headSha: "a",
  baseSha: "b",
  conflicts: [],
  policy,
};

function agent(name: string, order: number, ...goals: string[]): Agent {
  return {
    name,
    order,
    verifiers: [],
    propose: () => goals.map((goal) => ({ agent: name, goal, paths: [] })),
    run: () => Promise.resolve(outcome),
  };
}

describe("plan", () => {
  it("asks every agent, and runs lower orders first whatever the registry's order", () => {
    const agents = [agent("late", 30, "c"), agent("early", 10, "a", "b"), agent("idle", 20)];
    expect(plan(facts, agents).map(({ agent: name, goal }) => [name, goal])).toEqual([
      ["early", "a"],
      ["early", "b"],
      ["late", "c"],
    ]);
    expect(agents.map(({ name }) => name)).toEqual(["late", "early", "idle"]);
  });

  it("is empty when nobody has anything to do", () => {
    expect(plan(facts, [agent("idle", 10)])).toEqual([]);
  });
});
