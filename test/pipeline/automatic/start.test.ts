// The authority of a run that nobody asked for: only what we made ourselves, and only while the policy wants it.
import { describe, expect, it } from "@jest/globals";
import { defaultPolicy } from "../../../src/config/policy-defaults.ts";
import { runIdOf } from "../../../src/core/run.ts";
import { whyNotAutomatic } from "../../../src/pipeline/automatic/start.ts";
import { botLogin, detailsOf, eventCommand, pushedRun, sha, worldOf } from "./world.ts";

const automatic = eventCommand("fix-tests", {
  id: `automatic/fix-tests/acme/shop#7/${sha("a")}`,
  actor: { login: botLogin, type: "Bot" },
});
const { auto } = defaultPolicy;

describe("whyNotAutomatic", () => {
  it("lets our own command go on", async () => {
    expect(await whyNotAutomatic(automatic, worldOf().services)).toBeNull();
  });

  it.each([
    ["an id that is not ours", { ...automatic, id: "suite/8/rerequested" }],
    ["a source that is no event", { ...automatic, source: { kind: "label" as const, label: "x" } }],
    ["a verb that never starts by itself", { ...automatic, verb: "apply" as const }],
  ])("trusts no command with %s", async (_, command) => {
    const world = worldOf();
    expect(await whyNotAutomatic(command, world.services)).toContain("no automatic run of ours");
    expect(world.asked).toEqual([]);
  });

  it.each([
    ["the setting was turned off", { auto: { ...auto, checks: "off" as const } }, "auto.checks: off"],
    ["the branch has moved", { details: detailsOf({ head: null }) }, "has moved"],
    ["the pull request is gone", { details: null }, "gone"],
    ["it was closed", { details: detailsOf({ state: "closed" }) }, "closed"],
    ["it got the label", { details: detailsOf({ labels: ["agent: ignore"] }) }, "labels"],
  ])("says why not, where meanwhile %s", async (_, changes, words) => {
    expect(await whyNotAutomatic(automatic, worldOf(changes).services)).toContain(words);
  });

  it("goes by the setting of what the run is about", async () => {
    const conflicts = { ...automatic, verb: "fix-conflicts" as const };
    expect(await whyNotAutomatic(conflicts, worldOf().services)).toContain("auto.conflicts: off");
    const on = worldOf({ auto: { ...auto, checks: "off", conflicts: "push" } });
    expect(await whyNotAutomatic(conflicts, on.services)).toBeNull();
  });

  it("carries a run that was begun to its end: its own push may be why the branch has moved", async () => {
    const begun = pushedRun(sha("c"), { id: runIdOf(automatic), command: automatic });
    const world = worldOf({ runs: [begun], details: detailsOf({ head: null }) });
    expect(await whyNotAutomatic(automatic, world.services)).toBeNull();
  });
});
