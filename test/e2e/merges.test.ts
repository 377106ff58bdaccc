// Whole merges, from a comment to a commit, held to the byte against the merge that people would make.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { mergeCases } from "./merge-cases.ts";
import { openConflict, pushAll, sticky } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** Whole runs on a machine that is busy with other things: the default is for one idle. */
jest.setTimeout(120_000);

let world: World;
const scenarios = new Map<string, Scenario>();

/** All at once, as an organisation would: the worker takes several pull requests at a time. */
beforeAll(async () => {
  world = await startWorld();
  for (const { name, before, ours, theirs } of mergeCases) {
    scenarios.set(name, await openConflict(world, { before: { ...pushAll, ...before }, ours, theirs }));
  }
  await Promise.all(
    [...scenarios.values()].map(({ pull }) => world.ask(pull, "ann", "/agent fix-conflicts")),
  );
}, 120_000);
afterAll(() => world.close());

function scenarioOf(name: string): Scenario {
  const found = scenarios.get(name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
}

const CommitRequest = z.strictObject({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()),
});

describe.each(mergeCases)("$name", ({ name, merged }) => {
  it("gives the merge that people would make, to the byte, and touches nothing else", async () => {
    const { app, pull } = scenarioOf(name);
    const git = world.github.git(app);
    const result = Object.fromEntries(
      await Promise.all(
        Object.keys(merged).map(async (path) => [path, await git.read("feature", path)] as const),
      ),
    );
    expect(sticky(world, pull)).toContain("Conflicts resolved and pushed");
    expect(result).toEqual(merged);
    const changed = (await git.run("diff", "--name-only", "--no-renames", "feature^1", "feature")).split(
      "\n",
    );
    expect(changed.filter((path) => path !== "" && !(path in merged))).toEqual([]);
  });

  it("is one commit of two parents, made of the verified tree, that names run and asker", async () => {
    const { app, head, base, pull } = scenarioOf(name);
    const git = world.github.git(app);
    const [commit] = await git.log("feature");
    expect(commit?.parents).toEqual([head, base]);
    expect(commit?.message.split("\n")[0]).toBe("Merge branch 'main' into feature");
    const trailers = (await git.run("log", "-1", "--format=%(trailers:only,unfold)", "feature"))
      .trim()
      .split("\n");
    expect(trailers).toEqual([
      expect.stringMatching(/^Agent-Run: [0-9a-f]{16}$/),
      "Co-authored-by: ann <ann@users.noreply.github.com>",
    ]);

    const ended = world.lines.find(
      (line) => line.message === "run ended" && line["commitSha"] === commit?.sha,
    );
    expect(ended?.["tree"]).toBe(await git.run("rev-parse", "feature^{tree}"));
    expect(ended?.["runId"]).toBe(trailers[0]?.split(" ")[1]);
    expect(sticky(world, pull)).toContain("signed by GitHub");
  });
});

describe("the calls behind them", () => {
  it("send no author and no committer, so that GitHub signs, and never force", () => {
    const { requests, violations } = world.github;
    const commits = requests.filter(({ method, path }) => method === "POST" && path.endsWith("/git/commits"));
    expect(commits).toHaveLength(mergeCases.length);
    for (const { body } of commits) CommitRequest.parse(body);
    const moves = requests
      .filter(({ method }) => method === "PATCH")
      .filter(({ path }) => path.includes("/git/refs/"));
    expect(moves).toHaveLength(mergeCases.length);
    for (const { body } of moves) expect(body).toMatchObject({ force: false });
    expect(requests.filter(({ path }) => path.endsWith("git-receive-pack"))).toEqual([]);
    expect(violations).toEqual([]);
  });
});
