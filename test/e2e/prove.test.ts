// Merges proven by the repository's own tests, run in a real sandbox: what they accept is pushed, what they refuse is not, and without a sandbox everything goes on, unproven.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, sticky } from "./scenarios.ts";
import type { Versions } from "./scenarios.ts";

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

const manifest = JSON.stringify({ name: "shop", version: "1.0.0", type: "module", scripts: { test: "node --test" } });

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
});
