// What may start by itself: a table of reasons against it, and that each one is enough.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { defaultPolicy } from "../../../src/config/policy-defaults.ts";
import { idlePull } from "../../../src/core/run.ts";
import type { PullState } from "../../../src/core/run.ts";
import { mayResolve, mayStart } from "../../../src/pipeline/automatic/may-start.ts";
import { botLogin, detailsOf, pull, sha } from "./world.ts";

type Situation = Parameters<typeof mayStart>[0];

const good: Situation = {
  policy: defaultPolicy,
  pull: detailsOf(),
  state: idlePull(pull),
  checks: { pending: 0, failed: ["test"], passed: 3 },
  sha: sha("a"),
  botLogin,
};
const auto = (changes: Partial<Situation["policy"]["auto"]>) => ({
  policy: { ...defaultPolicy, auto: { ...defaultPolicy.auto, ...changes } },
});
const of = (changes: Parameters<typeof detailsOf>[0]) => ({ pull: detailsOf(changes) });
const remembered = (changes: Partial<PullState>) => ({ state: { ...idlePull(pull), ...changes } });
const branch = (ref: string) => of({ head: { sha: sha("a"), ref, owner: "acme", repo: "shop" } });
const by = (login: string, type: string) => of({ author: { login, type } });
const heads = (...started: string[]) => remembered({ automatic: { heads: started, paused: null } });
const proposal = {
  runId: "r",
  headSha: sha("a"),
  baseSha: sha("b"),
  tree: sha("e"),
  errand: "fix-tests" as const,
};

/** Reasons that hold for checks and for conflicts. */
const pullReasons: [string, Partial<Situation>][] = [
  ["a fork", of({ fromFork: true })],
  ["a closed pull request", of({ state: "closed" })],
  ["a merged one", of({ state: "merged" })],
  ["a head that is gone", of({ head: null })],
  ["a branch that is gone", of({ headDeleted: true })],
  ["a draft", of({ draft: true })],
  ["the label that keeps us out", of({ labels: ["bug", "Agent: Ignore"] })],
  ["a label of the repository's choice", { ...auto({ ignoreLabels: ["WIP"] }), ...of({ labels: ["wip"] }) }],
  ["Renovate's branch", branch("renovate/lodash-4.x")],
  [
    "a branch of the repository's choice",
    { ...auto({ ignoreBranches: ["release/*"] }), ...branch("release/2") },
  ],
  ["the default branch", branch("main")],
  ["Dependabot", by("dependabot[bot]", "Bot")],
  ["Renovate as a user", by("Renovate-Bot", "User")],
  ["any other bot", by("copybara[bot]", "Bot")],
  ["somebody who said stop", remembered({ phase: "paused" })],
  ["a run under way", remembered({ phase: "running" })],
  ["a proposal for this very head", remembered({ phase: "proposed", proposal })],
];
const checkReasons: [string, Partial<Situation>][] = [
  ...pullReasons,
  ["auto.checks: off", auto({ checks: "off" })],
  ["checks that have not ended", { checks: { pending: 1, failed: ["test"], passed: 0 } }],
  ["checks that all passed", { checks: { pending: 0, failed: [], passed: 9 } }],
  ["a commit that is no head any more", { sha: sha("c") }],
  ["a head that was looked at before", heads(sha("a"))],
];

describe("mayStart", () => {
  it("starts on a failing head of the repository's own branch", () => {
    expect(mayStart(good)).toEqual({ start: true });
  });

  it.each(checkReasons)("not on %s, and without a word", (_, changes) => {
    expect(mayStart({ ...good, ...changes })).toEqual({ start: false, why: null });
  });

  it("no more than twice until somebody asks, and says so; a push by a person says why, too", () => {
    expect(mayStart({ ...good, ...heads(sha("1")) })).toEqual({ start: true });
    expect(mayStart({ ...good, ...heads(sha("1"), sha("2")) })).toEqual({
      start: false,
      why: expect.stringContaining("there were 2 automatic runs since somebody last asked"),
    });
    const paused = remembered({ automatic: { heads: [], paused: "Ann pushed." } });
    expect(mayStart({ ...good, ...paused })).toEqual({ start: false, why: "Ann pushed." });
  });

  it.each<[string, Partial<Situation>]>([
    ["drafts where the policy wants them", { ...auto({ drafts: true }), ...of({ draft: true }) }],
    ["our own pull request", by("Errand[bot]", "Bot")],
    ["a proposal for an older head", remembered({ proposal: { ...proposal, headSha: sha("9") } })],
    ["our commit, of which the checks have failed", remembered({ phase: "waiting_ci" })],
    [
      "renovate/ where the policy leaves nothing out",
      { ...auto({ ignoreBranches: [] }), ...branch("renovate/x") },
    ],
    ["auto.checks: push", auto({ checks: "push" })],
  ])("starts on %s", (_, changes) => {
    expect(mayStart({ ...good, ...changes })).toEqual({ start: true });
  });

  it("never starts where any of these holds, whatever else does", () => {
    const reason = fc.constantFrom(...checkReasons.map(([, changes]) => changes));
    fc.assert(
      fc.property(fc.array(reason), reason, (more, last) => {
        const situation = more.reduce<Situation>((sum, changes) => ({ ...sum, ...changes }), good);
        // The policy is the reason's own: labels and branches are named there.
        const { policy = good.policy } = last;
        expect(mayStart({ ...situation, ...last, policy }).start).toBe(false);
      }),
    );
  });
});

describe("mayResolve", () => {
  const wanted = { ...good, ...auto({ conflicts: "propose" }) };

  it("is off unless the repository has turned it on", () => {
    expect([mayResolve(good).start, mayResolve(wanted).start]).toEqual([false, true]);
    expect(mayResolve({ ...wanted, ...auto({ conflicts: "propose", checks: "off" }) }).start).toBe(true);
  });

  it.each(pullReasons)("not on %s", (_, changes) => {
    const both = { ...wanted, ...changes };
    const policy = { ...both.policy, auto: { ...both.policy.auto, conflicts: "push" as const } };
    expect(mayResolve({ ...both, policy })).toEqual({ start: false, why: null });
  });

  it("again on the same head with another base, no more than twice", () => {
    expect(mayResolve({ ...wanted, ...heads(sha("a")) }).start).toBe(true);
    expect(mayResolve({ ...wanted, ...heads(sha("a"), sha("a")) }).start).toBe(false);
  });
});
