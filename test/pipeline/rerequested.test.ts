// "Re-run all checks" repeats the errands that have a check of ours on that commit, and no other.
import { describe, expect, it } from "@jest/globals";
import type { Command, Verb } from "../../src/core/command.ts";
import type { Run } from "../../src/core/run.ts";
import { isUnmeant } from "../../src/pipeline/rerequested.ts";
import { appliedAs, command, editsRunOf, runOf, sha } from "./outcome-world.ts";

const reRun = (verb: Verb, headSha: string | null, event = "check_suite.rerequested"): Command => ({
  ...command(verb),
  headSha,
  source: { kind: "event", event },
});
const dropped = (asked: Command, ...runs: Run[]) =>
  isUnmeant(asked, "acme/shop#7", { listRuns: () => Promise.resolve(runs) });
const tests = editsRunOf("tests", "fix-tests", "test-fixer");

describe("Re-run all checks", () => {
  it("repeats what was run on the commit, and drops the rest", async () => {
    expect(await dropped(reRun("fix-tests", sha("a")), tests)).toBe(false);
    expect(await dropped(reRun("fix-conflicts", sha("a")), tests)).toBe(true);
    expect(await dropped(reRun("write-tests", sha("a")), tests)).toBe(true);
    expect(await dropped(reRun("fix-conflicts", sha("a")), tests, runOf("run", ["x\n"]))).toBe(false);
  });

  it("knows a check on the commit that we pushed, an applied one among them", async () => {
    const applied = { ...appliedAs(tests, sha("c")), errand: "fix-tests" as const };
    expect(await dropped(reRun("fix-tests", sha("c")), applied)).toBe(false);
    expect(await dropped(reRun("fix-conflicts", sha("c")), applied)).toBe(true);
  });

  it("drops all on another commit, or while the run goes on: GitHub asks every app, also without a check", async () => {
    expect(await dropped(reRun("fix-tests", sha("9")), tests)).toBe(true);
    expect(await dropped(reRun("fix-tests", null), tests)).toBe(true);
    expect(await dropped(reRun("fix-tests", sha("a")), { ...tests, endedAt: null })).toBe(true);
    expect(await dropped(reRun("fix-conflicts", sha("a")))).toBe(true);
  });

  it("is no matter of what comes from anywhere else", async () => {
    expect(await dropped(reRun("fix-conflicts", sha("a"), "label"))).toBe(false);
    expect(await dropped({ ...command("fix-conflicts"), source: { kind: "label", label: "x" } })).toBe(false);
  });
});
