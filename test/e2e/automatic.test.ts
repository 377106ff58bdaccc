// Runs that nobody asked for: what starts one, what does not, how often, and what people see of it. No code is run here: that is the matter of fix-tests.test.ts.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import type { SandboxState } from "../../src/core/sandbox.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { failingRepository } from "../support/failing-repositories.ts";
import type { FailingRepository } from "../support/failing-repositories.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { allNews, conclusionsGiven, failedSteps, openRed, runsOn, startedOn, tell } from "./red.ts";
import type { Red } from "./red.ts";
import { openConflict, proposed, settled, sticky } from "./scenarios.ts";

/** Whole runs on a machine that is busy with other things: the default is for one idle. */
jest.setTimeout(120_000);

function failingOf(): FailingRepository {
  const repository = failingRepository("node", "failing");
  if (repository === null) throw new Error("There is no failing repository.");
  return repository;
}
const failing = failingOf();

/** There, so that runs begin; what is run in it is not this file's matter. */
const unusableSandbox: SandboxState = {
  kind: "ready",
  sandbox: {
    driver: "none",
    run: () =>
      Promise.reject(
        new AppError("sandbox", "This test runs no code.", { retryable: false, remedy: "None is needed." }),
      ),
    dependencies: { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) },
  },
};

let world: World;
beforeAll(async () => {
  world = await startWorld({ overrides: { openSandbox: () => Promise.resolve(unusableSandbox) } });
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
  expect(conclusionsGiven(world)).not.toContain("failure");
});
afterAll(() => world.close());

/** Somebody's push that is red as well, with its news. */
async function pushRed({ app, pull }: Pick<Red, "app" | "pull">, text: string): Promise<void> {
  await world.github.git(app).commit("feature", { "notes.txt": text });
  const synchronized = world.github.events.pull(pull, "synchronize", { sender: "ann" });
  await world.deliver("pull_request", synchronized);
  await tell(world, world.github.failCheck(pull, { name: "ci", steps: failedSteps(failing.test) }));
}

const ownComments = (pull: PullRef) =>
  world.github.comments(pull).filter(({ user }) => user.login === world.github.bot.login);
const ownChecks = ({ app }: Pick<Red, "app">) =>
  world.github.checkRuns(app).filter((check) => check.app.id === world.github.app.id);

function expectSilence(red: Pick<Red, "app" | "pull">): void {
  expect(startedOn(world, red.pull)).toBe(0);
  expect(ownComments(red.pull)).toEqual([]);
  expect(ownChecks(red)).toEqual([]);
}

describe("a red suite on a pull request's head", () => {
  it.each([
    ["all news of it", allNews],
    ["all news of it the other way round", allNews.toReversed()],
    ["its suite alone", ["check_suite"]],
    ["its workflow alone", ["workflow_run"]],
    ["its check run alone", ["check_run"]],
  ] as const)("starts one run by %s, however often it is told", async (_name, news) => {
    const red = await openRed(world, failing);
    await tell(world, red.check, news);
    await tell(world, red.check, news);
    await tell(world, red.check);
    expect(startedOn(world, red.pull)).toBe(1);
    expect(runsOn(world, red.pull)).toEqual(["fix-tests: partial"]);
  });

  it("starts one run where checks of several apps fail", async () => {
    const red = await openRed(world, failing);
    const other = world.github.failCheck(red.pull, { name: "build", app: "ci" });
    await tell(world, red.check);
    await tell(world, other, ["check_suite", "check_run"]);
    expect(runsOn(world, red.pull)).toEqual(["fix-tests: partial"]);
  });

  it("starts none while a check still runs, and one when it has ended", async () => {
    const red = await openRed(world, failing);
    const running = world.github.failCheck(red.pull, { name: "slow", app: "ci", conclusion: null });
    await tell(world, red.check);
    expectSilence(red);
    await tell(world, world.github.finishCheck(running.id, "success"));
    expect(runsOn(world, red.pull)).toEqual(["fix-tests: partial"]);
  });

  it("says whose doing it is, why nothing came of it, and gives its check no failure", async () => {
    const red = await openRed(world, failing);
    await tell(world, red.check);
    const body = sticky(world, red.pull);
    expect(body).toContain("The failing checks are left for you");
    expect(body).toContain("This test runs no code");
    expect(ownChecks(red)).toMatchObject([
      { name: "agent / tests", conclusion: "neutral", headSha: red.head },
    ]);
    expect(await world.github.git(red.app).head("feature")).toBe(red.head);
  });

  it("that turned green starts nothing", async () => {
    const red = await openRed(world, failing);
    await tell(world, world.github.finishCheck(red.check.id, "success"));
    expectSilence(red);
  });
});

