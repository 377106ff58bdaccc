// The contract that every sub-agent keeps; a new one is covered as soon as it is registered.
import { existsSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { agents } from "../../src/agents/registry.ts";
import type { PullFacts } from "../../src/core/agent.ts";
import type { Conflict } from "../../src/core/conflict.ts";
import { Outcome, Task } from "../../src/core/task.ts";
import { contextOf, fakeWorkspace, policy } from "../verifiers/support.ts";

const facts = (conflicts: readonly Conflict[]): PullFacts => ({
  errand: "fix-conflicts",
  args: [],
  headSha: "a".repeat(40),
  baseSha: "b".repeat(40),
  conflicts,
  policy,
});
const conflicted = { "f.txt": { base: "1\n", ours: "2\n", theirs: "3\n" } };

describe("the registry", () => {
  it("names every agent once, and gives each a place in the order of its own", () => {
    expect(agents.length).toBeGreaterThan(0);
    expect(new Set(agents.map(({ name }) => name)).size).toBe(agents.length);
    expect(new Set(agents.map(({ order }) => order)).size).toBe(agents.length);
  });
});

describe.each(agents.map((agent) => [agent.name, agent] as const))("%s", (name, agent) => {
  it("lives in a folder of its own name", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(existsSync(`src/agents/${name}/index.ts`)).toBe(true);
  });

  it("has verifiers, each named once", () => {
    const names = agent.verifiers.map((verifier) => verifier.name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  it("proposes nothing when nothing is wrong", () => {
    expect(agent.propose(facts([]))).toEqual([]);
  });

  it("proposes tasks of its own, the same for the same facts, and changes no fact", () => {
    const { conflicts } = fakeWorkspace({ conflicts: conflicted });
    const given = facts(conflicts);
    const copy = structuredClone(given);
    const tasks = agent.propose(given);
    expect(agent.propose(given)).toEqual(tasks);
    expect(given).toEqual(copy);
    for (const task of tasks) expect(Task.parse(task).agent).toBe(name);
  });

  it("ends in an outcome where a file cannot be read as text, and writes nothing then", async () => {
    const workspace = fakeWorkspace({ conflicts: conflicted });
    for (const task of agent.propose(facts(workspace.conflicts))) {
      expect(Outcome.parse(await agent.run(task, contextOf(workspace))).status).not.toBe("changed");
    }
    expect(workspace.written()).toEqual([]);
  });

  it("stops when it is told to", async () => {
    const workspace = fakeWorkspace({ conflicts: conflicted });
    const context = { ...contextOf(workspace), signal: AbortSignal.abort(new Error("stop")) };
    for (const task of agent.propose(facts(workspace.conflicts)))
      await expect(agent.run(task, context)).rejects.toThrow("stop");
  });
});
