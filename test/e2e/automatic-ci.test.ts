// After a push of ours, CI has the last word: green, red with names, or none at all, and what people see in between. Fixes are proven in a real sandbox.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import type { PullRef } from "../../src/core/pull.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { ScriptedServer } from "../../src/scripted/server.ts";
import { failingRepository } from "../support/failing-repositories.ts";
import type { FailingRepository } from "../support/failing-repositories.ts";
import { fixingModel } from "../support/fixing-model.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { conclusionsGiven, openRed, runsOn, startedOn, tell } from "./red.ts";
import { sticky } from "./scenarios.ts";

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");
/** Milliseconds: whole loops with tests in a sandbox, on a machine that is busy with other things. */
const patience = 240_000;

function failingOf(): FailingRepository {
  const repository = failingRepository("node", "failing");
  if (repository === null) throw new Error("There is no failing repository.");
  return repository;
}
const failing = failingOf();
const right = failing.answer ?? "";
const auto = (word: string) => ({ settings: { ".github/agent.yml": `auto:\n  checks: ${word}\n` } });

describeSandboxed("checks of our own commit", () => {
  let world: World;
  let server: ScriptedServer;
  let directory: string;
  beforeAll(async () => {
    directory = await sandboxFolder();
    server = await startScriptedServer(fixingModel([{ of: "export function total", code: right }]));
    world = await startWorld({
      variables: {
        ERRAND_SANDBOX: "bwrap",
        ERRAND_SANDBOX_DIR: directory,
        ERRAND_SMALL_MODEL: "openai:scripted@here",
        ERRAND_ENDPOINTS: `here=${server.openaiUrl}`,
        ERRAND_PRICES: "@here=0.10/0.50",
      },
    });
  }, patience);
  afterEach(() => {
    expect(world.github.violations).toEqual([]);
    expect(conclusionsGiven(world)).not.toContain("failure");
  });
  afterAll(async () => {
    await world.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  const status = async (pull: PullRef): Promise<string> => {
    await world.ask(pull, "ann", "/agent status");
    return plain(sticky(world, pull));
  };

  it(
    "green: waited for in the status, told at the end of the report, and started by an event alone",
    async () => {
      const { app, pull, head, check } = await openRed(world, failing, auto("push"));
      await tell(world, check);
      expect(runsOn(world, pull)).toEqual(["fix-tests: pushed"]);
      const [commit] = await world.github.git(app).log("feature");
      expect(commit?.parents).toEqual([head]);
      expect(await status(pull)).toContain("A result was pushed, and its checks have not ended");

      await tell(world, world.github.failCheck(pull, { name: "ci", conclusion: "success" }));
      expect(await status(pull)).toMatch(
        /The last run pushed its result[\s\S]*CI on our commit: 1 check passed\./,
      );
      expect(startedOn(world, pull)).toBe(1);
    },
    patience,
  );

  it(
    "red: named, and left to people where nothing starts by itself",
    async () => {
      const { pull } = await openRed(world, failing, auto('"off"'));
      await world.ask(pull, "ann", "/agent fix-tests");
      await tell(world, world.github.failCheck(pull, { name: "build <b>" }));
      const body = await status(pull);
      expect(body).toContain("The last run left work for you");
      expect(body).toMatch(/CI on our commit: 1 check failed: build [^\n]*0 passed\./);
      expect(body).not.toContain("<b>");
      expect(runsOn(world, pull)).toEqual(["fix-tests: pushed"]);
    },
    patience,
  );

  it(
    "that never come keep nobody waiting for the next command",
    async () => {
      const { pull } = await openRed(world, failing, auto('"off"'));
      await world.ask(pull, "ann", "/agent fix-tests");
      expect(await status(pull)).toContain("its checks have not ended");
      await world.ask(pull, "ann", "/agent fix-tests");
      expect(runsOn(world, pull)).toHaveLength(2);
    },
    patience,
  );

  it(
    "that may not be read: the report says which permission to grant",
    async () => {
      const { github } = world;
      const { app, pull } = await openRed(world, failing, auto('"off"'));
      await world.ask(pull, "ann", "/agent fix-tests");
      const fault = github.fault({ path: `*/${app.repo}/commits/*/check-runs`, status: 403, times: 99 });
      await tell(world, github.failCheck(pull, { name: "ci", conclusion: "success" }), ["workflow_run"]);
      fault.cancel();
      expect(await status(pull)).toMatch(
        /CI on our commit: what it says could not be read\.[\s\S]*Checks: read/,
      );
    },
    patience,
  );

  it(
    "after a proposal that the Apply button of its check pushes",
    async () => {
      const { github } = world;
      const { app, pull, check } = await openRed(world, failing);
      await tell(world, check);
      expect(runsOn(world, pull)).toEqual(["fix-tests: proposed"]);
      const own = github.checkRuns(app).find(({ name }) => name === "agent / tests");
      expect(own?.conclusion).toBe("action_required");
      const press = github.events.requestedAction(own?.id ?? 0, own?.actions[0]?.identifier ?? "", "ann");
      await world.carryOut("check_run", press, "check/");
      expect(await github.git(app).read("feature", failing.fixes ?? "")).toBe(right);
      await tell(world, github.failCheck(pull, { name: "ci", conclusion: "success" }));
      expect(plain(sticky(world, pull))).toContain("CI on our commit: 1 check passed.");
    },
    patience,
  );
});