describe("nothing starts by itself", () => {
  it.each([
    ["on a draft", { pull: { draft: true } }],
    ["where a label says so, in any case", { pull: { labels: ["Agent: Ignore"] } }],
    ["on a branch of Renovate", { branch: "renovate/lodash-4.x" }],
    ["on a pull request of Renovate", { pull: { author: "renovate[bot]" } }],
    ["on a pull request of Renovate as a user", { pull: { author: "renovate-bot" } }],
    ["on a pull request of Dependabot", { pull: { author: "dependabot[bot]" } }],
    ["on a pull request of any other program", { pull: { author: "greenkeeper[bot]" } }],
    ["where the repository has turned it off", { settings: policy("auto:\n  checks: off\n") }],
    ["on a branch that is ignored", { settings: policy('auto:\n  ignoreBranches: ["feat*"]\n') }],
    [
      "where a label of its own says so",
      { settings: policy("auto:\n  ignoreLabels: [wip]\n"), pull: { labels: ["wip"] } },
    ],
  ] as const)("%s", async (_name, options) => {
    const red = await openRed(world, failing, options);
    await tell(world, red.check);
    expectSilence(red);
  });

  it("on a fork", async () => {
    const { github } = world;
    const { app } = await openRed(world, failing);
    const fork = await github.addFork(app, { owner: "bob" });
    const pull = await github.openPull({ ...app, head: "feature", fork });
    const check = github.failCheck(pull, { name: "ci", steps: failedSteps(failing.test) });
    await github.closePull({ ...app, number: 1 });
    await tell(world, check);
    await world.deliver("pull_request", github.events.pull(pull, "opened"));
    await world.settled();
    expectSilence({ app, pull });
  });

  it("for a head that the branch has left", async () => {
    const red = await openRed(world, failing);
    await world.github.git(red.app).commit("feature", { "notes.txt": "on\n" });
    await tell(world, red.check);
    expectSilence(red);
  });

  it("by our own check runs, or by our own push", async () => {
    const { github } = world;
    const scenario = await openConflict(world, settled);
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const [own] = github.checkRuns(scenario.app);
    const sha = (await github.git(scenario.app).head("feature")) ?? "";
    const news = [
      ["check_run", github.events.checkRun(own?.id ?? 0, "completed", github.bot.login)],
      ["pull_request", github.events.pull(scenario.pull, "synchronize", { sender: github.bot.login })],
      [
        "push",
        await github.events.push(
          scenario.app,
          { branch: "feature", before: scenario.head, after: sha },
          github.bot.login,
        ),
      ],
    ] as const;
    for (const [event, payload] of news) await world.deliver(event, payload);
    await world.settled();
    expect(startedOn(world, scenario.pull)).toBe(0);
    expect(runsOn(world, scenario.pull)).toEqual(["fix-conflicts: pushed"]);
  });

  it("once a label was set, though a run was asked for before", async () => {
    const red = await openRed(world, failing);
    let reads = 0;
    const forget = world.github.onRequest(({ path }) => {
      // It was read to start the run; from now on it has the label.
      if (path.endsWith(`/${red.app.repo}/pulls/${red.pull.number}`) && ++reads === 1)
        world.github.pull(red.pull).labels.push("agent: ignore");
    }, "after");
    await tell(world, red.check);
    forget();
    expect(startedOn(world, red.pull)).toBe(1);
    expect(runsOn(world, red.pull)).toEqual([]);
    expect(ownComments(red.pull)).toEqual([]);

    world.github.pull(red.pull).labels.length = 0;
    await pushRed(red, "more\n");
    expect(runsOn(world, red.pull)).toEqual(["fix-tests: partial"]);
    world.github.pull(red.pull).labels.push("agent: ignore");
    await world.ask(red.pull, "ann", "/agent fix-tests");
    await pushRed(red, "still more\n");
    expect(startedOn(world, red.pull)).toBe(2);
  });
});

/** A repository's own file. */
function policy(text: string): Readonly<Record<string, string>> {
  return { ".github/agent.yml": text };
}

