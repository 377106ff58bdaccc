// An organisation installs the app once: every repository works without a file, and one file can speak for all of them.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { FileSpec } from "../support/fake-github.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, settled, settledKeys, sticky } from "./scenarios.ts";
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

const bare = { ...settled, before: { "keys.json": settled.before["keys.json"] ?? "" } };
const withFile = (text: string): typeof settled => ({
  ...settled,
  before: { ...bare.before, ".github/agent.yml": text },
});

const organisationFile = (owner: string, files: Record<string, FileSpec>) =>
  world.github.addRepository({ owner, name: ".github", files });

async function run(scenario: Scenario): Promise<string> {
  await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
  return sticky(world, scenario.pull);
}

async function expectPushed({ app, head, base }: Scenario, subject?: string): Promise<void> {
  const git = world.github.git(app);
  const [commit] = await git.log("feature");
  expect(commit?.parents).toEqual([head, base]);
  expect(JSON.parse((await git.read("feature", "keys.json")) ?? "")).toEqual(settledKeys);
  if (subject !== undefined) expect(commit?.message.split("\n")[0]).toBe(subject);
}

describe("one organisation, two repositories, no file in either", () => {
  it("does both at once, each in its own comment, check run and commit", async () => {
    const one = await openConflict(world, bare, { owner: "northwind" });
    const two = await openConflict(world, bare, { owner: "northwind" });
    expect(one.pull.installationId).toBe(two.pull.installationId);
    await Promise.all([one, two].map(({ pull }) => world.ask(pull, "ann", "/agent fix-conflicts")));
    await Promise.all([one, two].map(({ pull }) => world.ask(pull, "ann", "/agent apply")));
    for (const scenario of [one, two]) {
      await expectPushed(scenario);
      expect(sticky(world, scenario.pull)).toContain("**");
      const [, applied] = world.github.checkRuns(scenario.app);
      const last = applied ?? world.github.checkRuns(scenario.app)[0];
      expect(last).toMatchObject({ conclusion: "success" });
    }
  });
});

describe("settings", () => {
  it("of the organisation's .github repository hold where a repository has none", async () => {
    const text = "push: {bar: 0}\ncommit: {prefix: 'chore: ', signOff: true}\n";
    await organisationFile("contoso", { ".github/agent.yml": text });
    const scenario = await openConflict(world, bare, { owner: "contoso" });
    await run(scenario);
    await expectPushed(scenario, "chore: Merge branch 'main' into feature");
    const [commit] = await world.github.git(scenario.app).log("feature");
    expect(commit?.message).toMatch(/^Signed-off-by: errand-test\[bot\] </m);
  });

  it("of a repository build on what _extends names, and override it", async () => {
    const shared = "push: {bar: 0}\ncommit: {prefix: 'shared: '}\n";
    await organisationFile("fabrikam", { "teams/web.yml": shared });
    const text = "_extends: .github:teams/web.yml\ncommit: {prefix: 'own: '}\n";
    const scenario = await openConflict(world, withFile(text), { owner: "fabrikam" });
    await run(scenario);
    await expectPushed(scenario, "own: Merge branch 'main' into feature");
  });

  it("of the pull request's own branch are never read", async () => {
    const scenario = await openConflict(world, {
      ...withFile("push: {bar: 1}\n"),
      ours: { ...settled.ours, ".github/agent.yml": "push: {bar: 0}\n" },
    });
    expect(await run(scenario)).toContain("waiting for your word");
    expect(await world.github.git(scenario.app).head("feature")).toBe(scenario.head);
  });
});

describe("a broken settings file", () => {
  it("gives defaults for the bad key, what is good in it holds, and one annotation names the key and line", async () => {
    const scenario = await openConflict(world, withFile("push:\n  bar: 0\n  mood: asked\n"));
    const comment = await run(scenario);
    await expectPushed(scenario);
    expect(comment).toMatch(
      /Configuration that was not used[\s\S]*agent\.yml`, line 3, `push\.mood`.*"mode"/,
    );
    const [check] = world.github.checkRuns(scenario.app);
    expect(check?.annotations).toMatchObject([
      { path: ".github/agent.yml", start_line: 3, title: "push.mood is not used" },
    ]);
  });

  it("that is no YAML at all counts as empty, and is told with its line", async () => {
    const scenario = await openConflict(world, withFile("push: {bar: 0\nnonsense: ][\n"));
    const comment = await run(scenario);
    expect(comment).toMatch(/Configuration that was not used[\s\S]*agent\.yml.*is not valid YAML/);
    expect(world.github.checkRuns(scenario.app)[0]?.annotations).toMatchObject([
      { path: ".github/agent.yml", title: "This file is not used" },
    ]);
  });
});
