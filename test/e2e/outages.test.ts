// A GitHub that fails, refuses or changes under a run: one commit, one comment, one check run in the end, or a sentence that says why not.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, proposed, reactions, settled, settledKeys, sticky } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** Whole runs on a machine that is busy with other things: the default is for one idle. */
jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
});
afterAll(() => world.close());

const fix = (pull: Scenario["pull"]) => world.ask(pull, "ann", "/agent fix-conflicts");

/** Exactly one commit, one comment and one check run, all telling the same. */
async function expectDoneOnce({ app, pull, head, base }: Scenario): Promise<void> {
  const git = world.github.git(app);
  const [commit] = await git.log("feature");
  expect(commit?.parents).toEqual([head, base]);
  expect(JSON.parse((await git.read("feature", "keys.json")) ?? "")).toEqual(settledKeys);
  expect(sticky(world, pull)).toContain(`Commit ${String(commit?.sha)}`);
  expect(world.github.checkRuns(app)).toMatchObject([{ headSha: commit?.sha, conclusion: "success" }]);
}

async function expectNothingPushed({ app, head }: Scenario): Promise<void> {
  expect(await world.github.git(app).head("feature")).toBe(head);
}

const calls: [string, string][] = [
  ["POST", "*/issues/*/comments"],
  ["POST", "*/check-runs"],
  ["POST", "*/git/blobs"],
  ["POST", "*/git/trees"],
  ["POST", "*/git/commits"],
  ["PATCH", "*/git/refs/*"],
  ["GET", "*/collaborators/*/permission"],
  ["POST", "/app/installations/*/access_tokens"],
  ["GET", "*/pulls/*"],
  ["POST", "*/git-upload-pack"],
];

describe("a fault that passes", () => {
  it.each([
    ["502 before anything was done", { status: 502 }],
    ["502 after it was done", { status: 502, afterEffect: true }],
    ["a connection that breaks", { kind: "reset" as const }],
  ])("%s, once at every call, costs nothing but time", async (_name, fault) => {
    const scenario = await openConflict(world, settled);
    const faults = calls.map(([method, path]) => world.github.fault({ method, path, ...fault }));
    const comment = await fix(scenario.pull);
    await expectDoneOnce(scenario);
    expect(reactions(world, scenario.pull, comment)).toEqual(["eyes", "rocket"]);
    expect(faults.map((one) => one.hits())).toEqual(calls.map(() => 1));
  });

  it("429 with a time to wait is waited for", async () => {
    const scenario = await openConflict(world, settled);
    const fault = world.github.fault({ method: "POST", path: "*/git/trees", status: 429, retryAfter: 1 });
    await fix(scenario.pull);
    await expectDoneOnce(scenario);
    expect(fault.hits()).toBe(1);
  });

  it("that outlasts every attempt to tell people of a push does not make the push untold, or told as failed", async () => {
    const scenario = await openConflict(world, settled);
    const fault = world.github.fault({ method: "POST", path: "*/check-runs", status: 502, times: 99 });
    const comment = await fix(scenario.pull);
    fault.cancel();
    const [commit] = await world.github.git(scenario.app).log("feature");
    expect(commit?.parents).toEqual([scenario.head, scenario.base]);
    expect(sticky(world, scenario.pull)).toContain("Conflicts resolved and pushed");
    expect(sticky(world, scenario.pull)).toContain("The check run could not be written");
    expect(reactions(world, scenario.pull, comment)).toContain("rocket");
  });
});

