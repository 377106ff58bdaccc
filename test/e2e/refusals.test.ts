// What Errand does not do, and how it says so: a sentence, a reaction, nothing pushed, and the pull request usable afterwards.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, pushAll, reactions, settled, settledKeys, sticky } from "./scenarios.ts";
import type { Scenario, Versions } from "./scenarios.ts";

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

interface Seen {
  readonly comment: string;
  readonly reactions: readonly string[];
}

async function fix({ pull }: Pick<Scenario, "pull">): Promise<Seen> {
  const id = await world.ask(pull, "ann", "/agent fix-conflicts");
  return { comment: sticky(world, pull), reactions: reactions(world, pull, id) };
}

const refused = ["eyes", "confused"];
const fine = ["eyes", "rocket"];

describe("a pull request that cannot be worked on", () => {
  it("is closed: says to reopen it, and works once it is open again", async () => {
    const { app, pull, head } = await openConflict(world, settled);
    await world.github.closePull(pull);
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/Not started[\s\S]*is closed\. Reopen it and comment again/);
    expect(seen.reactions).toEqual(refused);
    expect(await world.github.git(app).head("feature")).toBe(head);

    await world.github.reopenPull(pull);
    expect((await fix({ pull })).reactions).toEqual(fine);
    const text = await world.github.git(app).read("feature", "keys.json");
    expect(JSON.parse(text ?? "")).toEqual(settledKeys);
  });

  it("is merged: says that nothing is left to fix", async () => {
    const { pull, app } = await openConflict(world, {
      before: { "a.txt": "1\n", "b.txt": "1\n" },
      ours: { "a.txt": "2\n" },
      theirs: { "b.txt": "2\n" },
    });
    await world.github.closePull(pull, { merged: true });
    const seen = await fix({ pull });
    expect(seen.comment).toContain("already merged, so there is nothing left to fix");
    expect(seen.reactions).toEqual(refused);
    expect(await world.github.git(app).log("feature")).toHaveLength(2);
  });

  it("has lost its branch: says how to restore it, and works once it is back", async () => {
    const { app, pull, head } = await openConflict(world, settled);
    const git = world.github.git(app);
    await git.deleteBranch("feature");
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/branch of this pull request was deleted\. Restore it/);
    expect(seen.reactions).toEqual(refused);
    expect(await git.head("feature")).toBeNull();

    await git.branch("feature", head);
    expect((await fix({ pull })).reactions).toEqual(fine);
  });

  it("comes from a fork that is gone: says so", async () => {
    const { github } = world;
    const { app } = await openConflict(world, settled);
    const fork = await github.addFork(app, { owner: "bob" });
    const pull = await github.openPull({ ...app, head: "feature", fork });
    await github.deleteRepository(fork);
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/came from is gone, so its branch can't be read\. Open a new pull request/);
    expect(seen.reactions).toEqual(refused);
  });
});

describe("a merge with nothing to settle", () => {
  it("is clean: says that git merges it alone, and a check run says so too", async () => {
    const { app, pull, head } = await openConflict(world, {
      before: { "a.txt": "1\n", "b.txt": "1\n" },
      ours: { "a.txt": "2\n" },
      theirs: { "b.txt": "2\n" },
    });
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/Nothing to resolve[\s\S]*There is no conflict: git merges this branch/);
    expect(seen.reactions).toEqual(fine);
    expect(await world.github.git(app).head("feature")).toBe(head);
    expect(world.github.checkRuns(app)).toMatchObject([{ headSha: head, conclusion: "success" }]);
  });

  it("is up to date: says that the branch has its base", async () => {
    const { app, pull, head, base } = await openConflict(world, { ...settled, theirs: {} });
    const merged = await world.github.git(app).commit("feature", {}, "merge", { parents: [head, base] });
    const seen = await fix({ pull });
    expect(seen.comment).toContain("the branch already contains its base");
    expect(seen.reactions).toEqual(fine);
    expect(await world.github.git(app).head("feature")).toBe(merged);
  });
});

