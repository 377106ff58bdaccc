// Failing checks from the webhook to the pushed fix and its own green check: a real sandbox, real git, a scripted model over HTTP, a fake GitHub whose CI follows pushes.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import type { PullRef } from "../../src/core/pull.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { ScriptedServer } from "../../src/scripted/server.ts";
import { failingRepository } from "../support/failing-repositories.ts";
import type { FailingRepository, Situation } from "../support/failing-repositories.ts";
import { fixingModel } from "../support/fixing-model.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openRed, redWhile } from "./red.ts";
import { sticky } from "./scenarios.ts";

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

function situation(name: Situation): FailingRepository {
  const repository = failingRepository("node", name);
  if (repository === null) throw new Error(`There is no repository that is ${name}.`);
  return repository;
}
const failing = situation("failing");
const right = failing.answer ?? "";
const ci = redWhile((files) => files["src/receipt.js"] !== right, failing.test);

describeSandboxed("failing checks", () => {
  let world: World;
  let server: ScriptedServer;
  let directory: string;
  beforeAll(async () => {
    directory = await sandboxFolder();
    const testText = situation("stale").answer ?? "";
    server = await startScriptedServer(
      fixingModel(
        [
          { of: "Math.floor", code: "GIVE_UP: STALE one piece of three is given away on purpose" },
          { of: "export function total", code: right },
          { of: "every piece is paid for", code: testText },
          { of: "export function label", code: situation("type-error").answer ?? "" },
        ],
        ["GIVE_UP_NOTHING_OF_THE_KIND", right.replace("line.count", "line.cents")],
      ),
    );
    world = await startWorld({
      variables: {
        ERRAND_SANDBOX: "bwrap",
        ERRAND_SANDBOX_DIR: directory,
        ERRAND_SMALL_MODEL: "openai:scripted@here",
        ERRAND_ENDPOINTS: `here=${server.openaiUrl}`,
        ERRAND_PRICES: "@here=0.10/0.50",
      },
    });
    world.github.autoDeliver(world.webhookUrl);
  }, 120_000);
  afterEach(() => {
    expect(world.github.violations).toEqual([]);
    expect(server.violations()).toEqual([]);
  });
  afterAll(async () => {
    await world.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Resolves once the sticky comment says so. */
  const shown = async (pull: PullRef, words: string): Promise<void> => {
    const says = () => world.github.comments(pull).some(({ body }) => plain(body).includes(words));
    while (!says()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it("asked for: reproduces, has a model write the function, proves it, pushes it, and ends with what CI says", async () => {
    const { app, pull, head } = await openRed(world, failing, { ci });
    await world.ask(pull, "ann", "/agent fix-tests");
    await shown(pull, "CI on our commit");

    const git = world.github.git(app);
    expect(await git.read("feature", "src/receipt.js")).toBe(right);
    const [commit] = await git.log("feature");
    expect(commit?.parents).toEqual([head]);
    const body = plain(sticky(world, pull));
    expect(body).toContain("Fix pushed");
    expect(body).toMatch(/every piece is paid for` \| ✅ passed \| ❌ failed \| ✅ passed/);
    expect(body).toContain("CI on our commit: 1 check passed.");
    const names = world.github.checkRuns(app).map(({ name, conclusion }) => [name, conclusion]);
    expect(names).toContainEqual(["agent / tests", "success"]);
  }, 240_000);

  it("by itself: a red suite gets a proposal, a writer's apply pushes it, and its second check is green", async () => {
    const { app, pull } = await openRed(world, { ...failing, head: {} }, { ci });
    await world.github.git(app).commit("feature", failing.head, "Simplify");
    await shown(pull, "Fix ready, waiting for your word");
    expect(await world.github.git(app).read("feature", "src/receipt.js")).not.toBe(right);

    const asked = server.requests().length;
    await world.ask(pull, "ann", "/agent apply");
    await shown(pull, "CI on our commit");
    expect(server.requests()).toHaveLength(asked);
    expect(await world.github.git(app).read("feature", "src/receipt.js")).toBe(right);
    const body = plain(sticky(world, pull));
    expect(body).toContain("Fix pushed");
    expect(body).toContain("CI on our commit: 1 check passed.");
  }, 240_000);

  it.each([
    ["base-red", "The base branch fails as well"],
    ["flaky", "A flaky test, not a broken one"],
  ] as const)(
    "%s: says so, with the figures, and pushes nothing",
    async (name, heading) => {
      const { app, pull } = await openRed(world, situation(name));
      const before = await world.github.git(app).head("feature");
      await world.ask(pull, "ann", "/agent fix-tests");
      expect(plain(sticky(world, pull))).toContain(heading);
      expect(await world.github.git(app).head("feature")).toBe(before);
    },
    240_000,
  );

  it("a stale test: proposes a change of the test, never pushes it unasked, and applies it on a writer's word", async () => {
    const stale = situation("stale");
    const { app, pull, head } = await openRed(world, stale);
    await world.ask(pull, "ann", "/agent fix-tests");
    expect(plain(sticky(world, pull))).toContain("it changes tests");
    expect(await world.github.git(app).head("feature")).toBe(head);
    await world.ask(pull, "ann", "/agent apply");
    expect(await world.github.git(app).read("feature", stale.fixes ?? "")).toContain("600");
  }, 240_000);

  it("nothing fails here: says what was run, and pushes nothing", async () => {
    const { pull } = await openRed(world, { ...failing, head: { "README.md": "A receipt.\n" } });
    await world.ask(pull, "ann", "/agent fix-tests");
    const body = plain(sticky(world, pull));
    expect(body).toContain("Nothing to fix could be found here");
    expect(body).toContain("`npm test` ran");
  }, 240_000);
});
