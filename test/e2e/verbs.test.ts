// Every way of asking, and what each is answered with.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { open, openConflict, proposed, reactions, settled, settledKeys, sticky } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** Whole runs on a machine that is busy with other things: the default is for one idle. */
jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
});
afterAll(() => world.close());

const headOf = ({ app }: Scenario) => world.github.git(app).head("feature");

async function expectPushed({ app, head, base }: Scenario): Promise<void> {
  const git = world.github.git(app);
  const [commit] = await git.log("feature");
  expect(commit?.parents).toEqual([head, base]);
  expect(JSON.parse((await git.read("feature", "keys.json")) ?? "")).toEqual(settledKeys);
}

/** Answers to questions: one pull request is enough. */
describe("words that start no run", () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await openConflict(world, settled);
  });
  const answerTo = async (text: string): Promise<string> => {
    await world.ask(scenario.pull, "ann", text);
    return sticky(world, scenario.pull);
  };

  it.each([
    ["/agent help", /At the start of a line[\s\S]*`\/agent fix-conflicts`[\s\S]*`\/agent apply`/],
    ["/agent", /`\/agent fix-conflicts` merges the base branch/],
    ["/agent fix-conflict", /There is no command `fix-conflict`\. Did you mean `\/agent fix-conflicts`\?/],
    ["/agent fix conflict", /Did you mean `\/agent fix-conflicts`\?/],
    ["/agent aply", /Did you mean `\/agent apply`\?/],
    ["/agent dance", /There is no command `dance`\.\n/],
    ["/agent apply it to the other branch", /There is no command `apply it to the other branch`/],
    ["/agent status", /\*\*Status:\*\* Nothing is being done on this pull request/],
    ["/agent stop", /\*\*Stopped\.\*\* Nothing starts here until somebody asks again/],
    ["/agent status", /Stopped: nothing starts here until somebody asks/],
    ["/agent apply", /nothing to apply: no proposal is open[\s\S]*`\/agent fix-tests` to make one/],
  ])("%s", async (text, words) => {
    expect(await answerTo(text)).toMatch(words);
    expect(await headOf(scenario)).toBe(scenario.head);
  });
});

describe("/agent apply", () => {
  it("pushes what was proposed, once; the second finds nothing to apply", async () => {
    const scenario = await openConflict(world, proposed);
    const asked = await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    expect(sticky(world, scenario.pull)).toMatch(/waiting for your word[\s\S]*`\/agent apply` to push it/);
    expect(reactions(world, scenario.pull, asked)).toEqual(["eyes", "rocket"]);
    expect(await headOf(scenario)).toBe(scenario.head);

    await world.ask(scenario.pull, "ann", "/agent apply");
    await expectPushed(scenario);
    const pushed = await headOf(scenario);
    await world.ask(scenario.pull, "ann", "/agent apply");
    expect(sticky(world, scenario.pull)).toMatch(/There is nothing to apply/);
    expect(await headOf(scenario)).toBe(pushed);
  });

  it("by a stranger or on a head that moved pushes nothing", async () => {
    const scenario = await openConflict(world, proposed);
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const stranger = await world.ask(scenario.pull, "eve", "/agent apply");
    expect(sticky(world, scenario.pull)).toMatch(/Declined\*\*, `eve`: This needs write access/);
    expect(reactions(world, scenario.pull, stranger)).toEqual(["confused"]);
    expect(await headOf(scenario)).toBe(scenario.head);

    const moved = await world.github.git(scenario.app).commit("feature", { "more.txt": "1\n" });
    await world.ask(scenario.pull, "ann", "/agent apply");
    expect(sticky(world, scenario.pull)).toMatch(/moved since the proposal was made, so it was not applied/);
    expect(await headOf(scenario)).toBe(moved);
  });

  it("is dropped by the news of a push, and the button of the old proposal applies nothing", async () => {
    const { github } = world;
    const scenario = await openConflict(world, proposed);
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const [check] = github.checkRuns(scenario.app);
    const moved = await github.git(scenario.app).commit("feature", { "more.txt": "1\n" });
    await world.carryOut("pull_request", github.events.pull(scenario.pull, "synchronize"), "pull/");
    await world.ask(scenario.pull, "ann", "/agent status");
    expect(sticky(world, scenario.pull)).toContain("Nothing is being done on this pull request");

    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const identifier = check?.actions[0]?.identifier ?? "";
    const press = github.events.requestedAction(check?.id ?? 0, identifier, "ann");
    await world.carryOut("check_run", press, "check/");
    expect(sticky(world, scenario.pull)).toMatch(/button belongs to an earlier proposal/);
    expect(await headOf(scenario)).toBe(moved);

    // The proposal that stands is still there to be applied.
    await world.ask(scenario.pull, "ann", "/agent apply");
    const [commit] = await github.git(scenario.app).log("feature");
    expect(commit?.parents[0]).toBe(moved);
  });
});

