import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { PullRef } from "../../src/core/pull.ts";
import type { FileSpec, RepositoryAddress } from "../support/fake-github.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";

const before = { "keys.json": '{\n  "a": 1,\n  "d": 4\n}\n', "code.js": "export const price = 1;\n" };

let world: World;
let count = 0;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
});
afterAll(() => world.close());

/** A pull request whose branch and base changed the same files. */
async function conflict(files: {
  before: Readonly<Record<string, FileSpec>>;
  ours: Readonly<Record<string, FileSpec>>;
  theirs: Readonly<Record<string, FileSpec>>;
}): Promise<{ app: RepositoryAddress; pull: PullRef; head: string; base: string }> {
  const { github } = world;
  const app = await github.addRepository({ owner: "acme", name: `repo-${count++}`, files: files.before });
  github.setPermission("ann", "write", app);
  const git = github.git(app);
  const head = await git.commit("feature", files.ours);
  const base = await git.commit("main", files.theirs);
  return { app, pull: await github.openPull({ ...app, head: "feature" }), head, base };
}

const rule = {
  before,
  ours: { "keys.json": '{\n  "a": 1,\n  "b": 2,\n  "d": 4\n}\n' },
  theirs: { "keys.json": '{\n  "a": 1,\n  "c": 3,\n  "d": 4\n}\n' },
};

describe("/agent fix-conflicts", () => {
  it("shows the open hunk and pushes nothing when no rule settles it", async () => {
    const { app, pull, head } = await conflict({
      before,
      ours: { ...rule.ours, "code.js": "export const price = two();\n" },
      theirs: { ...rule.theirs, "code.js": "export const price = three();\n" },
    });
    await world.ask(pull, "ann", "/agent fix-conflicts");

    expect(await world.github.git(app).head("feature")).toBe(head);
    const [, comment] = world.github.comments(pull);
    expect(comment?.body).toContain("two()");
    expect(comment?.body).toContain("three()");
    expect(world.github.comments(pull)).toHaveLength(2);
    expect(world.github.checkRuns(app)).toMatchObject([
      { name: "agent / conflicts", headSha: head, conclusion: "neutral" },
    ]);
  });

  it("makes one two-parent merge commit on an asker's word", async () => {
    const { app, pull, head, base } = await conflict(rule);
    await world.ask(pull, "ann", "/agent fix-conflicts");
    await world.ask(pull, "ann", "/agent apply");

    const git = world.github.git(app);
    const [commit] = await git.log("feature");
    expect(commit?.parents).toEqual([head, base]);
    expect(JSON.parse((await git.read("feature", "keys.json")) ?? "")).toEqual({ a: 1, b: 2, c: 3, d: 4 });
    expect(commit?.message).toMatch(/^Agent-Run: [0-9a-f]{16}$/m);
    expect(commit?.message).toContain("Co-authored-by: ann <ann@users.noreply.github.com>");
  });
});
