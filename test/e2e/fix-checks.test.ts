// Red checks that are no tests, from the webhook to the pushed fix and its own green check: of types, with the real tsc and a scripted model; of form, with the real prettier and no model.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { openWorkerSandbox } from "../../src/cli/open-sandbox.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { ScriptedServer } from "../../src/scripted/server.ts";
import { failingRepository } from "../support/failing-repositories.ts";
import type { FailingRepository, Situation } from "../support/failing-repositories.ts";
import { fixingModel } from "../support/fixing-model.ts";
import { installTools } from "../support/installed-tools.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openRed } from "./red.ts";
import { sticky } from "./scenarios.ts";

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

function situation(name: Situation): FailingRepository {
  const repository = failingRepository("node", name);
  if (repository === null) throw new Error(`There is no repository that is ${name}.`);
  return repository;
}

const logs = {
  "type-error": "src/label.ts(7,3): error TS2322: Type 'number' is not assignable to type 'string'.",
  "format-error":
    "Checking formatting...\n[warn] src/tax.js\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.",
} as const;

describeSandboxed("failing checks of types and form", () => {
  let world: World;
  let server: ScriptedServer;
  let directory: string;
  beforeAll(async () => {
    directory = await sandboxFolder();
    const installed = await installTools(directory, ["typescript", "eslint", "prettier"]);
    const code = situation("type-error").answer ?? "";
    server = await startScriptedServer(fixingModel([{ of: "export function label", code }]));
    world = await startWorld({
      variables: {
        ERRAND_SANDBOX: "bwrap",
        ERRAND_SANDBOX_DIR: directory,
        ERRAND_SMALL_MODEL: "openai:scripted@here",
        ERRAND_ENDPOINTS: `here=${server.openaiUrl}`,
        ERRAND_PRICES: "@here=0.10/0.50",
      },
      overrides: {
        // What a registry would have brought.
        openSandbox: async (...settings) => {
          const state = await openWorkerSandbox(...settings);
          if (state.kind === "unavailable") return state;
          const dependencies = {
            find: () => Promise.resolve(installed),
            fill: () => Promise.resolve(installed),
          };
          return { ...state, sandbox: { ...state.sandbox, dependencies } };
        },
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

  it.each([
    ["type-error", true],
    ["format-error", false],
  ] as const)(
    "%s: a red check gets a proposal, a writer's word pushes it, and the check on it is green",
    async (name, asksModel) => {
      const repository = situation(name);
      const { head, fixes, fixed } = repository;
      const path = fixes ?? "";
      const steps = [{ name: "npm run check", conclusion: "failure", log: logs[name] }];
      const { app, pull } = await openRed(
        world,
        { ...repository, head: { "README.md": "A receipt.\n" } },
        {
          ci: ({ files }) =>
            files[path] === undefined || files[path] === fixed ? "success" : { conclusion: "failure", steps },
        },
      );
      const asked = server.requests().length;
      await world.github.git(app).commit("feature", head, "Add a file");
      await shown(pull, "Fix ready, waiting for your word");
      expect(await world.github.git(app).read("feature", path)).toBe(head[path]);
      expect(server.requests().length > asked).toBe(asksModel);

      await world.ask(pull, "ann", "/agent apply");
      await shown(pull, "CI on our commit");
      const git = world.github.git(app);
      expect(await git.read("feature", path)).toBe(fixed);
      expect(plain(sticky(world, pull))).toContain("Fix pushed");
      expect(plain(sticky(world, pull))).toContain("CI on our commit: 1 check passed.");
    },
    240_000,
  );
});