describe("ways of asking", () => {
  it("a comment on a line of the diff works like one in the conversation", async () => {
    const scenario = await openConflict(world, settled);
    const { payload } = world.github.reviewComment(scenario.pull, "ann", "/agent fix-conflicts");
    await world.carryOut("pull_request_review_comment", payload, "comment/");
    await expectPushed(scenario);
  });

  it("the Apply button pushes the proposal, for somebody who may", async () => {
    const { github } = world;
    const scenario = await openConflict(world, proposed);
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const [check] = github.checkRuns(scenario.app);
    expect(check).toMatchObject({ conclusion: "action_required", headSha: scenario.head });
    const [button] = check?.actions ?? [];
    expect(button?.label).toBe("Apply");
    const press = (login: string) =>
      github.events.requestedAction(check?.id ?? 0, button?.identifier ?? "", login);

    await world.carryOut("check_run", press("eve"), "check/");
    expect(await headOf(scenario)).toBe(scenario.head);
    await world.carryOut("check_run", press("ann"), "check/");
    await expectPushed(scenario);
  });

  it("a re-run of the check run runs again", async () => {
    const { github } = world;
    const scenario = await openConflict(world, open);
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const [check] = github.checkRuns(scenario.app);
    await world.carryOut("check_run", github.events.checkRun(check?.id ?? 0, "rerequested", "ann"), "check/");
    expect(sticky(world, scenario.pull)).toMatch(/Earlier runs[\s\S]*`fix-conflicts` by `ann`/);
  });

  it("the label asks for the same, on the word of who set it", async () => {
    const scenario = await openConflict(world, settled);
    const labelled = (sender: string) =>
      world.github.events.pull(scenario.pull, "labeled", { sender, label: "agent: fix-conflicts" });
    await world.carryOut("pull_request", labelled("ann"), "label/");
    await expectPushed(scenario);
  });

  it("two commands in one comment are carried out in their order", async () => {
    const scenario = await openConflict(world, proposed);
    await world.ask(scenario.pull, "ann", "Please:\n/agent fix-conflicts\n/agent apply", 2);
    await expectPushed(scenario);
  });
});

describe("what starts nothing", () => {
  it("the app's own comments, other apps, and a delivery that came before", async () => {
    const { github } = world;
    const scenario = await openConflict(world, open);
    await world.say(scenario.pull, github.bot.login, "/agent fix-conflicts");
    await world.say(scenario.pull, "dependabot[bot]", "/agent fix-conflicts");
    const { payload } = github.comment(scenario.pull, "ann", "/agent fix-conflicts");
    await world.carryOut("issue_comment", payload, "comment/");
    const written = github.requests.length;
    await github.deliver("issue_comment", payload, { to: world.webhookUrl });
    await github.deliver("issue_comment", payload, { to: world.webhookUrl });
    await world.ask(scenario.pull, "ann", "/agent status");
    const runs = github.checkRuns(scenario.app);
    expect(runs).toHaveLength(1);
    const since = github.requests.slice(written).filter(({ path }) => path.endsWith("/check-runs"));
    expect(since).toEqual([]);
    expect(sticky(world, scenario.pull)).not.toContain("Earlier runs");
  });
});

/** Carries out `/agent fix-conflicts`, and acts at the moment the run reads the repository over git. */
async function during(scenario: Scenario, act: () => Promise<unknown>): Promise<void> {
  let begun = false;
  const forget = world.github.onRequest(async ({ path }) => {
    if (begun || !path.endsWith(`${scenario.app.repo}.git/git-upload-pack`)) return;
    begun = true;
    await act();
  });
  await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
  forget();
}

describe("/agent stop", () => {
  it("during a run keeps it from pushing, with every command asked before; what is asked after it runs", async () => {
    const scenario = await openConflict(world, settled);
    await during(scenario, async () => {
      await world.say(scenario.pull, "ann", "/agent fix-conflicts");
      await world.say(scenario.pull, "ann", "/agent stop");
    });
    await world.ask(scenario.pull, "ann", "/agent status");
    expect(sticky(world, scenario.pull)).toMatch(
      /Stopped before anything was pushed, because ann asked for it/,
    );
    expect(sticky(world, scenario.pull)).toContain("Stopped: nothing starts here until somebody asks");
    expect(await headOf(scenario)).toBe(scenario.head);

    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    await expectPushed(scenario);
  });

  it("does not take away what was asked after it, though both were waiting", async () => {
    const scenario = await openConflict(world, settled);
    await world.ask(scenario.pull, "ann", "/agent stop\n/agent fix-conflicts", 2);
    await expectPushed(scenario);
  });

  it("by a stranger stops nothing", async () => {
    const scenario = await openConflict(world, settled);
    await during(scenario, () => world.say(scenario.pull, "eve", "/agent stop"));
    await expectPushed(scenario);
  });

  it("is what closing the pull request means to a run under way", async () => {
    const { github } = world;
    const scenario = await openConflict(world, settled);
    await during(scenario, async () => {
      await github.closePull(scenario.pull);
      await world.deliver("pull_request", github.events.pull(scenario.pull, "closed"));
    });
    expect(sticky(world, scenario.pull)).toContain("because the pull request was closed");
    expect(await headOf(scenario)).toBe(scenario.head);
  });
});

describe("an installation that leaves", () => {
  it("is forgotten: a proposal is there no more when it comes back", async () => {
    const { github } = world;
    const scenario = await openConflict(world, proposed);
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const gone = github.events.installation(scenario.app.owner, "deleted");
    await world.carryOut("installation", gone, "installation/");
    await world.ask(scenario.pull, "ann", "/agent status");
    expect(sticky(world, scenario.pull)).toContain("Nothing is being done on this pull request");
    await world.ask(scenario.pull, "ann", "/agent apply");
    expect(sticky(world, scenario.pull)).toContain("There is nothing to apply");
    expect(sticky(world, scenario.pull)).not.toContain("Earlier runs");
  });

  it("for a while loses what waits in its queues, and nothing that is remembered", async () => {
    const { github } = world;
    const scenario = await openConflict(world, proposed);
    await during(scenario, async () => {
      await world.say(scenario.pull, "ann", "/agent apply");
      const away = github.events.installation(scenario.app.owner, "suspend");
      await world.carryOut("installation", away, "installation/");
    });
    await world.ask(scenario.pull, "ann", "/agent status");
    expect(sticky(world, scenario.pull)).toContain("A result is ready");
    expect(await headOf(scenario)).toBe(scenario.head);
  });
});
