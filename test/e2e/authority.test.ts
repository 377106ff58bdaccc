// Who may what. Asked live, so that neither a payload nor a name can lend anybody a right.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Permission } from "../../src/core/pull.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, proposed, reactions, sticky } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** Whole runs on a machine that is busy with other things: the default is for one idle. */
jest.setTimeout(120_000);

let world: World;
let scenario: Scenario;
beforeAll(async () => {
  world = await startWorld();
  scenario = await openConflict(world, proposed);
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
});
afterAll(() => world.close());

/** Whether somebody with this permission may start what can push, or stop it. */
const roles: [Permission, boolean][] = [
  ["none", false],
  ["read", false],
  ["triage", false],
  ["write", true],
  ["maintain", true],
  ["admin", true],
];

/** With nothing proposed, `apply` says so to whoever may, and pushes nothing. */
const restricted: [string, RegExp][] = [
  ["apply", /nothing to apply/],
  ["stop", /\*\*Stopped\.\*\*/],
];

describe.each(roles)("somebody with permission %s", (role, trusted) => {
  const login = `role-${role}`;
  beforeAll(() => {
    world.github.setPermission(login, role, scenario.app);
  });

  it.each(restricted)(`/agent %s: ${trusted ? "is carried out" : "is declined"}`, async (verb, granted) => {
    const id = await world.ask(scenario.pull, login, `/agent ${verb}`);
    const comment = sticky(world, scenario.pull);
    if (trusted) {
      expect(comment).toMatch(granted);
    } else {
      expect(comment).toContain(`**Declined**, \`${login}\`: This needs write access`);
      expect(comment).toContain(`${login} has "${role}"`);
      expect(reactions(world, scenario.pull, id)).toEqual(["confused"]);
    }
  });

  it.each([
    ["help", /At the start of a line/],
    ["status", /\*\*Status:\*\*/],
  ])("/agent %s: is answered to everyone", async (verb, words) => {
    await world.ask(scenario.pull, login, `/agent ${verb}`);
    expect(sticky(world, scenario.pull)).toMatch(words);
  });

  it(`an unknown word is ${trusted ? "named in the answer" : "answered, and never repeated"}`, async () => {
    await world.ask(scenario.pull, login, "/agent buy-now-at-evil.example");
    const comment = sticky(world, scenario.pull);
    expect(comment).toContain("`/agent fix-conflicts`");
    expect(comment.includes("buy-now-at-evil")).toBe(trusted);
  });
});

describe("/agent fix-conflicts", () => {
  it.each(roles.filter(([, trusted]) => !trusted))(
    "by somebody with %s reads and pushes nothing",
    async (role) => {
      const { github } = world;
      const before = github.requests.length;
      const id = await world.ask(scenario.pull, `role-${role}`, "/agent fix-conflicts");
      expect(reactions(world, scenario.pull, id)).toEqual(["confused"]);
      const since = github.requests.slice(before);
      expect(since.filter(({ kind }) => kind === "git")).toEqual([]);
      expect(github.checkRuns(scenario.app)).toEqual([]);
    },
  );

  it("by a writer whose access was taken away is declined, whatever came before", async () => {
    world.github.setPermission("leaver", "write", scenario.app);
    await world.ask(scenario.pull, "leaver", "/agent stop");
    expect(sticky(world, scenario.pull)).toContain("**Stopped.**");
    world.github.setPermission("leaver", "none", scenario.app);
    await world.ask(scenario.pull, "leaver", "/agent fix-conflicts");
    expect(sticky(world, scenario.pull)).toContain("**Declined**, `leaver`");
    expect(world.github.checkRuns(scenario.app)).toEqual([]);
  });

  it("by an account that was renamed since, so that the name may be another's, is declined", async () => {
    const { github } = world;
    github.setPermission("new-name", "admin", scenario.app);
    const { payload } = github.comment(scenario.pull, "old-name", "/agent fix-conflicts");
    await world.carryOut("issue_comment", payload, "comment/");
    expect(sticky(world, scenario.pull)).toContain("**Declined**, `old-name`");
  });

  it("by nobody's hand starts nothing at all: bots, look-alikes, and apps in a person's name", async () => {
    const { github } = world;
    github.setPermission("renovate[bot]", "admin", scenario.app);
    const asked = (login: string, change: (payload: Payload) => object = (same) => same) => {
      const { payload } = github.comment(scenario.pull, login, "/agent fix-conflicts");
      return world.deliver("issue_comment", change(payload as Payload));
    };
    await asked("renovate[bot]");
    await asked(github.bot.login);
    await asked("renovate[bot]", (payload) => ({ ...payload, sender: { ...payload.sender, type: "User" } }));
    await asked("ann", (payload) => ({
      ...payload,
      comment: { ...payload.comment, performed_via_github_app: { id: 77 } },
    }));
    const before = github.requests.length;
    await world.ask(scenario.pull, "ann", "/agent status");
    const routes = github.requests.slice(before).map(({ path }) => path);
    expect(routes.filter((path) => path.endsWith("/permission"))).toHaveLength(1);
    expect(github.checkRuns(scenario.app)).toEqual([]);
    expect(await github.git(scenario.app).head("feature")).toBe(scenario.head);
  });
});

interface Payload {
  readonly sender: object;
  readonly comment: object;
}
