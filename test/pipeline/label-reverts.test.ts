// What was merged and taken back, as pushed commits say it.
import { describe, expect, it } from "@jest/globals";
import { labelReverts } from "../../src/pipeline/label-reverts.ts";
import { appliedAs, call, editsRunOf, runOf, sha, worldOf } from "./outcome-world.ts";
import type { World } from "./outcome-world.ts";

const pushed = (reverts: string[], branch = "main") => ({
  ...{ kind: "branch-pushed" as const, id: "push", installationId: 1, owner: "acme", repo: "shop" },
  ...{ branch, sha: sha("0"), reverts },
});

/** A proposal that was applied as the commit cccc…; the pull request was merged as ffff…. */
function appliedAndMerged(): World {
  const run = runOf("run", ["x\n"]);
  const calls = [
    call("1", "run", "a.ts#1", { outcome: "accepted" }),
    call("2", "run", "a.ts#2", { accepted: false, outcome: "abstained" }),
  ];
  const world = worldOf([appliedAs(run, sha("c")), run], calls);
  world.state.pull = { ...world.state.pull, mergeCommitSha: sha("f") };
  return world;
}

describe("a push to the base", () => {
  it.each([
    ["our commit", sha("c")],
    ["the pull request's merge", sha("f")],
    ["our commit by its first digits", "ccccccc"],
  ])("that reverts %s takes the answers back, and asks nobody", async (_, reverted) => {
    const world = appliedAndMerged();
    await labelReverts(pushed([sha("1"), reverted]), world.services);
    expect(world.outcomes()).toEqual({ 1: "reverted", 2: "abstained" });
    await labelReverts(pushed([reverted]), world.services);
    expect(world.noted).toHaveLength(1);
    expect(world.asked).toEqual([]);
  });

  it("that reverts something else, or goes to another branch, says nothing", async () => {
    const world = appliedAndMerged();
    await labelReverts(pushed([]), world.services);
    await labelReverts(pushed([sha("1")]), world.services);
    await labelReverts(pushed([sha("c")], "release"), world.services);
    expect(world.noted).toEqual([]);
  });

  it("that reverts the merge says nothing of answers that nobody knows to be in it", async () => {
    const world = appliedAndMerged();
    world.calls.push(call("3", "run", "a.ts#3"));
    await labelReverts(pushed([sha("f")]), world.services);
    expect(world.outcomes()).toMatchObject({ 1: "reverted", 3: null });
  });

  it("finds answers behind many others, and none older than it looks back", async () => {
    const world = appliedAndMerged();
    const others = Array.from({ length: 1_200 }, (_, index) => call(`o${index}`, "gone", null));
    world.calls.unshift(...others);
    await labelReverts(pushed([sha("c")]), world.services);
    expect(world.outcomes()).toMatchObject({ 1: "reverted", o0: null });
    const old = appliedAndMerged();
    await labelReverts(pushed([sha("c")]), { ...old.services, now: () => 100 * 24 * 3_600_000 });
    expect(old.noted).toEqual([]);
  });

  it("that reverts our commit takes back the answer that a fix was made of", async () => {
    const run = editsRunOf("run", "fix-tests", "test-fixer");
    const world = worldOf(
      [appliedAs(run, sha("c")), run],
      [
        call("1", "run", "parse in a.ts", { agent: "test-fixer", slot: "write", outcome: "accepted" }),
        call("2", "run", null, { agent: "test-fixer", slot: "pick", accepted: null }),
      ],
    );
    await labelReverts(pushed([sha("c")]), world.services);
    expect(world.outcomes()).toEqual({ 1: "reverted", 2: null });
  });

  it("is carried out although the store fails", async () => {
    const world = appliedAndMerged();
    const store = { ...world.services.store, listCalls: () => Promise.reject(new Error("away")) };
    await labelReverts(pushed([sha("c")]), { ...world.services, store });
    expect(world.warnings).toEqual(["away"]);
  });
});