describe("a fault that stays", () => {
  const failures: [string, object, RegExp][] = [
    [
      "trees that are refused (403)",
      { path: "*/git/trees", status: 403 },
      /GitHub refused the push: GitHub refused \(403\)[\s\S]*Contents: write/,
    ],
    [
      "trees that are not found (404)",
      { path: "*/git/trees", status: 404 },
      /This run failed[\s\S]*Nothing was pushed[\s\S]*finds nothing \(404\) while making the tree[\s\S]*Check that/,
    ],
    [
      "trees that are invalid (422)",
      { path: "*/git/trees", status: 422 },
      /This run failed[\s\S]*Nothing was pushed[\s\S]*answered 422 while making the tree[\s\S]*Mend what GitHub names/,
    ],
    [
      "trees that never come (502)",
      { path: "*/git/trees", status: 502, times: 99 },
      /This run failed[\s\S]*Nothing was pushed[\s\S]*answered 502 while making the tree/,
    ],
    [
      "a branch that cannot be moved (422)",
      { method: "PATCH", path: "*/git/refs/*", status: 422 },
      /answered 422 while moving the pull request's branch/,
    ],
    [
      "a pull request that is hidden (404)",
      { path: "*/pulls/*", status: 404 },
      /shows no such pull request[\s\S]*Check that the app is installed/,
    ],
    [
      "a permission that is not found (404)",
      { path: "*/permission", status: 404, times: 9 },
      /Declined.*needs write access/,
    ],
    [
      "a permission that may not be read (403)",
      { path: "*/permission", status: 403, times: 9 },
      /Declined.*refused \(403\) while asking what ann may do[\s\S]*Metadata: read/,
    ],
  ];

  it.each(failures)("%s: one comment says what, why and what to do", async (_name, fault, words) => {
    const scenario = await openConflict(world, settled);
    const active = world.github.fault({ times: 1, ...fault } as Parameters<World["github"]["fault"]>[0]);
    const comment = await fix(scenario.pull);
    expect(active.hits()).toBeGreaterThan(0);
    active.cancel();
    expect(sticky(world, scenario.pull)).toMatch(words);
    expect(reactions(world, scenario.pull, comment)).toContain("confused");
    await expectNothingPushed(scenario);
  });

  it("comments that are refused: the work is done, and the check run tells of it", async () => {
    const scenario = await openConflict(world, settled);
    const fault = world.github.fault({ method: "POST", path: "*/issues/*/comments", status: 403, times: 99 });
    const comment = await fix(scenario.pull);
    fault.cancel();
    const [commit] = await world.github.git(scenario.app).log("feature");
    expect(commit?.parents).toEqual([scenario.head, scenario.base]);
    const [check] = world.github.checkRuns(scenario.app);
    expect(check).toMatchObject({ headSha: commit?.sha, conclusion: "success" });
    expect(check?.summary).toContain("Settled 1 conflict and pushed one merge commit");
    expect(reactions(world, scenario.pull, comment)).toEqual(["eyes", "rocket"]);
  });

  it.each([403, 422])(
    "check runs that are refused (%d): the push stands, and the comment names the obstacle",
    async (status) => {
      const scenario = await openConflict(world, settled);
      const fault = world.github.fault({ method: "POST", path: "*/check-runs", status, times: 99 });
      const comment = await fix(scenario.pull);
      fault.cancel();
      const git = world.github.git(scenario.app);
      expect((await git.log("feature"))[0]?.parents).toEqual([scenario.head, scenario.base]);
      const text = sticky(world, scenario.pull);
      expect(text).toMatch(
        new RegExp(`Conflicts resolved and pushed[\\s\\S]*check run could not be written[\\s\\S]*${status}`),
      );
      expect(text).not.toContain("failed");
      expect(reactions(world, scenario.pull, comment)).toEqual(["eyes", "rocket"]);
    },
  );

  it("reactions that are refused change nothing else", async () => {
    const scenario = await openConflict(world, settled);
    const fault = world.github.fault({ method: "POST", path: "*/reactions", status: 403, times: 99 });
    await fix(scenario.pull);
    fault.cancel();
    await expectDoneOnce(scenario);
  });

  it("news that cannot be looked into holds up no later command", async () => {
    const { github } = world;
    const scenario = await openConflict(world, proposed);
    await fix(scenario.pull);
    const fault = github.fault({ method: "GET", path: "*/pulls/*", status: 403, times: 99 });
    await world.carryOut("pull_request", github.events.pull(scenario.pull, "synchronize"), "pull/");
    fault.cancel();
    expect(fault.hits()).toBe(1);
    await world.ask(scenario.pull, "ann", "/agent apply");
    const [commit] = await github.git(scenario.app).log("feature");
    expect(commit?.parents).toEqual([scenario.head, scenario.base]);
  });

  it("an installation without a token holds up no later command", async () => {
    const scenario = await openConflict(world, settled);
    const owner = scenario.app.owner;
    world.github.suspend(owner);
    await fix(scenario.pull);
    world.github.suspend(owner, false);
    await fix(scenario.pull);
    await expectDoneOnce(scenario);
  });
});

describe("a comment that is no longer what was written", () => {
  it.each([
    [
      "edited",
      (id: number) => {
        world.github.editComment(id, "/agent fix-conflicts please");
      },
    ],
    [
      "deleted",
      (id: number) => {
        world.github.deleteComment(id);
      },
    ],
  ])("%s before it was read starts nothing", async (_name, change) => {
    const scenario = await openConflict(world, settled);
    const { id, payload } = world.github.comment(scenario.pull, "ann", "/agent fix-conflicts");
    change(id);
    await world.carryOut("issue_comment", payload, "comment/");
    expect(sticky(world, scenario.pull)).toMatch(/edited or deleted before it was read[\s\S]*write it again/);
    await expectNothingPushed(scenario);
    expect(world.github.checkRuns(scenario.app)).toEqual([]);
  });
});

describe("a head that moves under a run", () => {
  it.each([
    ["while the comment is written", "POST", /\/issues\/\d+\/comments$/],
    ["while git fetches", "POST", /git-upload-pack$/],
    ["while the tree is made", "POST", /\/git\/trees$/],
    ["at the very last moment", "PATCH", /\/git\/refs\//],
  ])("%s: nothing is pushed onto it", async (_name, method, path) => {
    const scenario = await openConflict(world, settled);
    const git = world.github.git(scenario.app);
    let theirs: string | null = null;
    const forget = world.github.onRequest(async (request) => {
      if (theirs !== null || request.method !== method || !path.test(request.path)) return;
      theirs = "";
      theirs = await git.commit("feature", { "late.txt": "somebody else's\n" });
    });
    const comment = await fix(scenario.pull);
    forget();
    expect(await git.head("feature")).toBe(theirs);
    expect(sticky(world, scenario.pull)).toMatch(
      /branch moved, nothing was pushed[\s\S]*Comment the command again/,
    );
    expect(reactions(world, scenario.pull, comment)).toEqual(["eyes", "confused"]);
  });
});
