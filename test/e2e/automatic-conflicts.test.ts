// A base branch that moves under open pull requests: off unless asked for, a proposal where there is a conflict, a push of what is proven alone.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { PullRef } from "../../src/core/pull.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { conclusionsGiven, runsOn, startedOn } from "./red.ts";
import { openConflict, settled, sticky } from "./scenarios.ts";
import type { Scenario, Versions } from "./scenarios.ts";

/** Whole runs on a machine that is busy with other things; pull requests are looked at some seconds after the push. */
jest.setTimeout(120_000);

/** Text without the signs that keep it from being Markdown. */
const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

/** A conflict that rules settle, in a repository with these settings. */
const withSettings = (text: string): Versions => ({
  ...settled,
  before: { ...settled.before, ".github/agent.yml": `push:\n  bar: 0\n${text}` },
});
const mode = (word: string) => withSettings(`auto:\n  conflicts: ${word}\n`);

/** The push to the base branch that has brought the conflict. */
async function tellOfBase(world: World, { app, head, base }: Scenario): Promise<void> {
  const push = await world.github.events.push(app, { branch: "main", before: head, after: base }, "ann");
  await world.carryOut("push", push, "push/");
}

/** Resolves once a pull request has been looked at, and all that waits behind it is done. */
async function lookedAt(world: World, { number }: PullRef): Promise<void> {
  await world.seen(
    ({ message, item }) =>
      message === "item done" && new RegExp(`/base-moved/${number}(/again)*$`).test(String(item)),
  );
}

const ended = (world: World, { owner, repo, number }: PullRef) =>
  world.seen(({ message, pull }) => message === "run ended" && pull === `${owner}/${repo}#${number}`);

describe("a push to the base branch", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterEach(() => {
    expect(world.github.violations).toEqual([]);
    expect(conclusionsGiven(world)).not.toContain("failure");
  });
  afterAll(() => world.close());

  it("starts nothing unless the repository has chosen it", async () => {
    const scenario = await openConflict(world, settled);
    await tellOfBase(world, scenario);
    const items = world.lines.flatMap(({ item }) => (typeof item === "string" ? [item] : []));
    expect(items.filter((item) => item.includes("/base-moved/"))).toEqual([]);
    expect(world.github.comments(scenario.pull)).toEqual([]);
  });

  it("gets each conflicting pull request a proposal, and leaves the others alone", async () => {
    const { github } = world;
    const scenario = await openConflict(world, mode("propose"));
    const git = github.git(scenario.app);
    await git.branch("clean", scenario.base);
    await git.commit("clean", { "other.txt": "1\n" });
    const clean = await github.openPull({ ...scenario.app, head: "clean" });
    await git.branch("second", scenario.head);
    await git.commit("second", { "second.txt": "1\n" });
    const second = await github.openPull({ ...scenario.app, head: "second" });
    await tellOfBase(world, scenario);
    await Promise.all([ended(world, scenario.pull), ended(world, second), lookedAt(world, clean)]);

    expect(runsOn(world, scenario.pull)).toEqual(["fix-conflicts: proposed"]);
    expect(runsOn(world, second)).toEqual(["fix-conflicts: proposed"]);
    expect(sticky(world, scenario.pull)).toMatch(/nobody asked for it.*auto\.conflicts: propose/);
    expect(await git.head("feature")).toBe(scenario.head);
    expect([startedOn(world, clean), github.comments(clean)]).toEqual([0, []]);

    await world.ask(scenario.pull, "ann", "/agent apply");
    expect((await git.log("feature"))[0]?.parents).toEqual([scenario.head, scenario.base]);
  });

  it("is looked at again where GitHub has not found out yet, and told twice starts one run", async () => {
    const scenario = await openConflict(world, mode("propose"));
    world.github.pull(scenario.pull).mergeableUnknown = 2;
    await tellOfBase(world, scenario);
    await ended(world, scenario.pull);
    const { app, head, base } = scenario;
    const push = await world.github.events.push(app, { branch: "main", before: head, after: base }, "ann");
    await world.deliver("push", push);
    await world.ask(scenario.pull, "ann", "/agent status");
    expect(world.github.pull(scenario.pull).mergeableUnknown).toBe(0);
    expect(world.lines.some(({ item }) => String(item).endsWith("/again"))).toBe(true);
    expect(runsOn(world, scenario.pull)).toEqual(["fix-conflicts: proposed"]);
  });

  it("pushes nothing that is not proven, and says so", async () => {
    const scenario = await openConflict(world, mode("push"));
    await tellOfBase(world, scenario);
    await ended(world, scenario.pull);
    expect(await world.github.git(scenario.app).head("feature")).toBe(scenario.head);
    expect(plain(sticky(world, scenario.pull))).toContain(
      "nobody asked for it, so only what is proven is pushed, and 1 conflict of 1 is not proven",
    );
  });

  it("leaves a pull request alone whose label says so", async () => {
    const scenario = await openConflict(world, mode("push"));
    world.github.pull(scenario.pull).labels.push("agent: ignore");
    await tellOfBase(world, scenario);
    await world.seen(
      ({ message, item, mailbox }) =>
        message === "item done" &&
        String(item).includes("/base-moved/") &&
        String(mailbox).startsWith(`${scenario.app.owner}/`),
    );
    expect(startedOn(world, scenario.pull)).toBe(0);
    expect(world.github.comments(scenario.pull)).toEqual([]);
  });
});

const total = (sum: string) => `export const total = (item) => ${sum};\n`;
const testOf = (name: string, item: object, expected: number) =>
  [
    `import assert from "node:assert/strict";`,
    `import { test } from "node:test";`,
    `import { total } from "./total.js";`,
    `test(${JSON.stringify(name)}, () => assert.equal(total(${JSON.stringify(item)}), ${expected}));`,
    "",
  ].join("\n");

/** Both sides rewrote one line, each with a test of its own. */
const tested: Versions = {
  before: {
    ".github/agent.yml": "auto:\n  conflicts: push\n",
    "package.json": JSON.stringify({ name: "shop", type: "module", scripts: { test: "node --test" } }),
    "total.js": total("item.price"),
  },
  ours: {
    "total.js": total("item.price * item.quantity"),
    "quantity.test.js": testOf("counts the quantity", { price: 3, quantity: 2, tax: 0 }, 6),
  },
  theirs: {
    "total.js": total("item.price + item.tax"),
    "tax.test.js": testOf("adds the tax", { price: 3, quantity: 1, tax: 1 }, 4),
  },
};

describeSandboxed("a push to the base branch of a repository with tests", () => {
  let world: World;
  let directory: string;
  beforeAll(async () => {
    directory = await sandboxFolder();
    world = await startWorld({ variables: { ERRAND_SANDBOX: "bwrap", ERRAND_SANDBOX_DIR: directory } });
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("pushes the merge that they prove, where the repository has chosen it", async () => {
    const scenario = await openConflict(world, tested);
    await tellOfBase(world, scenario);
    await ended(world, scenario.pull);
    expect(runsOn(world, scenario.pull)).toEqual(["fix-conflicts: pushed"]);
    const [commit] = await world.github.git(scenario.app).log("feature");
    expect(commit?.parents).toEqual([scenario.head, scenario.base]);
    expect(plain(sticky(world, scenario.pull))).toContain("proved by 2 tests");
    expect(world.github.violations).toEqual([]);
  });
});
