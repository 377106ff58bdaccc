// Merges proven by the repository's own tests, run in a real sandbox: what they accept is pushed, what they refuse is not, and without a sandbox everything goes on, unproven.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, sticky } from "./scenarios.ts";
import type { Versions } from "./scenarios.ts";

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

const manifest = JSON.stringify({
  name: "shop",
  version: "1.0.0",
  type: "module",
  scripts: { test: "node --test" },
});

const total = (sum: string) => `export const total = (item) => ${sum};\n`;

/** A test of one total, as a side adds it. */
const testOf = (name: string, item: object, expected: number) =>
  [
    `import assert from "node:assert/strict";`,
    `import { test } from "node:test";`,
    `import { total } from "./total.js";`,
    `test(${JSON.stringify(name)}, () => assert.equal(total(${JSON.stringify(item)}), ${expected}));`,
    "",
  ].join("\n");

/**
 * Both sides rewrote one line, each with a test of its own. The likeliest candidate takes the base branch's line and breaks the head's test; the next keeps
 * both changes.
 */
const tested: Versions = {
  before: { "package.json": manifest, "total.js": total("item.price") },
  ours: {
    "total.js": total("item.price * item.quantity"),
    "quantity.test.js": testOf("counts the quantity", { price: 3, quantity: 2, tax: 0 }, 6),
  },
  theirs: {
    "total.js": total("item.price + item.tax"),
    "tax.test.js": testOf("adds the tax", { price: 3, quantity: 1, tax: 1 }, 4),
  },
};

describeSandboxed("a merge with tests", () => {
  let world: World;
  let directory: string;
  beforeAll(async () => {
    directory = await sandboxFolder();
    world = await startWorld({ variables: { ERRAND_SANDBOX: "bwrap", ERRAND_SANDBOX_DIR: directory } });
  }, 120_000);
  afterEach(() => {
    expect(world.github.violations).toEqual([]);
  });
  afterAll(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Steps of checks, of installs and of trials, in all runs so far. */
  const checkSteps = (): number =>
    world.lines.filter(({ step }) => step === "checks" || step === "prove" || step === "install").length;

  it("settles a hunk with the candidate that breaks no test, and pushes it as proven", async () => {
    const { app, pull, head, base } = await openConflict(world, tested);
    await world.ask(pull, "ann", "/agent fix-conflicts");

    const git = world.github.git(app);
    expect(await git.read("feature", "total.js")).toBe(total("item.price * item.quantity + item.tax"));
    const [commit] = await git.log("feature");
    expect(commit?.parents).toEqual([head, base]);
    const body = plain(sticky(world, pull));
    expect(body).toContain("Conflicts resolved and pushed");
    expect(body).toContain("proved by 2 tests");
    expect(body).toContain("1 likelier combination breaks what passed on both sides");
  }, 120_000);

  it("proposes what tests found where nothing may be pushed, and applies it without running anything again", async () => {
    const never = { ".github/agent.yml": "push:\n  mode: never\n" };
    const { app, pull } = await openConflict(world, { ...tested, before: { ...tested.before, ...never } });
    await world.ask(pull, "ann", "/agent fix-conflicts");
    expect(plain(sticky(world, pull))).toContain("Resolution ready, waiting for your word");
    const checked = checkSteps();
    expect(checked).toBeGreaterThan(0);
    await world.ask(pull, "ann", "/agent apply");
    expect(checkSteps()).toBe(checked);
    expect(plain(sticky(world, pull))).toContain("Conflicts resolved and pushed");
    expect(await world.github.git(app).read("feature", "total.js")).toBe(
      total("item.price * item.quantity + item.tax"),
    );
  }, 120_000);

  it("pushes only what is proven where the repository says so, and says of the rest that no test touches it", async () => {
    const proven = { ".github/agent.yml": "push:\n  mode: proven\n  bar: 0\n" };
    const keys = (line: string) => `{\n  "a": 1,\n${line}  "z": 26\n}\n`;
    const { app, pull, head } = await openConflict(world, {
      before: { ...tested.before, ...proven, "keys.json": keys("") },
      ours: { ...tested.ours, "keys.json": keys('  "m": 1,\n') },
      theirs: { ...tested.theirs, "keys.json": keys('  "n": 2,\n') },
    });
    await world.ask(pull, "ann", "/agent fix-conflicts");
    expect(await world.github.git(app).head("feature")).toBe(head);
    const body = plain(sticky(world, pull));
    expect(body).toContain("Resolution ready, waiting for your word");
    expect(body).toMatch(/1 conflict of 2 is not proven/);
    expect(body).toMatch(/keys\.json.*not proved/);
    expect(body).toMatch(/total\.js.*proved by 2 tests/);
  }, 120_000);

  it("leaves a hunk open that no test touches, and shows that the other is proven", async () => {
    const { pull } = await openConflict(world, {
      before: { ...tested.before, "other.js": "export const price = 1;\n" },
      ours: { ...tested.ours, "other.js": "export const price = two();\n" },
      theirs: { ...tested.theirs, "other.js": "export const price = three();\n" },
    });
    await world.ask(pull, "ann", "/agent fix-conflicts");
    const body = plain(sticky(world, pull));
    expect(body).toContain("Some conflicts are left for you");
    expect(body).toMatch(/other\.js.*\*\*open\*\*/);
    expect(body).toMatch(/`total\.js` \| 1 \| proven/);
  }, 120_000);
});
