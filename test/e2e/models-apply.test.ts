// Models that would answer otherwise the next time: what a person approved is what is pushed, and a stop is obeyed while a model is silent.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { keepBoth } from "../../src/scripted/keep-both.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { Answerer, ScriptedServer } from "../../src/scripted/server.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, sticky } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** What the model does from now on. */
let answer: Answerer = keepBoth;
let server: ScriptedServer;
let world: World;
beforeAll(async () => {
  server = await startScriptedServer((asked) => answer(asked));
  world = await startWorld({
    variables: {
      ERRAND_SMALL_MODEL: "openai:small@scripted",
      ERRAND_ENDPOINTS: `scripted=${server.openaiUrl}`,
      ERRAND_PRICES: "@scripted=0.10/0.50",
    },
  });
}, 120_000);
afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  expect(server.violations()).toEqual([]);
  await world.close();
  await server.close();
});

/** Always the option with the same text, in whatever order they come, and never the one that `keepBoth` takes. */
const contrary: Answerer = async (asked) => {
  const sensible = await keepBoth(asked);
  const options = [...asked.user.matchAll(/^<data (\w+) options\.(\S+)>\n([\s\S]*?)^<\/data \1>$/gm)]
    .map(([, , label = "", text = ""]) => ({ label, text }))
    .filter(({ label }) => sensible.kind !== "text" || !sensible.text.includes(`"${label}"`))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1));
  return { kind: "text", text: JSON.stringify({ choice: options[0]?.label ?? "NONE" }) };
};

const total = (sum: string) => ({ "code.js": `export const total = (item) => ${sum};\n` });
const choosing = {
  before: total("item.price"),
  ours: total("item.price - discount(item)"),
  theirs: total("item.price * item.quantity"),
};
const fix = ({ pull }: Scenario) => world.ask(pull, "ann", "/agent fix-conflicts");
const headOf = ({ app }: Scenario) => world.github.git(app).head("feature");

/** What the log says of the ends of its runs, in order. */
const endings = ({ app, pull }: Scenario) =>
  world.lines.filter(
    ({ message, pull: name }) =>
      message === "run ended" && name === `${app.owner}/${app.repo}#${pull.number}`,
  );
const trees = (scenario: Scenario) => endings(scenario).map(({ tree }) => tree);

/** The newest check run's Apply button, as somebody's press of it. */
function newestButton({ app }: Scenario): () => Promise<void> {
  const check = world.github.checkRuns(app).at(-1);
  const identifier = check?.actions[0]?.identifier ?? "";
  return () =>
    world.carryOut(
      "check_run",
      world.github.events.requestedAction(check?.id ?? 0, identifier, "ann"),
      "check/",
    );
}

describe("two runs on the same head and base", () => {
  it("propose the same: the second takes the first one's answers and asks nobody", async () => {
    answer = keepBoth;
    const scenario = await openConflict(world, choosing);
    await fix(scenario);
    expect(sticky(world, scenario.pull)).toContain("Resolution ready, waiting for your word");

    answer = contrary;
    const asked = server.requests().length;
    await fix(scenario);
    expect(sticky(world, scenario.pull)).toContain("Resolution ready, waiting for your word");
    await world.ask(scenario.pull, "ann", "/agent apply");
    expect(sticky(world, scenario.pull)).toContain("Conflicts resolved and pushed");
    const [first] = trees(scenario);
    expect(first).toEqual(expect.any(String));
    expect(trees(scenario)).toEqual([first, first, first]);
    expect(server.requests().length).toBe(asked);
  }, 120_000);
});

describe("a proposal that has changed on the same head", () => {
  /** The base moved between two runs, and the model has changed its mind. */
  async function changed(): Promise<{ scenario: Scenario; pressFirst: () => Promise<void> }> {
    answer = keepBoth;
    const scenario = await openConflict(world, choosing);
    await fix(scenario);
    const pressFirst = newestButton(scenario);
    await world.github.git(scenario.app).commit("main", { "more.txt": "1\n" });
    answer = contrary;
    await fix(scenario);
    expect(sticky(world, scenario.pull)).toContain("Resolution ready, waiting for your word");
    return { scenario, pressFirst };
  }

  it("is not pushed by the button of the first one's check run, and is by its own", async () => {
    const { scenario, pressFirst } = await changed();
    const pressSecond = newestButton(scenario);
    await pressFirst();
    expect(sticky(world, scenario.pull)).toContain("button belongs to an earlier proposal");
    expect(await headOf(scenario)).toBe(scenario.head);

    await pressSecond();
    expect(sticky(world, scenario.pull)).toContain("Conflicts resolved and pushed");
    const [first, second, ...applied] = trees(scenario);
    expect(first).not.toBe(second);
    expect(applied).toEqual([null, second]);
  }, 120_000);

  it("is not pushed by a comment that was written before, and is by a new one", async () => {
    const { scenario } = await changed();
    const { payload } = world.github.comment(scenario.pull, "ann", "/agent apply");
    const { comment } = payload as { comment: object };
    const before = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, "Z");
    const late = { ...payload, comment: { ...comment, created_at: before } };
    await world.carryOut("issue_comment", late, "comment/");
    expect(sticky(world, scenario.pull)).toContain("written before anybody could see the open proposal");
    expect(await headOf(scenario)).toBe(scenario.head);

    await world.ask(scenario.pull, "ann", "/agent apply");
    expect(sticky(world, scenario.pull)).toContain("Conflicts resolved and pushed");
  }, 120_000);
});

describe("while a model is silent", () => {
  it.each([
    [
      "a stop",
      "because ann asked for it",
      ({ pull }: Scenario) => world.ask(pull, "ann", "/agent stop").then(() => undefined),
    ],
    [
      "the end of the pull request",
      "because the pull request was closed",
      async ({ pull }: Scenario) => {
        await world.github.closePull(pull);
        await world.carryOut("pull_request", world.github.events.pull(pull, "closed"), "pull/");
      },
    ],
  ])(
    "%s ends the run, what was begun is counted, and nothing more is asked",
    async (_, words, stop) => {
      // Screened by now, in whatever order tests run.
      answer = keepBoth;
      await fix(await openConflict(world, choosing));
      const scenario = await openConflict(world, choosing);
      const silent = new Promise<void>((resolve) => {
        answer = () => {
          resolve();
          return { kind: "hang" };
        };
      });
      const asked = server.requests().length;
      await world.say(scenario.pull, "ann", "/agent fix-conflicts");
      await silent;
      await stop(scenario);

      const [ended] = endings(scenario);
      expect(ended).toMatchObject({ ending: "stopped", models: { tiers: [{ calls: 1 }], problems: 0 } });
      expect(sticky(world, scenario.pull)).toContain(words);
      expect(server.requests().length).toBe(asked + 1);
      expect(await headOf(scenario)).toBe(scenario.head);
    },
    60_000,
  );
});
