// Rules first: every agent says what it would do, and the order of the agents is the plan. Knows no agent by name.
import type { Agent, PullFacts } from "../core/agent.ts";
import type { Task } from "../core/task.ts";

/** The tasks for these facts, in the order in which they are run. Pure. */
export function plan(facts: PullFacts, agents: readonly Agent[]): Task[] {
  return agents.toSorted((a, b) => a.order - b.order).flatMap((agent) => agent.propose(facts));
}