describe("a merge that is not begun", () => {
  it("has no common history: says that there is nothing to start from", async () => {
    const { github } = world;
    const { app } = await openConflict(world, settled);
    const git = github.git(app);
    const head = await git.commit("alien", { "keys.json": "{}\n" }, "alien", { parents: [] });
    const pull = await github.openPull({ ...app, head: "alien" });
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/share no history, so a three-way merge has nothing to start from\. Rebase/);
    expect(seen.reactions).toEqual(refused);
    expect(await git.head("alien")).toBe(head);
  });

  it("has more than 50 files in conflict: says how many, and what to do", async () => {
    const files = (text: string) =>
      Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}.txt`, text]));
    const { app, pull, head } = await openConflict(world, {
      before: files("1\n"),
      ours: files("2\n"),
      theirs: files("3\n"),
    });
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/51 files are in conflict, more than the 50[\s\S]*Merge in smaller steps/);
    expect(seen.reactions).toEqual(refused);
    expect(await world.github.git(app).head("feature")).toBe(head);
  });
});

describe("a fork that the app may not write to", () => {
  it.each([true, false])("gets the result as a patch (private: %s)", async (isPrivate) => {
    const { github } = world;
    const app = await github.addRepository({
      owner: isPrivate ? "closed-source" : "open-source",
      name: "forked",
      private: isPrivate,
      files: settled.before,
    });
    github.setPermission("ann", "write", app);
    const fork = await github.addFork(app, { owner: "bob" });
    const head = await github.git(fork).commit("feature", settled.ours);
    await github.git(app).commit("main", settled.theirs);
    const pull = await github.openPull({ ...app, head: "feature", fork });
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(
      /Resolved, but not pushed[\s\S]*lives in a fork that this app may not write to/,
    );
    expect(seen.comment).toContain('+  "n": 2');
    expect(seen.comment).toContain(`gh pr checkout ${pull.number}`);
    expect(seen.reactions).toEqual(refused);
    expect(await github.git(fork).head("feature")).toBe(head);
    expect(github.checkRuns(app)).toMatchObject([{ headSha: head, conclusion: "neutral" }]);
  });
});

const ci = (...steps: string[]): string =>
  ["on: push", "jobs:", "  a:", "    steps:", ...steps.map((step) => `      - run: ${step}`), ""].join("\n");
const workflow = ".github/workflows/ci.yml";

describe("workflow files", () => {
  const withWorkflow: Versions = {
    ...settled,
    before: { ...settled.before, [workflow]: ci("one") },
    theirs: { ...settled.theirs, [workflow]: ci("one", "two") },
  };

  it("stop a run before it starts where the app may not write them, and are named", async () => {
    const { app, pull, head } = await openConflict(world, withWorkflow);
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/Not started[\s\S]*The base branch changed [\s\S]*ci\.yml/);
    expect(seen.comment).toContain("Workflows: write");
    expect(seen.reactions).toEqual(refused);
    expect(await world.github.git(app).head("feature")).toBe(head);
    expect(
      world.github.requests.filter(
        ({ method, path }) => method === "POST" && path.includes(`${app.repo}/git/`),
      ),
    ).toEqual([]);
  });

  it("are pushed where it may", async () => {
    const { github } = world;
    const { app, pull, head, base } = await openConflict(world, withWorkflow, { owner: "trusting" });
    github.setInstallationPermissions("trusting", { ...github.app.permissions, workflows: "write" });
    const seen = await fix({ pull });
    expect(seen.reactions).toEqual(fine);
    const git = github.git(app);
    const [commit] = await git.log("feature");
    expect(commit?.parents).toEqual([head, base]);
    expect(await git.read("feature", workflow)).toBe(ci("one", "two"));
  });
});

describe("a protected path", () => {
  it("that git itself merges to a third version is not pushed, and is named", async () => {
    const npmrc = (...lines: string[]) => `${lines.join("\n")}\n`;
    const { app, pull, head } = await openConflict(world, {
      before: { ...settled.before, ".npmrc": npmrc("a=1", "b=1", "c=1", "d=1", "e=1") },
      ours: { ...settled.ours, ".npmrc": npmrc("a=2", "b=1", "c=1", "d=1", "e=1") },
      theirs: { ...settled.theirs, ".npmrc": npmrc("a=1", "b=1", "c=1", "d=1", "e=2") },
    });
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(
      /Nothing was pushed[\s\S]*\.npmrc is protected[\s\S]*Merge the base branch by hand/,
    );
    expect(seen.reactions).toEqual(refused);
    expect(await world.github.git(app).head("feature")).toBe(head);
  });

  it("with a conflict in it is left to a person, and the rest is delivered", async () => {
    const { app, pull, head } = await openConflict(world, {
      before: { ...settled.before, ".npmrc": "a=1\n" },
      ours: { ...settled.ours, ".npmrc": "a=1\nb=1\n" },
      theirs: { ...settled.theirs, ".npmrc": "a=1\nc=1\n" },
    });
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/`\.npmrc` \| whole file .*\*\*open\*\*.*This path is protected/);
    expect(seen.comment).toContain('+  "n": 2');
    expect(await world.github.git(app).head("feature")).toBe(head);
  });
});

describe("a protected branch", () => {
  it("is named with GitHub's reason, and the result comes as a patch", async () => {
    const { app, pull, head } = await openConflict(world, settled);
    world.github.protect(app, "feature");
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(
      /Resolved, but not pushed[\s\S]*GitHub refused the push[\s\S]*feature is protected/,
    );
    expect(seen.comment).toContain('+  "n": 2');
    expect(seen.reactions).toEqual(refused);
    expect(await world.github.git(app).head("feature")).toBe(head);
  });
});

describe("a repository's own settings", () => {
  it("leave a path to people where conflicts.ignore names it", async () => {
    const before = {
      ...settled.before,
      ".github/agent.yml": "push: {bar: 0}\nconflicts: {ignore: ['*.json']}\n",
    };
    const { pull } = await openConflict(world, { ...settled, before });
    expect((await fix({ pull })).comment).toMatch(/leave this path to people/);
  });

  it("only propose where push.mode is never, and apply is a person's own word", async () => {
    const before = { ...settled.before, ...pushAll, ".github/agent.yml": "push: {mode: never, bar: 0}\n" };
    const { app, pull, head } = await openConflict(world, { ...settled, before });
    const seen = await fix({ pull });
    expect(seen.comment).toMatch(/not pushed because this repository's push mode is .*never/);
    expect(await world.github.git(app).head("feature")).toBe(head);
    await world.ask(pull, "ann", "/agent apply");
    expect(await world.github.git(app).head("feature")).not.toBe(head);
  });
});