describe("how often", () => {
  it("twice since somebody asked, then never, until a writer asks again", async () => {
    const red = await openRed(world, failing);
    await tell(world, red.check);
    await pushRed(red, "second\n");
    expect(startedOn(world, red.pull)).toBe(2);
    const said = sticky(world, red.pull);
    await pushRed(red, "third\n");
    await pushRed(red, "fourth\n");
    expect(startedOn(world, red.pull)).toBe(2);
    expect(sticky(world, red.pull)).toBe(said);

    await world.ask(red.pull, "eve", "/agent fix-tests");
    await pushRed(red, "after a stranger\n");
    expect(startedOn(world, red.pull)).toBe(2);
    await world.ask(red.pull, "ann", "/agent fix-tests");
    await pushRed(red, "after a writer\n");
    expect(startedOn(world, red.pull)).toBe(3);
  });

  it("not again for a head on which somebody has asked for the same", async () => {
    const red = await openRed(world, failing);
    await world.ask(red.pull, "ann", "/agent fix-tests");
    await tell(world, red.check);
    expect(runsOn(world, red.pull)).toEqual(["fix-tests: partial"]);
  });

  it("never after a person has pushed on top of our commit, until a writer asks", async () => {
    const scenario = await openConflict(world, settled);
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    expect(runsOn(world, scenario.pull)).toEqual(["fix-conflicts: pushed"]);
    await pushRed(scenario, "mine\n");
    await pushRed(scenario, "mine again\n");
    expect(startedOn(world, scenario.pull)).toBe(0);

    await world.ask(scenario.pull, "ann", "/agent fix-tests");
    await pushRed(scenario, "yours\n");
    expect(startedOn(world, scenario.pull)).toBe(1);
  });

  it("never after /agent stop, until a writer asks", async () => {
    const red = await openRed(world, failing);
    await world.ask(red.pull, "ann", "/agent stop");
    await tell(world, red.check);
    await pushRed(red, "after the stop\n");
    expect(startedOn(world, red.pull)).toBe(0);
    await world.ask(red.pull, "ann", "/agent fix-tests");
    await pushRed(red, "after the command\n");
    expect(startedOn(world, red.pull)).toBe(1);
  });
});

describe("a worker that goes away while news of a red suite waits", () => {
  it("leaves it to the next, which starts one run", async () => {
    const red = await openRed(world, failing);
    const fault = world.github.fault({ path: `*/${red.app.repo}/commits/*/check-runs`, times: 1_000 });
    for (const event of allNews) await world.deliver(event, red.check.payloads[event]);
    await world.seen(
      ({ message, mailbox }) =>
        message === "a run failed and will be tried again" && String(mailbox).startsWith(red.app.owner),
    );
    await world.restart(() => {
      fault.cancel();
    });
    expect(startedOn(world, red.pull)).toBe(0);
    await world.settled();
    await tell(world, red.check);
    expect(startedOn(world, red.pull)).toBe(1);
    expect(runsOn(world, red.pull)).toEqual(["fix-tests: partial"]);
  });
});

describe("the buttons of our check runs", () => {
  it("start the errand that the check is about", async () => {
    const { github } = world;
    const scenario = await openConflict(world, proposed);
    await world.ask(scenario.pull, "ann", "/agent fix-tests");
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const names = github.checkRuns(scenario.app).map(({ name }) => name);
    expect(names).toEqual(["agent / tests", "agent / conflicts"]);
    for (const check of github.checkRuns(scenario.app))
      await world.carryOut("check_run", github.events.checkRun(check.id, "rerequested", "ann"), "check/");
    expect(runsOn(world, scenario.pull).map((told) => told.split(":")[0])).toEqual([
      "fix-tests",
      "fix-conflicts",
      "fix-tests",
      "fix-conflicts",
    ]);
  });
});

describe("what keeps it from working", () => {
  it.each([
    ["a word that is none", "auto:\n  checks: always\n", /auto\.checks/],
    ["an exception that cannot be read", "auto:\n  ignoreLabels: 7\n", /auto\.ignoreLabels/],
    ["a file that is no YAML", "auto: [\n", /agent\.yml/],
  ])("%s in the settings counts as off, and is told with the next answer", async (_name, text, words) => {
    const red = await openRed(world, failing, { settings: policy(text) });
    await tell(world, red.check);
    expectSilence(red);
    await world.ask(red.pull, "ann", "/agent fix-tests");
    expect(sticky(world, red.pull)).toMatch(words);
    expect(sticky(world, red.pull)).toMatch(/counts as auto\.checks: off|nothing starts by itself/);
  });

  it("checks that may not be read: a command is told which permission to grant, and the log names it for news", async () => {
    const { github } = world;
    const red = await openRed(world, failing);
    const granted = Object.entries(github.app.permissions).filter(([name]) => name !== "checks");
    github.setInstallationPermissions(red.app.owner, Object.fromEntries(granted));
    github.expireTokens();
    await tell(world, red.check);
    expect(startedOn(world, red.pull)).toBe(0);
    const told = world.lines.filter(
      ({ message, command }) =>
        message === "the checks could not be read" && String(command).includes(red.head),
    );
    expect(told.length).toBeGreaterThan(0);
    expect(String(told[0]?.["why"])).toContain("Checks: read");

    await world.ask(red.pull, "ann", "/agent fix-tests");
    expect(sticky(world, red.pull)).toMatch(/This run failed[\s\S]*Checks: read/);
  });
});
