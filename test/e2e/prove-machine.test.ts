// Machines on which no code of a repository can be run: the report says what is missing, and what rules settle is pushed all the same.
import { describe, expect, it, jest } from "@jest/globals";
import type { SandboxState } from "../../src/core/sandbox.ts";
import { findPrograms } from "../../src/workspace/sandbox/bwrap/host.ts";
import { selfTestProblem } from "../../src/workspace/sandbox/probe/self-test.ts";
import { startWorld } from "./harness.ts";
import { openConflict } from "./scenarios.ts";
import { expectUnproven, fix, onMerge } from "./unproven.ts";

/** Whole runs on a machine that is busy with other things. */
jest.setTimeout(120_000);

describe("a machine", () => {
  it.each<[what: string, state: () => Promise<SandboxState>, sentence: RegExp]>([
    [
      "without bubblewrap",
      async () => {
        const found = await findPrograms([]);
        if (!("why" in found)) throw new Error("There are programs in no folder.");
        return { kind: "unavailable", ...found };
      },
      /bwrap is not on this machine.* apt install bubblewrap/,
    ],
    [
      "whose sandbox does not hold",
      () => {
        const escape = {
          name: "reading /etc/shadow",
          contained: false,
          evidence: "it was read",
          remedy: null,
        };
        const problem = selfTestProblem({ attempts: [escape] });
        if (problem === null) throw new Error("An escape is no problem.");
        return Promise.resolve({ kind: "unavailable", ...problem });
      },
      /does not hold: reading \/etc\/shadow.* Run `errand doctor`/,
    ],
  ])("%s runs nothing, says what to do, and pushes what rules settle", async (_, state, sentence) => {
    const world = await startWorld({ overrides: { openSandbox: state } });
    try {
      const scenario = await openConflict(world, onMerge("exit 1"));
      const seen = await fix(world, scenario);
      await expectUnproven(world, scenario, seen, sentence);
      expect(world.github.violations).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
